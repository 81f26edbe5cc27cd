"""The agent's own account: changing the password, and the page script's signal that a person is active."""

from sanic.response import HTTPResponse

from console import words
from console.cookies import SESSION
from console.deps import ConsoleDeps
from console.guard import Visit, go_to, success
from console.rendering import Pages
from desk.people.attempts import TooManyAttempts
from desk.people.own_password import OwnPassword, WrongPassword
from desk.people.password_rules import SHORTEST, PasswordRefused
from desk.people.passwords import LONGEST
from forms.cookies import Cookies


class AccountPages:
    """GET /console/account, POST /console/account/password, POST /console/active."""

    def __init__(self, deps: ConsoleDeps, pages: Pages, cookies: Cookies) -> None:
        self._pages = pages
        self._cookies = cookies
        self._own_password = OwnPassword(deps.store, deps.passwords, deps.clock, deps.city.name)

    async def show(self, visit: Visit) -> HTTPResponse:
        """Show the form."""
        return self._render(visit, notice=words.NOTICES.get(visit.request.args.get("notice", "")))

    async def change_password(self, visit: Visit) -> HTTPResponse:
        """Change the password; the agent stays signed in in this browser only."""
        new = visit.field("new")
        if new != visit.field("again"):
            return self._render(visit, status=422, alert="The two new passwords differ. Nothing was changed.")
        token = self._cookies.read(visit.request, SESSION) or ""
        try:
            await self._own_password.change(
                visit.actor, visit.session.email, visit.field("current"), new, token
            )
        except TooManyAttempts as error:
            response = self._render(visit, status=429, alert=str(error))
            response.headers["retry-after"] = str(int(error.retry_after.total_seconds()) + 1)
            return response
        except (WrongPassword, PasswordRefused) as error:
            return self._render(visit, status=422, alert=str(error))
        return go_to("/console/account?notice=password-changed")

    async def active(self, visit: Visit) -> HTTPResponse:
        """The page's script saw user input: the guard has restarted the idle limit."""
        return success(idle_seconds=self._pages.idle_seconds)

    def _render(
        self, visit: Visit, *, status: int = 200, notice: str | None = None, alert: str | None = None
    ) -> HTTPResponse:
        return self._pages.page(
            "account.html",
            session=visit.session,
            status=status,
            notice=notice,
            alert=alert,
            shortest=SHORTEST,
            longest=LONGEST,
        )
