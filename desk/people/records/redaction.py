"""Permanently removes words from a conversation: a third person's data, a court order. The original is lost.

While a legal hold is in force nothing is removed: it would change the evidence.
"""

from uuid import UUID

from desk.model import Actor, Clock, Refused
from desk.people import audit
from desk.people.access import access_conversation
from desk.people.permissions import Permission, require
from desk.store.people import contacts, records
from desk.store.pool import Store

MARK = "[removed]"
REASONS = ("third_person", "sensitive", "court_order", "unlawful", "sent_by_mistake")
SHORTEST, LONGEST = 2, 4_000


class Redactions:
    """Built once."""

    def __init__(self, store: Store, clock: Clock) -> None:
        self._store = store
        self._clock = clock

    async def redact(self, actor: Actor, conversation_id: UUID, words: str, reason: str) -> int:
        """Take these words out wherever they stand in the conversation: messages, notes, whispers, drafts, reminders, comments.
        How many of these had them. Raises NotAllowed,
        AccessDenied, or Refused."""
        require(actor, Permission.REDACT_MESSAGES)
        words = words.strip()
        if not SHORTEST <= len(words) <= LONGEST or words in MARK:
            raise Refused("no_words", "Give at least two characters, exactly as they appear in the message.")
        if reason not in REASONS:
            raise Refused("no_reason", "Choose a reason. Nothing was removed.")
        async with self._store.transaction() as transaction:
            conversation = await access_conversation(transaction, actor, conversation_id)
            await contacts.lock(transaction, conversation.contact_id)
            if await records.get_hold(transaction, conversation.contact_id):
                raise Refused(
                    "held", "The contact is under a legal hold, so nothing was removed. Lift the hold first."
                )
            now = self._clock()
            found = await records.redact(
                transaction, conversation_id, words, MARK, reason, actor.agent_id, now
            )
            if not found.messages and not found.others:
                raise Refused("not_found", "These words do not appear in this conversation.")
            await audit.record(
                transaction,
                actor.agent_id,
                "redact",
                conversation_id,
                now,
                reason=reason,
                messages=str(found.messages),
                others=str(found.others),
            )
        return found.messages + found.others
