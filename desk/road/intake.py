"""Intake: what arrives is committed before anybody is thanked for it."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from uuid import UUID

from channels.base import Inbound
from desk.model import Contact, Message, Refused
from desk.road.live import Live
from desk.road.scrub import scrub_mapping, scrub_text
from desk.store import contacts, events, media, messages
from desk.store.pool import Executor, Store


@dataclass(frozen=True, slots=True)
class Received:
    """What became of one Inbound. `new` is false for a repeat (same inbox and external id)."""

    contact_id: UUID
    new: bool


class Intake:
    """Takes events in. Committed when a method returns; what `desk.store.pool.UNREACHABLE` lists means 503."""

    def __init__(self, store: Store, live: Live) -> None:
        self._store = store
        self._live = live

    async def receive(
        self, inbox: str, inbounds: Sequence[Inbound], *, trace_id: str | None = None
    ) -> list[Received]:
        """One webhook: contacts are made as needed, receipts move statuses forward, `ignored` is skipped.

        Gives one Received for each message or button, in contact order. Raises nothing of its own."""
        received: list[Received] = []
        moved: list[Message] = []
        # Contacts in one order in every process: two webhooks at once cannot lock each other out.
        ordered = sorted(inbounds, key=lambda one: one.contact)
        async with self._store.transaction() as transaction:
            for inbound in ordered:
                if inbound.kind == "receipt" and inbound.receipt:
                    found = await messages.receipt(transaction, inbox, *inbound.receipt)
                    moved += [found] if found else []
                elif inbound.kind in ("message", "button"):
                    contact_id = await contacts.upsert(
                        transaction, inbox, inbound.contact, inbound.name, inbound.language
                    )
                    received.append(await _keep(transaction, inbox, contact_id, inbound, trace_id))
        for message in moved:
            await self._live.tell(message.contact_id, message.conversation_id, "status")
        await self._announce(received)
        return received

    async def receive_from(
        self, contact: Contact, inbound: Inbound, *, trace_id: str | None = None
    ) -> Received:
        """One message of a known contact (web chat). `inbound.external_id` must be "<contact uuid>:<client_id>".

        Raises Refused: nothing in it, or media that is not this contact's."""
        if not ((inbound.text or "").strip() or inbound.button or inbound.location or inbound.media):
            raise Refused("empty", "The message is empty. Write something and send it again.")
        async with self._store.transaction() as transaction:
            wanted = _media_ids(inbound)
            if len(await media.all_of_contact(transaction, contact.id, wanted)) != len(inbound.media):
                raise Refused("unknown_media", "The photo is not there any more. Attach it again.")
            received = await _keep(transaction, contact.inbox, contact.id, inbound, trace_id)
        await self._announce([received])
        return received

    async def _announce(self, received: Sequence[Received]) -> None:
        if any(one.new for one in received):
            await self._live.wake_workers()


async def _keep(
    transaction: Executor, inbox: str, contact_id: UUID, inbound: Inbound, trace_id: str | None
) -> Received:
    new = await events.record(
        transaction,
        inbox,
        scrub_text(inbound.external_id),
        contact_id,
        scrub_mapping(asdict(inbound)),
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
