"""Commits whatever arrives before its receipt is acknowledged."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import groupby
from uuid import UUID

from channels.base import Inbound
from desk.inbound.batch import Batch, BatchWriter, Received, announce, last, payload
from desk.inbound.contact_changes import apply_change
from desk.inbound.group_commit import GroupCommit
from desk.inbound.receipts import Receipts
from desk.model import Contact, Message, Refused
from desk.outbound.undelivered import Undelivered
from desk.runtime.live import Live
from desk.runtime.sanitize import sanitize_mapping, sanitize_text
from desk.store import media
from desk.store.inbound import events
from desk.store.outbound import reach
from desk.store.people import contacts
from desk.store.pool import Executor, Store


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
        """Store one webhook: contacts are created as needed, receipts advance statuses, changes of a contact
        are stored, and `ignored` is skipped. A failed delivery may hand its conversation off to a person.

        Returns one Received for each message or button, in contact order. Raises no errors of its own. What
        citizens wrote is committed together with other webhooks that arrive at the same time."""
        if all(one.kind in ("message", "button", "ignored") for one in inbounds):
            told = [one for one in inbounds if one.kind != "ignored"]
            return await self._group_commit.do(Batch(inbox, told, trace_id)) if told else []
        received: list[Received] = []
        moved: list[Message | None] = []
        # Contacts first, then messages, in the same order in every process: concurrent webhooks cannot
        # deadlock.
        ordered = sorted(inbounds, key=lambda one: one.contact)
        receipts = sorted((one for one in inbounds if one.kind == "receipt"), key=_of_message)
        async with self._store.transaction() as transaction:
            freed = False
            for external_id, group in groupby(ordered, key=lambda one: one.contact):
                told = [one for one in group if one.kind in ("message", "button", "contact")]
                if told:
                    news = await self._of_contact(
                        transaction, inbox, sanitize_text(external_id), told, trace_id
                    )
                    received += news.received
                    freed = freed or news.freed
            for inbound in receipts:
                if inbound.receipt and inbound.receipt[1] != "failed":
                    moved.append(await self._receipts.move(transaction, inbox, inbound))
        # Failures last: a delivered message has not failed, and unreachable contacts are known by now.
        for inbound in receipts:
            if inbound.receipt and inbound.receipt[1] == "failed":
                moved.append(await self._receipts.fail(inbox, inbound))
        for message in filter(None, moved):
            await self._live.tell(message.contact_id, message.conversation_id, "status")
        await announce(self._live, received, freed=freed)
        return received

    async def _of_contact(
        self,
        transaction: Executor,
        inbox: str,
        external_id: str,
        told: Sequence[Inbound],
        trace_id: str | None,
    ) -> "_Kept":
        written = [one for one in told if one.kind != "contact"]
        if written:
            contact_id = await reach.mark_wrote(
                transaction,
                inbox,
                external_id,
                last(sanitize_text(one.name) if one.name else None for one in written),
                last(one.language for one in written),
                last(one.phone for one in written),
                last(one.email for one in written),
                max((one.sent_at for one in written if one.sent_at), default=None),
            )
        else:
            contact_id = await contacts.get_or_add(transaction, inbox, external_id, None, None)
        arrived = [
            (sanitize_text(one.external_id), sanitize_mapping(payload(one)), one.kind == "contact")
            for one in told
        ]
        fresh = await events.add_events(transaction, inbox, contact_id, arrived, trace_id)
        freed = bool(written) and await reach.mark_released(transaction, [contact_id]) > 0
        received = []
        for (key, _, _), one in zip(arrived, told, strict=True):
            new = key in fresh
            fresh.discard(key)  # the same id twice in one batch is one event
            if one.kind != "contact":
                received.append(Received(contact_id, new))
            elif new:
                changed = await apply_change(transaction, inbox, contact_id, one, datetime.now(UTC))
                freed = freed or changed
        return _Kept(received, freed)

    async def receive_from(
        self, contact: Contact, inbound: Inbound, *, trace_id: str | None = None
    ) -> Received:
        """Store one message from a known contact (web chat). `inbound.external_id` must be "<contact
        uuid>:<client_id>".

        Raises Refused if it is empty, or if it names media that is not this contact's."""
        if not ((inbound.text or "").strip() or inbound.button or inbound.location or inbound.media):
            raise Refused("empty", "The message is empty. Write something and send it again.")
        # Uploads that are never sent expire. Touching stops that; the citizen must attach an expired one
        # again.
        wanted = set(_media_ids(inbound))
        if wanted and await media.mark_touched(self._store.pool, contact.id, list(wanted)) != len(wanted):
            raise Refused("unknown_media", "The photo is not there any more. Attach it again.")
        received = await _keep(self._store.pool, contact.inbox, contact.id, inbound, trace_id)
        if not received.new:
            await events.mark_repeated(self._store.pool, contact.inbox, sanitize_text(inbound.external_id))
        await announce(self._live, [received])
        return received


@dataclass(frozen=True, slots=True)
class _Kept:
    received: list[Received]
    freed: bool


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
            raise Refused("unknown_media", "The photo is not there any more. Attach it again.") from None
    return ids
