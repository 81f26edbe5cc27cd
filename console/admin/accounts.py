"""Agents' accounts, for administrators: new accounts, roles and capacity, sessions, lost passwords and factors."""

from collections.abc import Coroutine
from typing import Any
from uuid import UUID

from sanic.response import HTTPResponse

from console.admin.agent_form import read_settings, values_of
from console.deps import ConsoleDeps
from console.guard import Visit, go_to
from console.notices import NOTICES
from console.rendering import Pages
from desk.model import DeskError
from desk.people.permissions import PERMISSIONS
from desk.setup.accounts import AccountRefused, Accounts
from desk.setup.agents import AgentSettings
from desk.setup.changes import ChangedMeanwhile, SettingRefused
from desk.setup.password_links import PasswordLinks
from desk.store.people.agents import Account

PATH = "/console/admin/agents"
LINK = "/console/sign-in/new-password?link="


class AccountsPages:
    """GET /console/admin/agents, …/new and …/<id>; POST …, …/<id>, …/<id>/new-link, …/<id>/end-sessions,
    …/<id>/reset-factors, …/<id>/deactivate and …/<id>/activate."""

    def __init__(self, deps: ConsoleDeps, pages: Pages, links: PasswordLinks) -> None:
        self._deps = deps
        self._pages = pages
        self._accounts = Accounts(deps.store, deps.clock, deps.idle)
        self._settings = AgentSettings(deps.store, deps.teams, links, deps.clock, deps.city)

    async def list(self, visit: Visit) -> HTTPResponse:
        """Everybody."""
        return self._pages.page(
            "accounts.html", session=visit.session, accounts=await self._accounts.list(visit.actor)
        )

    async def new(self, visit: Visit) -> HTTPResponse:
        """An empty form."""
        await self._accounts.list(visit.actor)  # raises NotAllowed
        return self._form(visit, None, {"role": "agent", "capacity": "5"})

    async def show(self, visit: Visit, agent_id: UUID) -> HTTPResponse:
        """One account."""
        notice = NOTICES.get(visit.request.args.get("notice", ""))
        return await self._render(visit, agent_id, notice=notice)

    async def add(self, visit: Visit) -> HTTPResponse:
        """A new account. Its link is shown on this page and never again."""
        given, values = read_settings(visit.field, self._teams(None), self._languages(None))
        try:
            agent_id, token = await self._settings.add(visit.actor, given)
        except SettingRefused as refused:
            return self._form(visit, None, values, error=refused)
        return await self._render(visit, agent_id, link=token)

    async def change(self, visit: Visit, agent_id: UUID) -> HTTPResponse:
        """Save the form. What was written stands in the form again if it cannot be saved."""
        account, _ = await self._accounts.get(visit.actor, agent_id)
        given, values = read_settings(visit.field, self._teams(account), self._languages(account))
        version = visit.field("version")
        base = int(version) if version.isascii() and version.isdigit() and len(version) < 9 else 0
        try:
            await self._settings.change(visit.actor, agent_id, given, base)
        except (SettingRefused, AccountRefused) as refused:
            return await self._render(visit, agent_id, values=values, error=refused, version=version)
        except ChangedMeanwhile as changed:
            return await self._render(visit, agent_id, values=values, error=changed)
        return go_to(f"{PATH}/{agent_id}?notice=account-changed")

    async def new_link(self, visit: Visit, agent_id: UUID) -> HTTPResponse:
        """A new link to set the password; the old password and all sessions are over."""
        try:
            token = await self._settings.new_link(visit.actor, agent_id)
        except AccountRefused as refused:
            return await self._render(visit, agent_id, error=refused)
        return await self._render(visit, agent_id, link=token)

    async def end_sessions(self, visit: Visit, agent_id: UUID) -> HTTPResponse:
        """Sign them out everywhere."""
        return await self._do(visit, agent_id, self._accounts.end_sessions(visit.actor, agent_id))

    async def reset_factors(self, visit: Visit, agent_id: UUID) -> HTTPResponse:
        """Forget their second factors."""
        return await self._do(visit, agent_id, self._accounts.reset_factors(visit.actor, agent_id))

    async def deactivate(self, visit: Visit, agent_id: UUID) -> HTTPResponse:
        """No longer let them in."""
        return await self._do(visit, agent_id, self._accounts.set_active(visit.actor, agent_id, False))

    async def activate(self, visit: Visit, agent_id: UUID) -> HTTPResponse:
        """Let them in again."""
        return await self._do(visit, agent_id, self._accounts.set_active(visit.actor, agent_id, True))

    async def _do(self, visit: Visit, agent_id: UUID, act: Coroutine[Any, Any, None]) -> HTTPResponse:
        try:
            await act
        except AccountRefused as error:
            return await self._render(visit, agent_id, error=error)
        return go_to(f"{PATH}/{agent_id}?notice=account-changed")

    async def _render(
        self,
        visit: Visit,
        agent_id: UUID,
        *,
        values: dict[str, str] | None = None,
        error: DeskError | None = None,
        version: str | None = None,
        link: str | None = None,
        notice: str | None = None,
    ) -> HTTPResponse:
        account, sessions = await self._accounts.get(visit.actor, agent_id)
        return self._form(
            visit,
            account,
            values if values is not None else values_of(account),
            error=error,
            version=version,
            link=link,
            notice=notice,
            sessions=sessions,
        )

    def _form(
        self,
        visit: Visit,
        account: Account | None,
        values: dict[str, str],
        *,
        error: DeskError | None = None,
        version: str | None = None,
        link: str | None = None,
        notice: str | None = None,
        sessions: object = (),
    ) -> HTTPResponse:
        changed = error.changes if isinstance(error, ChangedMeanwhile) else ()
        now = values_of(account) if account else {}
        return self._pages.page(
            "account_of.html",
            session=visit.session,
            status=200 if error is None else 409 if isinstance(error, ChangedMeanwhile) else 422,
            notice=notice,
            alert=str(error) if error else None,
            account=account,
            version=version or (account.version if account else ""),
            values=values,
            problems=error.problems if isinstance(error, SettingRefused) else {},
            changes=[(one, field, now.get(field, "")) for one in changed for field in one.fields],
            link=f"{self._deps.public_url}{LINK}{link}" if link else None,
            sessions=sessions,
            roles=list(PERMISSIONS),
            teams=self._teams(account),
            titles={team.name: team.title for team in self._deps.teams.known},
            languages=self._languages(account),
            own=account is not None and account.id == visit.actor.agent_id,
        )

    def _teams(self, account: Account | None) -> tuple[str, ...]:
        """The choices; a retired team stays one for those who belong to it."""
        return tuple(
            dict.fromkeys([*(t.name for t in self._deps.teams.known), *(account.teams if account else ())])
        )

    def _languages(self, account: Account | None) -> tuple[str, ...]:
        return tuple(dict.fromkeys([*self._deps.city.languages, *(account.languages if account else ())]))
