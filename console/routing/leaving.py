"""Signing out with open conversations: the page asks what to do with them."""

from uuid import UUID

from sanic.response import HTTPResponse

from console.deps import ConsoleDeps
from console.guard import Visit, counts_of, go_to
from console.rendering import Pages
from console.sign_in.pages import SignInPages
from desk.conversations.transfers import Transfers
from desk.people.permissions import Permission, may
from desk.routing.capacity import measure_of, slow_inboxes
from desk.store.dialogue import desk_rows
from desk.store.dialogue.desk_rows import DeskRow
from desk.store.routing import presence


class LeavingPages:
    """GET and POST /console/sign-out."""

    def __init__(self, deps: ConsoleDeps, pages: Pages, sign_in: SignInPages) -> None:
        self._deps = deps
        self._pages = pages
        self._sign_in = sign_in
        self._transfers = Transfers(deps.ownership)
        self._measure = measure_of(deps.city)
        self._slow = frozenset(slow_inboxes(deps.city))

    async def show(self, visit: Visit) -> HTTPResponse:
        """Ask what to do with the conversations."""
        return await self._ask(visit, await self._mine(visit))

    async def leave(self, visit: Visit) -> HTTPResponse:
        """Sign out. Agents with conversations that wait for an answer are asked first what to do with them; mails, and those
        that wait for the citizen, stay, unless the agent says otherwise."""
        choice, mine = visit.field("choice"), await self._mine(visit)
        unanswered = self._unanswered(mine)
        if unanswered and choice not in ("return", "give"):
            return go_to("/console/sign-out")
        to = _id(visit.field("to")) if choice == "give" else None
        if unanswered and choice == "give" and to is None:
            return await self._ask(visit, mine, alert="Choose a colleague. You are still signed in.")
        leaves = mine if choice and visit.field("keep") != "1" else unanswered
        for one in leaves:
            await self._transfers.leave(visit.actor, one.id, to)
        return await self._sign_in.sign_out(visit)

    def _unanswered(self, mine: list[DeskRow]) -> list[DeskRow]:
        """What cannot wait until the agent is back."""
        return [one for one in mine if one.state == "assigned" and one.inbox not in self._slow]

    async def _mine(self, visit: Visit) -> list[DeskRow]:
        if not may(visit.actor, Permission.READ_CONVERSATIONS):
            return []
        return await desk_rows.list_mine(self._deps.store.pool, visit.scope, [], limit=1_000)

    async def _ask(self, visit: Visit, mine: list[DeskRow], *, alert: str | None = None) -> HTTPResponse:
        colleagues = await presence.list_presences(self._deps.store.pool, self._measure)
        return self._pages.page(
            "sign_out.html",
            session=visit.session,
            **await counts_of(self._deps.store.pool, visit),
            status=422 if alert else 200,
            alert=alert,
            unanswered=len(self._unanswered(mine)),
            kept=len(mine) - len(self._unanswered(mine)),
            colleagues=[
                one for one in colleagues if one.agent_id != visit.actor.agent_id and one.state != "offline"
            ],
        )


def _id(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None
