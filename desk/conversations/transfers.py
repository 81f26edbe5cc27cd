"""Transfers between agents and teams, and the notes that agents leave about a conversation."""

from typing import Protocol
from uuid import UUID, uuid5

from desk.conversations.mentions import mentioned
from desk.conversations.ownership import Ownership, by_agent, check_holder, moved_or_raise
from desk.model import Actor, Conversation, NotFound, Refused, Role, WrongState
from desk.people.permissions import Permission, require, role_may
from desk.runtime.sanitize import sanitize_text
from desk.store.dialogue import conversations, notes
from desk.store.people import agents
from desk.store.pool import Executor
from desk.store.replies import reminders
from desk.store.routing import offers

LONGEST_NOTE = 4_000
OFFER_SECONDS = 120
"""How long a colleague has to accept."""
_NO_TEAM = "There is no such team."
_NO_AGENT = "This agent is not active, or is not in any team that may answer this conversation."


class Transfers:
    """Built once by the console's composition root. The methods raise the same errors as those of Ownership."""

    def __init__(self, ownership: Ownership) -> None:
        self._ownership = ownership

    async def note(self, actor: Actor, conversation_id: UUID, text: str, client_id: str) -> None:
        """Add a note, which only agents read. The same `client_id` again adds nothing. Raises Refused for an
        empty or too long one."""
        kept = _checked(text)
        if not kept:
            raise Refused("empty_note", "The note is empty.")
        async with self._ownership.acting(actor, conversation_id, "note") as (transaction, before):
            await self._keep_note(transaction, actor, before, kept, client_id)

    async def to_team(
        self, actor: Actor, conversation_id: UUID, team: str, note: str, client_id: str
    ) -> Conversation:
        """-> queued for that team, at the place that the citizen's wait gives it there; the citizen is told.
        Raises NotFound for an unknown team."""
        kept = _checked(note)
        async with self._ownership.acting(actor, conversation_id, "transfer", team=team) as (
            transaction,
            before,
        ):
            check_holder(actor, before)
            if team not in {one.name for one in await self._ownership.handoffs.teams.read(transaction)}:
                raise NotFound(_NO_TEAM)
            moved = moved_or_raise(
                await conversations.transfer_to_team(
                    transaction, conversation_id, team, by_agent(actor, "transferred")
                ),
                before,
            )
            await self._keep_note(transaction, actor, before, kept, client_id)
            await self._ownership.handoffs.tell_place(transaction, moved)
            return moved

    async def to_agent(
        self, actor: Actor, conversation_id: UUID, agent_id: UUID, note: str, client_id: str
    ) -> Conversation:
        """Offer it to that agent. Until they accept, it stays with who has it, or in the queue at its place. Raises
        NotFound for an agent who may not answer it."""
        kept = _checked(note)
        async with self._ownership.acting(actor, conversation_id, "offer", to=str(agent_id)) as (
            transaction,
            before,
        ):
            check_holder(actor, before)
            await self._colleague(transaction, before, agent_id)
            if before.state not in ("queued", "assigned", "waiting_on_contact"):
                raise WrongState(
                    before.state, "Only a conversation that is assigned or queued can be offered."
                )
            await offers.add_offer(
                transaction, before.id, agent_id, "transfer", OFFER_SECONDS, actor.agent_id
            )
            await self._keep_note(transaction, actor, before, kept, client_id)
            return before

    async def assign(
        self, actor: Actor, conversation_id: UUID, agent_id: UUID, note: str, client_id: str
    ) -> Conversation:
        """-> assigned to that agent at once, whose turn it is; the citizen is told. A supervisor who names
        themselves takes it over. Raises NotAllowed for others, and NotFound for an agent who may not answer it."""
        require(actor, Permission.ASSIGN_CONVERSATIONS)
        kept = _checked(note)
        own = agent_id == actor.agent_id
        async with self._ownership.acting(actor, conversation_id, "assign", to=str(agent_id)) as (
            transaction,
            before,
        ):
            colleague = await self._colleague(transaction, before, agent_id)
            if before.state == "bot":
                moved = await conversations.assign(
                    transaction,
                    conversation_id,
                    agent_id,
                    by_agent(actor, "taken_over" if own else "assigned"),
                )
            else:
                moved = await conversations.transfer_to_agent(
                    transaction,
                    conversation_id,
                    agent_id,
                    by_agent(actor, "taken_over" if own else "assigned"),
                )
            moved = moved_or_raise(moved, before)
            await self._keep_note(transaction, actor, before, kept, client_id)
            await self._ownership.writer.system(transaction, moved, "agent_joined", {"agent": colleague.name})
            return moved

    async def leave(self, actor: Actor, conversation_id: UUID, to: UUID | None) -> None:
        """The actor goes off work: -> queued at its place, and offered to the colleague `to`, if they may answer it.
        Nothing happens if somebody else has it by now."""
        async with self._ownership.acting(actor, conversation_id, "leave") as (transaction, before):
            if before.agent_id != actor.agent_id or before.state not in ("assigned", "waiting_on_contact"):
                return
            moved = moved_or_raise(
                await conversations.release(transaction, conversation_id, by_agent(actor, "signed_out")),
                before,
            )
            able = [one.id for one in await agents.list_active(transaction) if may_answer(one, before)]
            if to in able:
                await offers.add_offer(transaction, moved.id, to, "transfer", OFFER_SECONDS, actor.agent_id)
            await self._ownership.handoffs.tell_place(transaction, moved)

    async def _colleague(
        self, transaction: Executor, conversation: Conversation, agent_id: UUID
    ) -> agents.Colleague:
        colleague = next((one for one in await agents.list_active(transaction) if one.id == agent_id), None)
        if colleague is None or not may_answer(colleague, conversation):
            raise NotFound(_NO_AGENT)
        return colleague

    async def _keep_note(
        self, transaction: Executor, actor: Actor, conversation: Conversation, text: str, client_id: str
    ) -> None:
        if text:
            note_id = uuid5(conversation.id, f"note:{client_id}")
            await notes.add_note(transaction, conversation.id, actor.agent_id, text, note_id)
            readers = [
                one
                for one in await agents.list_active(transaction)
                if one.id != actor.agent_id and may_answer(one, conversation)
            ]
            if named := mentioned(text, readers):
                await reminders.add_mentions(transaction, note_id, named)


class Able(Protocol):
    """An agent, as far as it matters here."""

    @property
    def role(self) -> Role: ...

    @property
    def teams(self) -> tuple[str, ...]: ...


def may_answer(colleague: Able, conversation: Conversation) -> bool:
    """Whether the colleague may see and answer this conversation: as permissions and scopes say."""
    if not role_may(colleague.role, Permission.ANSWER_CONVERSATIONS):
        return False
    everywhere = role_may(colleague.role, Permission.READ_ALL_CONVERSATIONS)
    return everywhere or conversation.team is None or conversation.team in colleague.teams


def _checked(text: str) -> str:
    kept = sanitize_text(text).strip()
    if len(kept) > LONGEST_NOTE:
        raise Refused(
            "note_too_long",
            f"A note can have at most {LONGEST_NOTE} characters. Shorten it. Nothing was saved.",
        )
    return kept
