"""The agent's own account: the password, the sessions, and the page script's signal that a person is active."""

from uuid import UUID

from sanic.response import HTTPResponse

from console.cookies import SESSION
from console.deps import ConsoleDeps
from console.guard import Visit, counts_of, go_to, success
from console.notices import NOTICES
from console.rendering import Pages
from desk.model import NotFound
from desk.people import audit
from desk.people.attempts import TooManyAttempts
from desk.people.own_password import OwnPassword, WrongPassword
from desk.people.password_rules import SHORTEST, PasswordRefused
from desk.people.passwords import LONGEST
from desk.people.sessions import end_other_sessions, sessions_of
from desk.store.people import push_devices, sessions
from forms.cookies import Cookies


class AccountPages:
    """GET /console/account, POST /console/account/password, POST /console/account/sessions/<id>/end and …/end-others,
    POST /console/active."""

    def __init__(self, deps: ConsoleDeps, pages: Pages, cookies: Cookies, password: OwnPassword) -> None:
        self._deps = deps
        self._pages = pages
        self._cookies = cookies
        self._own_password = password

    async def show(self, visit: Visit) -> HTTPResponse:
        """Show the form."""
        return await self._render(visit, notice=NOTICES.get(visit.request.args.get("notice", "")))

    async def change_password(self, visit: Visit) -> HTTPResponse:
        """Change the password; the agent stays signed in in this browser only."""
        new = visit.field("new")
        if new != visit.field("again"):
            return await self._render(
                visit, status=422, alert="The two new passwords differ. Nothing was changed."
            )
        token = self._cookies.read(visit.request, SESSION) or ""
        try:
            await self._own_password.change(
                visit.actor, visit.session.email, visit.field("current"), new, token
            )
        except TooManyAttempts as error:
            response = await self._render(visit, status=429, alert=str(error))
            response.headers["retry-after"] = str(int(error.retry_after.total_seconds()) + 1)
            return response
        except (WrongPassword, PasswordRefused) as error:
            return await self._render(visit, status=422, alert=str(error))
        return go_to("/console/account?notice=password-changed")

    async def end_session(self, visit: Visit, session_id: UUID) -> HTTPResponse:
        """Sign one of one's own browsers out."""
        async with self._deps.store.transaction() as transaction:
            if not await sessions.delete_by_id(transaction, visit.actor.agent_id, session_id):
                raise NotFound("This session is over already.")
            await audit.record(transaction, visit.actor.agent_id, "session_ended", None, visit.now)
        return go_to("/console/account?notice=session-ended")

    async def end_others(self, visit: Visit) -> HTTPResponse:
        """Sign all of one's own browsers out but this one."""
        async with self._deps.store.transaction() as transaction:
            token = self._cookies.read(visit.request, SESSION) or ""
            await end_other_sessions(transaction, visit.actor.agent_id, token)
            await audit.record(transaction, visit.actor.agent_id, "session_ended", None, visit.now)
        return go_to("/console/account?notice=session-ended")

    async def active(self, visit: Visit) -> HTTPResponse:
        """The page's script saw user input: the guard has restarted the idle limit."""
        return success(idle_seconds=self._pages.idle_seconds)

    async def _render(
        self, visit: Visit, *, status: int = 200, notice: str | None = None, alert: str | None = None
    ) -> HTTPResponse:
        return self._pages.page(
            "account.html",
            session=visit.session,
            **await counts_of(self._deps.store.pool, visit),
            status=status,
            notice=notice,
            alert=alert,
            shortest=SHORTEST,
            longest=LONGEST,
            sessions=await sessions_of(self._deps.store, visit.actor.agent_id, visit.now, self._deps.idle),
            devices=await push_devices.list_of_agent(self._deps.store.pool, visit.actor.agent_id),
            push_key=self._deps.push.keys.public,
            federated=visit.session.method == "provider",
        )
