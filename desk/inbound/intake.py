"""Commits whatever arrives before its receipt is acknowledged."""

from collections.abc import Sequence
from datetime import UTC, datetime
from uuid import UUID

from channels.base import Inbound
from desk.inbound.batch import Batch, BatchWriter, Received, announce, payload
from desk.inbound.contact_changes import apply_change
from desk.inbound.group_commit import GroupCommit
from desk.inbound.receipts import Receipts
from desk.model import Contact, Message, Refused
from desk.outbound.undelivered import Undelivered
from desk.runtime.live import Live
from desk.runtime.sanitize import sanitize_mapping, sanitize_text
from desk.store import media
from desk.store.inbound import events
from desk.store.people import contacts
from desk.store.pool import Executor, Store

_OF_CONTACTS = ("contact", "deletion", "staff")


class Intake:
    """Stores incoming events; committed when a method returns. The errors in `desk.store.pool.UNREACHABLE`
    mean 503."""

    def __init__(self, store: Store, live: Live, undelivered: Undelivered) -> None:
        self._store = store
        self._live = live
        self._receipts = Receipts(store, undelivered)
        self._group_commit = GroupCommit(BatchWriter(store, live).keep)

    async def receive(
        self, inbox: str, inbounds: Sequence[Inbound], *, trace_id: str | None = None
    ) -> list[Received]:
        """One webhook: contacts are made as needed, receipts move statuses forward, changes of a contact are
        recorded, deletions and staff's messages are queued behind what the contact wrote, `ignored` is skipped. A message that failed may hand its conversation to a person.

        Gives one Received for each message or button, in contact order. Raises nothing of its own. What citizens wrote
        is committed first, together with other webhooks of the same moment; if the rest fails, the provider sends the
        webhook again and the messages are known."""
        written = [one for one in inbounds if one.kind in ("message", "button")]
        received = await self._group_commit.do(Batch(inbox, written, trace_id)) if written else []
        changes = sorted((one for one in inbounds if one.kind in _OF_CONTACTS), key=lambda one: one.contact)
        receipts = sorted((one for one in inbounds if one.kind == "receipt"), key=_of_message)
        if not changes and not receipts:
            return received
        moved: list[Message | None] = []
        freed = False
        # Contacts, then messages, each in one order in every process: two webhooks at once cannot lock each other out.
        async with self._store.transaction() as transaction:
            for inbound in changes:
                if inbound.kind == "contact":
                    freed = await self._change(transaction, inbox, inbound, trace_id) or freed
                else:
                    await self._queue(transaction, inbox, inbound, trace_id)
            for inbound in receipts:
                if inbound.receipt and inbound.receipt[1] != "failed":
                    moved.append(await self._receipts.move(transaction, inbox, inbound))
        # Failures last: a delivered message has not failed, and unreachable contacts are known by now.
        for inbound in receipts:
            if inbound.receipt and inbound.receipt[1] == "failed":
                moved.append(await self._receipts.fail(inbox, inbound))
        for message in filter(None, moved):
            await self._live.tell(message.contact_id, message.conversation_id, "status")
        await announce(self._live, [], freed=freed)
        if any(one.kind != "contact" for one in changes):
            await self._live.wake_workers()
        return received

    async def _queue(self, transaction: Executor, inbox: str, inbound: Inbound, trace_id: str | None) -> None:
        """Store events of a contact's log that are not the contact's own messages; they do not open the reply window."""
        external_id, contact_id = sanitize_text(inbound.contact), None
        if inbound.kind == "staff" and inbound.phone:
            # The provider may give only the number of a contact whom we know by another id.
            contact_id = await contacts.get_id_by_phone(transaction, inbox, external_id, inbound.phone)
        contact_id = contact_id or await contacts.get_or_add(transaction, inbox, external_id, None, None)
        key, kept = sanitize_text(inbound.external_id), sanitize_mapping(payload(inbound))
        await events.add_event(transaction, inbox, key, contact_id, kept, trace_id)

    async def _change(
        self, transaction: Executor, inbox: str, inbound: Inbound, trace_id: str | None
    ) -> bool:
        """Record a change of a contact once; true if messages that waited may go now."""
        contact_id = await contacts.get_or_add(transaction, inbox, sanitize_text(inbound.contact), None, None)
        key, kept = sanitize_text(inbound.external_id), sanitize_mapping(payload(inbound))
        if not await events.add_event(transaction, inbox, key, contact_id, kept, trace_id, done=True):
            return False
        return await apply_change(transaction, inbox, contact_id, inbound, datetime.now(UTC))

    async def receive_from(
        self, contact: Contact, inbound: Inbound, *, trace_id: str | None = None
    ) -> Received:
        """Store one message from a known contact (web chat). `inbound.external_id` must be "<contact
        uuid>:<client_id>".

        Raises Refused if it is empty, or if it names media that is not this contact's."""
        given = inbound.button or inbound.location or inbound.media or inbound.chosen_language
        if not ((inbound.text or "").strip() or given):
            raise Refused("empty", "The message is empty. Write something and send it again.")
        # Uploads that are never sent expire. Touching stops that; the citizen must attach an expired one
        # again.
        wanted = set(_media_ids(inbound))
        if wanted and await media.mark_touched(self._store.pool, contact.id, list(wanted)) != len(wanted):
            raise Refused("unknown_media", "The photo is no longer there. Attach it again.")
        received = await _keep(self._store.pool, contact.inbox, contact.id, inbound, trace_id)
        if not received.new:
            await events.mark_repeated(self._store.pool, contact.inbox, sanitize_text(inbound.external_id))
        await announce(self._live, [received])
        return received


def _of_message(inbound: Inbound) -> str:
    return inbound.receipt[0] if inbound.receipt else ""


async def _keep(
    transaction: Executor, inbox: str, contact_id: UUID, inbound: Inbound, trace_id: str | None
) -> Received:
    new = await events.add_event(
        transaction,
        inbox,
        sanitize_text(inbound.external_id),
        contact_id,
        sanitize_mapping(payload(inbound)),
        trace_id,
    )
    return Received(contact_id, new)


def _media_ids(inbound: Inbound) -> list[UUID]:
    ids = []
    for one in inbound.media:
        try:
            ids.append(UUID(one.id))
        except ValueError:
            raise Refused("unknown_media", "The photo is no longer there. Attach it again.") from None
    return ids
