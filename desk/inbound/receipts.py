"""Processes delivery receipts. A failure that is reported later is treated like one that is reported at
once."""

from channels.base import Inbound
from desk.inbound.batch import payload
from desk.model import Message
from desk.outbound.undelivered import Undelivered
from desk.runtime.sanitize import sanitize_mapping, sanitize_text
from desk.store.dialogue import messages
from desk.store.inbound import events
from desk.store.outbound import outbox, reach, receipts
from desk.store.people import contacts
from desk.store.pool import Executor, Store


class Receipts:
    """Built once by the intake."""

    def __init__(self, store: Store, undelivered: Undelivered) -> None:
        self._store = store
        self._undelivered = undelivered

    async def move(self, transaction: Executor, inbox: str, inbound: Inbound) -> Message | None:
        """Advance the status, for any receipt but a failure. None if the message is not ours, or not known
        yet."""
        external_id, status = _told(inbound)
        message_id = await receipts.get_message_or_add(transaction, inbox, external_id, status)
        if message_id is None:
            return None
        await receipts.set_status(transaction, message_id, status)
        return await messages.get_by_id(transaction, message_id)

    async def fail(self, inbox: str, inbound: Inbound) -> Message | None:
        """The provider accepted the message and later gave up. As with an immediate refusal, an agent sees it
        and gets the conversation. A message that arrived after the reply window is put back into the outbox
        instead.

        Runs in its own transaction: a contact is locked before its rows, and several contacts in one fixed
        order."""
        external_id, status = _told(inbound)
        async with self._store.transaction() as transaction:
            if inbound.shut and (
                put_back := await self._put_back_if_window_closed(transaction, inbox, inbound, external_id)
            ):
                return put_back
            message_id = await receipts.get_message_or_add(transaction, inbox, external_id, status)
            message = await messages.get_by_id(transaction, message_id) if message_id else None
            if message is None:
                return None
            await contacts.lock(transaction, message.contact_id)
            await outbox.lock(transaction, message.id)
            known = await messages.get_by_id(transaction, message.id)
            now = await receipts.set_status(transaction, message.id, status)
            if known and known.status != "failed" and now == "failed":
                reason = sanitize_text(inbound.reason or "the provider could not deliver it")
                await outbox.mark_failed_later(transaction, message.id, reason)
                await self._undelivered.hand_over(transaction, message)
            return await messages.get_by_id(transaction, message.id)

    async def _put_back_if_window_closed(
        self, transaction: Executor, inbox: str, inbound: Inbound, external_id: str
    ) -> Message | None:
        """The provider accepted it and now says the window was over: it is sent as a template, or when they
        next write."""
        message_id = await receipts.get_addressed(transaction, inbox, external_id)
        message = await messages.get_by_id(transaction, message_id) if message_id else None
        if message is None or message.template or message.sent_as:
            # A template needs no reply window, so an agent has to see this refusal.
            return None
        await contacts.lock(transaction, message.contact_id)
        # Each attempt has its own id, so a repeated report requeues the message only once.
        key, kept = sanitize_text(inbound.external_id), sanitize_mapping(payload(inbound))
        if not await events.add_event(transaction, inbox, key, message.contact_id, kept, None, done=True):
            return message
        reason = sanitize_text(inbound.reason or "the reply window is over")
        if not await outbox.mark_window_closed(transaction, message.id, reason):
            return None
        await reach.mark_window_closed(transaction, message.contact_id, human=message.author == "agent")
        return await messages.get_by_id(transaction, message.id)


def _told(inbound: Inbound) -> tuple[str, receipts.Told]:
    assert inbound.receipt is not None
    external_id, status = inbound.receipt
    return sanitize_text(external_id), status
