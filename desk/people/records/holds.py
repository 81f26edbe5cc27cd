"""Legal holds: while one is in force, nothing of the contact can be deleted or redacted. The database enforces it."""

from uuid import UUID

from desk.model import Actor, Clock, NotFound, Refused
from desk.people import audit
from desk.people.access import access_conversation
from desk.people.permissions import Permission, require
from desk.runtime.sanitize import sanitize_text
from desk.store.people import contacts, records
from desk.store.pool import Store

LONGEST_REASON = 200


class LegalHolds:
    """Built once. Every method raises NotAllowed or AccessDenied, and leaves an audit line."""

    def __init__(self, store: Store, clock: Clock) -> None:
        self._store = store
        self._clock = clock

    async def place(self, actor: Actor, conversation_id: UUID, reason: str) -> None:
        """Hold the contact of this conversation. `reason` is a reference, such as the number of a case. Raises
        Refused."""
        require(actor, Permission.HOLD_RECORDS)
        kept = " ".join(sanitize_text(reason).split())
        if not 3 <= len(kept) <= LONGEST_REASON:
            raise Refused("no_reason", "Give the number of the case, or who asked for the hold.")
        async with self._store.transaction() as transaction:
            conversation = await access_conversation(transaction, actor, conversation_id)
            await contacts.lock(transaction, conversation.contact_id)
            now = self._clock()
            if not await records.add_hold(transaction, conversation.contact_id, kept, actor.agent_id, now):
                raise Refused("held", "The contact is already under a legal hold.")
            await audit.record(transaction, actor.agent_id, "hold", conversation_id, now)

    async def lift(self, actor: Actor, conversation_id: UUID) -> None:
        """The hold is over. Raises NotFound if there is none."""
        require(actor, Permission.HOLD_RECORDS)
        async with self._store.transaction() as transaction:
            conversation = await access_conversation(transaction, actor, conversation_id)
            now = self._clock()
            if not await records.mark_lifted(transaction, conversation.contact_id, actor.agent_id, now):
                raise NotFound("There is no legal hold on this contact.")
            await audit.record(transaction, actor.agent_id, "hold_lifted", conversation_id, now)
