"""Stores what citizens wrote in one transaction, for one webhook or for several that arrive at the same
time."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

import msgspec

from channels.base import Inbound
from desk.runtime.cards import mask_cards
from desk.runtime.live import Live
from desk.runtime.sanitize import sanitize_mapping, sanitize_text
from desk.store.inbound import arrivals
from desk.store.inbound.arrivals import Arrival, Who, Writer
from desk.store.outbound import reach
from desk.store.pool import Store


@dataclass(frozen=True, slots=True)
class Batch:
    """What one webhook request contained: only messages and buttons."""

    inbox: str
    inbounds: Sequence[Inbound]
    trace_id: str | None


@dataclass(frozen=True, slots=True)
class Received:
    """The result for one Inbound. `new` is false for a duplicate (same inbox and external id)."""

    contact_id: UUID
    new: bool


class BatchWriter:
    """Built once by the intake."""

    def __init__(self, store: Store, live: Live) -> None:
        self._store = store
        self._live = live

    async def keep(self, webhooks: Sequence[Batch]) -> list[list[Received]]:
        """Return, for each webhook, one Received per inbound, in contact order. Committed when it returns."""
        # A contact's own messages keep their order; the order between contacts does not matter.
        brought = [(one.inbox, sorted(one.inbounds, key=lambda inbound: inbound.contact), one.trace_id) for one in webhooks]  # fmt: skip
        by_contact: dict[Who, list[Inbound]] = {}
        events: list[Arrival] = []
        for inbox, inbounds, trace_id in brought:
            for one in inbounds:
                contact = sanitize_text(one.contact)
                by_contact.setdefault((inbox, contact), []).append(one)
                kept = sanitize_mapping(payload(one))
                events.append(Arrival(inbox, contact, sanitize_text(one.external_id), kept, trace_id))
        async with self._store.transaction() as transaction:
            known, fresh = await arrivals.add_all(
                transaction, [_writer(who, said) for who, said in by_contact.items()], events
            )
            # In a separate statement, after the contacts' rows are locked: a statement that began earlier
            # would not see the items that delivery has just set to wait for these very messages.
            freed = await reach.mark_released(transaction, list(known.values())) > 0
        results = []
        place = iter(events)
        for _, inbounds, _ in brought:
            results.append([_received(next(place), known, fresh) for _ in inbounds])
        await announce(self._live, [one for result in results for one in result], freed=freed)
        return results


async def announce(live: Live, received: Sequence[Received], *, freed: bool = False) -> None:
    """Wake the workers that have something to do now."""
    if any(one.new for one in received):
        await live.wake_workers()
    if freed:
        await live.wake_workers(items=True)


def payload(inbound: Inbound) -> dict[str, object]:
    """The Inbound as JSON, without the card numbers that were in it: `masked` says that there were some."""
    clean = without_cards(inbound)
    written: dict[str, object] = msgspec.to_builtins(clean, builtin_types=(datetime,))
    written["masked"] = clean.text != inbound.text
    if inbound.sent_at is not None:
        written["sent_at"] = inbound.sent_at.isoformat()
    return written


def without_cards(inbound: Inbound) -> Inbound:
    """The Inbound with its card numbers masked, wherever people write text: nothing stores them."""
    thread, location = inbound.thread, inbound.location
    if subject := thread.get("subject"):
        thread = {**thread, "subject": mask_cards(subject)}
    if location is not None and location.label:
        location = replace(location, label=mask_cards(location.label))
    return replace(
        inbound,
        text=inbound.text and mask_cards(inbound.text),
        name=inbound.name and mask_cards(inbound.name),
        note=inbound.note and mask_cards(inbound.note),
        thread=thread,
        location=location,
    )


def last(values: Iterable[str | None]) -> str | None:
    """The last value that is neither None nor empty, or None."""
    return next((one for one in reversed(list(values)) if one), None)


def _received(event: Arrival, known: dict[Who, UUID], fresh: set[Who]) -> Received:
    key = (event.inbox, event.external_id)
    new = key in fresh
    fresh.discard(key)  # the same id twice in one transaction is one event
    return Received(known[event.inbox, event.contact], new)


def _writer(who: Who, said: Sequence[Inbound]) -> Writer:
    inbox, contact = who
    return Writer(
        inbox,
        contact,
        last(sanitize_text(mask_cards(one.name)) if one.name else None for one in said),
        last(one.language for one in said),
        last(one.phone for one in said),
        last(one.email for one in said),
        max((one.sent_at for one in said if one.sent_at), default=None),
    )
