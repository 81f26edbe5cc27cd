"""Transfers between agents and teams, and the notes that agents leave about a conversation."""

from uuid import UUID, uuid5

from city import City
from desk.conversations.ownership import Ownership, by_agent, check_holder, moved_or_raise
from desk.model import Actor, Conversation, NotFound, Refused
from desk.people.permissions import Permission, role_may
from desk.runtime.sanitize import sanitize_text
from desk.store.dialogue import conversations, notes
from desk.store.people import agents

LONGEST_NOTE = 4_000
_NO_TEAM = "There is no such team."
_NO_AGENT = "This agent is not active, or is in none of the teams that may answer this conversation."


class Transfers:
    """Built once by the console's composition root. The methods raise the same errors as those of Ownership."""

    def __init__(self, ownership: Ownership, city: City) -> None:
        self._ownership = ownership
        self._city = city

    async def note(self, actor: Actor, conversation_id: UUID, text: str, client_id: str) -> None:
        """Add a note, which only agents read. The same `client_id` again adds nothing. Raises Refused for an
        empty or too long one."""
        kept = _checked(text)
        if not kept:
            raise Refused("empty_note", "There is nothing in the note yet.")
        async with self._ownership.acting(actor, conversation_id, "note") as (transaction, before):
            await notes.add_note(
                transaction, before.id, actor.agent_id, kept, uuid5(conversation_id, f"note:{client_id}")
            )

    async def to_team(
        self, actor: Actor, conversation_id: UUID, team: str, note: str, client_id: str
    ) -> Conversation:
        """-> queued for that team, at the place that the citizen's wait gives it there; the citizen is told.
        Raises NotFound for an unknown team."""
        if self._city.team(team) is None:
            raise NotFound(_NO_TEAM)
        kept = _checked(note)
        async with self._ownership.acting(actor, conversation_id, "transfer", team=team) as (
            transaction,
            before,
        ):
            check_holder(actor, before)
            moved = moved_or_raise(
                await conversations.transfer_to_team(
                    transaction, conversation_id, team, by_agent(actor, "transferred")
                ),
                before,
            )
            if kept:
                await notes.add_note(
                    transaction, before.id, actor.agent_id, kept, uuid5(conversation_id, f"note:{client_id}")
                )
            await self._ownership.handoffs.tell_place(transaction, moved)
            return moved

    async def to_agent(
        self, actor: Actor, conversation_id: UUID, agent_id: UUID, note: str, client_id: str
    ) -> Conversation:
        """-> assigned to that agent, whose turn it is; the citizen is told. Raises NotFound for an agent who may
        not answer it."""
        kept = _checked(note)
        async with self._ownership.acting(actor, conversation_id, "transfer", to=str(agent_id)) as (
            transaction,
            before,
        ):
            check_holder(actor, before)
            colleague = next(
                (one for one in await agents.list_active(transaction) if one.id == agent_id), None
            )
            if colleague is None or not may_answer(colleague, before):
                raise NotFound(_NO_AGENT)
            moved = moved_or_raise(
                await conversations.transfer_to_agent(
                    transaction, conversation_id, agent_id, by_agent(actor, "transferred")
                ),
                before,
            )
            if kept:
                await notes.add_note(
                    transaction, before.id, actor.agent_id, kept, uuid5(conversation_id, f"note:{client_id}")
                )
            await self._ownership.writer.system(transaction, moved, "agent_joined", {"agent": colleague.name})
            return moved


def may_answer(colleague: agents.Colleague, conversation: Conversation) -> bool:
    """Whether the colleague may see and answer this conversation: as permissions and scopes say."""
    if not role_may(colleague.role, Permission.ANSWER_CONVERSATIONS):
        return False
    everywhere = role_may(colleague.role, Permission.READ_ALL_CONVERSATIONS)
    return everywhere or conversation.team is None or conversation.team in colleague.teams


def _checked(text: str) -> str:
    kept = sanitize_text(text).strip()
    if len(kept) > LONGEST_NOTE:
        raise Refused(
            "note_too_long", f"A note may have {LONGEST_NOTE} characters. Nothing was kept: shorten it."
        )
    return kept
