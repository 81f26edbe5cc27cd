"""Others' accounts, for administrators: role and teams, sessions, lost second factors, deactivation."""

from collections.abc import Coroutine
from typing import Any
from uuid import UUID

from sanic.response import HTTPResponse

from console import words
from console.deps import ConsoleDeps
from console.guard import Visit, go_to
from console.rendering import Pages
from desk.people.accounts import AccountRefused, Accounts
from desk.people.permissions import PERMISSIONS


class AccountsPages:
    """GET /console/accounts and /console/accounts/<id>; POST …/role, …/end-sessions, …/reset-factors, …/deactivate and
    …/activate."""

    def __init__(self, deps: ConsoleDeps, pages: Pages) -> None:
        self._deps = deps
        self._pages = pages
        self._accounts = Accounts(deps.store, deps.clock, deps.idle)

    async def list(self, visit: Visit) -> HTTPResponse:
        """Everybody."""
        return self._pages.page(
            "accounts.html", session=visit.session, accounts=await self._accounts.list(visit.actor)
        )

    async def show(self, visit: Visit, agent_id: UUID) -> HTTPResponse:
        """One account."""
        notice = words.NOTICES.get(visit.request.args.get("notice", ""))
        return await self._render(visit, agent_id, notice=notice)

    async def set_role(self, visit: Visit, agent_id: UUID) -> HTTPResponse:
        """Change role and teams."""
        try:
            await self._accounts.set_place(
                visit.actor,
                agent_id,
                visit.field("role"),
                [team.name for team in self._deps.teams.known if visit.field(f"team-{team.name}")],
                bool(visit.field("only_own_teams")),
            )
        except AccountRefused as error:
            return await self._render(visit, agent_id, status=422, alert=str(error))
        return go_to(f"/console/accounts/{agent_id}?notice=account-changed")

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
            return await self._render(visit, agent_id, status=422, alert=str(error))
        return go_to(f"/console/accounts/{agent_id}?notice=account-changed")

    async def _render(
        self,
        visit: Visit,
        agent_id: UUID,
        *,
        status: int = 200,
        notice: str | None = None,
        alert: str | None = None,
    ) -> HTTPResponse:
        account, sessions = await self._accounts.get(visit.actor, agent_id)
        return self._pages.page(
            "account_of.html",
            session=visit.session,
            status=status,
            notice=notice,
            alert=alert,
            account=account,
            sessions=sessions,
            roles=list(PERMISSIONS),
            teams=self._deps.teams.known,
            own=agent_id == visit.actor.agent_id,
        )
