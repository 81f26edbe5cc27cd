"""An agent's actions against abuse: a warning, or ending the conversation with a temporary block.

A blocked contact still gets the bot's answers, and anybody in danger still reaches a person; no agent otherwise
answers them until the block ends (`Handoffs.limit_reached`)."""

from datetime import timedelta
from uuid import UUID

from desk.conversations.ownership import Ownership, by_agent, check_holder, moved_or_raise
from desk.model import Actor, Clock, Refused, WrongState
from desk.people.permissions import Permission, require
from desk.store.dialogue import conversations
from desk.store.people import contacts

HOURS = (1, 24, 168)
"""How long a block may last."""


class Abuse:
    """Built once by the console's composition root. All methods raise as those of Ownership."""

    def __init__(self, ownership: Ownership, clock: Clock) -> None:
        self._ownership = ownership
        self._clock = clock

    async def warn(self, actor: Actor, conversation_id: UUID) -> None:
        """Warn the citizen that the conversation will end if they continue like this."""
        async with self._ownership.acting(actor, conversation_id, "warn") as (transaction, before):
            check_holder(actor, before)
            if before.state not in ("assigned", "waiting_on_contact"):
                raise WrongState(before.state, "Claim the conversation before you warn somebody.")
            await self._ownership.writer.system(transaction, before, "abuse_warning")

    async def block(self, actor: Actor, conversation_id: UUID, hours: int) -> None:
        """Resolve the conversation, tell the citizen until when nobody answers, and keep them from the queue so long.
        Raises Refused for a time that is not in HOURS."""
        if hours not in HOURS:
            raise Refused("bad_time", "Choose how long. Nothing was changed.")
        async with self._ownership.acting(actor, conversation_id, "block", hours=str(hours)) as (
            transaction,
            before,
        ):
            check_holder(actor, before)
            until = self._clock() + timedelta(hours=hours)
            moved = moved_or_raise(
                await conversations.resolve(transaction, conversation_id, by_agent(actor, "resolved")), before
            )
            await contacts.set_blocked(transaction, before.contact_id, until)
            await self._ownership.writer.system(transaction, moved, "abuse_blocked", {"until": until})

    async def unblock(self, actor: Actor, conversation_id: UUID) -> None:
        """End a block before its time. Raises NotAllowed for who may not."""
        require(actor, Permission.UNBLOCK_CONTACTS)
        async with self._ownership.acting(actor, conversation_id, "unblock") as (transaction, before):
            await contacts.set_blocked(transaction, before.contact_id, None)
