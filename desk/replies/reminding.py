"""Putting a conversation aside, and reminders to oneself."""

from datetime import datetime, timedelta
from uuid import UUID, uuid5

from desk.conversations.ownership import Ownership
from desk.model import Actor, Clock, Refused, WrongState
from desk.runtime.sanitize import sanitize_text
from desk.store.replies import reminders, snoozes

LONGEST = timedelta(days=90)
LONGEST_TEXT = 300
_BAD_TIME = f"Choose a time within the next {LONGEST.days} days. Nothing was changed."


class Reminding:
    """Built once by the console's composition root. All methods raise as those of Ownership."""

    def __init__(self, ownership: Ownership, clock: Clock) -> None:
        self._ownership = ownership
        self._clock = clock

    async def snooze(self, actor: Actor, conversation_id: UUID, until: datetime | None) -> None:
        """Put one's own conversation aside until then, or (None) until the citizen writes; their message ends it in any
        case. Raises Refused for a time that has passed or is far away."""
        self._check(until)
        async with self._ownership.acting(actor, conversation_id, "snooze") as (transaction, before):
            if before.agent_id != actor.agent_id or before.state not in ("assigned", "waiting_on_contact"):
                raise WrongState(
                    before.state, "This conversation is not assigned to you, so you cannot set it aside."
                )
            await snoozes.set_snooze(transaction, conversation_id, actor.agent_id, until)

    async def wake(self, actor: Actor, conversation_id: UUID) -> None:
        """Take it up again before its time."""
        async with self._ownership.acting(actor, conversation_id, "unsnooze") as (transaction, _):
            await snoozes.delete_snooze(transaction, conversation_id)

    async def remind(
        self, actor: Actor, conversation_id: UUID, text: str, due_at: datetime, client_id: str
    ) -> None:
        """Remind the agent of this conversation at that time, whoever has it then."""
        self._check(due_at)
        kept = " ".join(sanitize_text(text).split())[:LONGEST_TEXT]
        id = uuid5(conversation_id, f"reminder:{actor.agent_id}:{client_id}")
        async with self._ownership.acting(actor, conversation_id, "remind") as (transaction, _):
            await reminders.add_reminder(transaction, id, actor.agent_id, conversation_id, kept, due_at)

    def _check(self, at: datetime | None) -> None:
        now = self._clock()
        if at is not None and not now < at <= now + LONGEST:
            raise Refused("bad_time", _BAD_TIME)
