"""An agent's actions on a conversation. Plain forms: POST, then a redirect, so that a reload repeats
nothing. An agent who gives up a conversation is shown their next unanswered one. Ownership writes the audit line of each action in the action's own transaction.
"""

from collections.abc import Awaitable, Callable
from uuid import UUID, uuid4

from sanic.response import HTTPResponse

from city.model import SOLVED
from console.conversations.page import ConversationPages
from console.deps import ConsoleDeps
from console.guard import Visit, as_page_error, failure, go_to, success
from desk.conversations.transfers import Transfers
from desk.model import Actor, AlreadyClaimed, Conversation, NotFound, WrongState
from desk.people import audit
from desk.people.access import access_conversation
from desk.store.dialogue import desk_rows

Act = Callable[[Actor, UUID], Awaitable[Conversation]]


class Actions:
    """POST /console/conversations/<id>/claim, hand-back, release, transfer, resolve, undo-resolve, reopen, note."""

    def __init__(self, deps: ConsoleDeps, pages: ConversationPages) -> None:
        self._deps = deps
        self._pages = pages
        self._transfers = Transfers(deps.ownership)

    async def claim(self, visit: Visit, conversation_id: UUID) -> HTTPResponse:
        """Claim it. The database decides who was first."""
        return await self.act(visit, conversation_id, "claim", self._deps.ownership.claim, None)

    async def hand_back(self, visit: Visit, conversation_id: UUID) -> HTTPResponse:
        """Return it to the bot."""
        return await self.act(
            visit, conversation_id, "hand_back", self._deps.ownership.hand_back, "handed-back"
        )

    async def release(self, visit: Visit, conversation_id: UUID) -> HTTPResponse:
        """Put it back into the queue for another agent."""
        return await self.act(visit, conversation_id, "release", self._deps.ownership.release, "released")

    async def resolve(self, visit: Visit, conversation_id: UUID) -> HTTPResponse:
        """Mark it as done, for the reason that was chosen. The next page offers to take it back."""
        reason = visit.field("reason") or SOLVED

        async def act(actor: Actor, id: UUID) -> Conversation:
            return await self._deps.ownership.resolve(actor, id, reason)

        return await self.act(visit, conversation_id, "resolve", act, "resolved")

    async def undo_resolve(self, visit: Visit, conversation_id: UUID) -> HTTPResponse:
        """Take a resolve back before the citizen hears of it."""
        return await self.act(visit, conversation_id, "undo_resolve", self._deps.ownership.undo_resolve, None)

    async def reopen(self, visit: Visit, conversation_id: UUID) -> HTTPResponse:
        """Reopen it, as it was not done."""
        return await self.act(visit, conversation_id, "reopen", self._deps.ownership.reopen, "reopened")

    async def note(self, visit: Visit, conversation_id: UUID) -> HTTPResponse:
        """Add a note for colleagues."""
        await access_conversation(self._deps.store.pool, visit.actor, conversation_id)
        await self._transfers.note(
            visit.actor, conversation_id, visit.field("text"), visit.field("client_id")[:64] or str(uuid4())
        )
        return go_to(f"/console/conversations/{conversation_id}?notice=noted#latest")

    async def transfer(self, visit: Visit, conversation_id: UUID) -> HTTPResponse:
        """To a team or an agent, named by `to`: "team:<name>", "agent:<id>" (who is asked), or "assign:<id>"."""
        kind, _, name = visit.field("to").partition(":")
        note, client_id = visit.field("note"), visit.field("client_id")[:64] or str(uuid4())

        async def act(actor: Actor, id: UUID) -> Conversation:
            if kind == "team":
                return await self._transfers.to_team(actor, id, name, note, client_id)
            try:
                chosen = UUID(name)
            except ValueError:
                raise NotFound("Choose a team or an agent.") from None
            give = self._transfers.assign if kind == "assign" else self._transfers.to_agent
            return await give(actor, id, chosen, note, client_id)

        notice = "offered" if kind == "agent" else "transferred"
        return await self.act(visit, conversation_id, "transfer", act, notice, stays=kind == "agent")

    async def act(
        self,
        visit: Visit,
        conversation_id: UUID,
        action: str,
        act: Act,
        notice: str | None,
        *,
        stays: bool = False,
    ) -> HTTPResponse:
        """Do it, and show what is next; with `stays`, or without a notice, the same conversation."""
        conversation = await access_conversation(self._deps.store.pool, visit.actor, conversation_id)
        try:
            await act(visit.actor, conversation_id)
        except (AlreadyClaimed, WrongState) as error:
            if isinstance(error, AlreadyClaimed):
                # The losing transaction was rolled back, including its audit line.
                await audit.record(
                    self._deps.store.pool, visit.actor.agent_id, "claim_lost", conversation_id, visit.now
                )
            problem = as_page_error(error)
            if visit.scripted:
                return failure(problem)
            now = await self._pages.again(visit, conversation)
            return await self._pages.render(visit, now, status=problem.status, alert=problem.sentence)
        place = await self.place_after(visit, conversation_id, notice, stays=stays)
        return success(done=action, go=place) if visit.scripted else go_to(place)

    async def place_after(
        self, visit: Visit, conversation_id: UUID, notice: str | None, *, stays: bool = False
    ) -> str:
        """The same conversation, or the agent's next one after letting go of it."""
        if notice is None or stays:
            query = f"?notice={notice}" if notice else ""
            return f"/console/conversations/{conversation_id}{query}#latest"
        following = await desk_rows.get_next_of_mine(
            self._deps.store.pool, visit.actor.agent_id, conversation_id
        )
        place = f"/console/conversations/{following}" if following else "/console/"
        undo = f"&undo={conversation_id}" if notice == "resolved" else ""
        return f"{place}?notice={notice}{undo}"
