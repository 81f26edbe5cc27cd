"""Sends one outbox item to its provider and records the result."""

import asyncio
from collections.abc import Mapping, Sequence

import structlog

from channels.base import (
    Channel,
    InboxBroken,
    Outbound,
    Request,
    RetryLater,
    Sent,
    Undeliverable,
    Unreachable,
    WindowClosed,
    Withholds,
)
from desk.model import Failure, Message
from desk.outbound.circuit_breaker import CircuitBreaker
from desk.outbound.eligibility import Eligibility, Later, NotEligible, Ready
from desk.outbound.in_flight import InFlight
from desk.outbound.joining import Joined, join
from desk.outbound.outcomes import DeliveryOutcomes, insist
from desk.outbound.spending import WAIT, Spending
from desk.runtime.error_place import where
from desk.runtime.sanitize import sanitize_text
from desk.store.dialogue import messages
from desk.store.outbound import outbox
from desk.store.outbound.inbox_health import NOT_YET
from desk.store.outbound.outbox import OutboxItem
from desk.store.people import contacts
from desk.store.pool import UNREACHABLE, Store, is_away
from desk.turns.leases import LeaseLost

log = structlog.get_logger("delivery")


class Sender:
    """Built once by delivery. `still` (seconds): shorter waits between two parts are slept, longer ones
    requeue the item."""

    def __init__(
        self,
        store: Store,
        channels: Mapping[str, Channel],
        eligibility: Eligibility,
        breaker: CircuitBreaker,
        in_flight: InFlight,
        outcomes: DeliveryOutcomes,
        still: float,
    ) -> None:
        self._store = store
        self._channels = channels
        self._eligibility = eligibility
        self._breaker = breaker
        self._in_flight = in_flight
        self._outcomes = outcomes
        self._spending = Spending(store)
        self._still = still

    async def send(self, item: OutboxItem) -> None:
        """Send the item as far as possible now. Raises the errors in UNREACHABLE; all that was sent is
        recorded then."""
        channel = self._channels.get(item.inbox)
        message = await messages.get_by_id(self._store.pool, item.message_id)
        if channel is None or message is None:
            log.error("no_channel", item=item.id, inbox=item.inbox)
            await self._outcomes.later(item, f"there is no inbox '{item.inbox}' in the city file", 60.0)
            return
        address = await self._eligibility.of(item, message)
        if isinstance(address, NotEligible):
            await self._outcomes.stopped(item, message, address.failure, None)
        elif not isinstance(address, Ready):
            await self._wait(item, message)
        elif (wait := await self._breaker.may_send(item.inbox, str(item.contact_id), bulk=item.bulk)) > 0:
            await outbox.mark_held(self._store.pool, item, wait, NOT_YET)
        else:
            joined = await join(self._store, self._eligibility, channel, item, address.outbound)
            await self._render_and_send(item, message, channel, joined)

    async def _wait(self, item: OutboxItem, message: Message) -> None:
        """Wait for the citizen. Decided under the contact's lock, so that a message arriving now finds the
        item waiting."""
        async with self._store.transaction() as transaction:
            await contacts.lock(transaction, item.contact_id)
            address = await self._eligibility.of(item, message, transaction)
            if isinstance(address, Later):
                await outbox.mark_waiting_for_contact(transaction, item, address.failure)
            else:
                await outbox.mark_held(transaction, item, 0.0, "something changed meanwhile")

    async def _render_and_send(
        self, item: OutboxItem, message: Message, channel: Channel, joined: Joined
    ) -> None:
        outbound = joined.outbound
        if isinstance(channel, Withholds) and channel.withholds(outbound):
            # It stays in the log for agents; the provider has nothing to send.
            log.info("withheld", item=item.id, message=str(message.id))
            await outbox.mark_sent(self._store.pool, item.id)
            return
        try:
            requests = channel.render(outbound)
        except WindowClosed as error:
            await self._refused(item, message, outbound, error)
            return
        except Exception as error:
            log.error("render_broke", item=item.id, error=type(error).__name__, where=where(error))
            await self._outcomes.stopped(
                item, message, "unrenderable", f"cannot be rendered: {type(error).__name__}"
            )
            return
        if not requests:
            # Do not mark it sent: nothing was sent.
            await self._outcomes.stopped(item, message, "unrenderable", "there is nothing in it to send")
            return
        if await self._too_expensive(item, message, channel, requests):
            return
        try:
            for part, request in enumerate(requests):
                if part < item.parts:
                    continue
                if part > item.parts and not await self._wait_for_rate(item):
                    return
                await self._send(channel, item, part, request)
        except LeaseLost:
            log.warning("lease_lost", item=item.id)
        except RetryLater as error:
            unknown = error.accepted_unknown and not channel.capabilities.idempotent
            if unknown:
                await self._mark_unknown(item, message, str(error))
            await self._breaker.asked_to_wait(item.inbox, error)
            if not unknown:
                await self._outcomes.later(item, str(error), error.after, error.most)
        except Undeliverable as error:
            await self._breaker.went_well(item.inbox)
            await self._refused(item, message, outbound, error)
        except InboxBroken as error:
            await self._breaker.broken(item.inbox, error)
            await outbox.mark_held(self._store.pool, item, 0.0, sanitize_text(str(error)))
        except Exception as error:
            if is_away(error):
                raise
            log.error("send_broke", item=item.id, error=type(error).__name__, where=where(error))
            await self._mark_unknown(item, message, type(error).__name__)
            await self._breaker.failed(item.inbox, type(error).__name__)
        else:
            if outbound.takes_thread:
                await insist(lambda: self._eligibility.took_thread(item))
            # The first comes last: until then the others wait behind it, also after a crash.
            for one in joined.others:
                await self._outcomes.joined(*one)
            await insist(lambda: self._outcomes.sent(item, message))
            await self._breaker.went_well(item.inbox)

    async def _too_expensive(
        self, item: OutboxItem, message: Message, channel: Channel, requests: Sequence[Request]
    ) -> bool:
        exceeded = await self._spending.reserve(channel, item, message, requests)
        if exceeded == "contact_cap":
            # A person can continue: agents' messages are not held back.
            await self._outcomes.stopped(item, message, exceeded, None)
        elif exceeded is not None:
            await self._outcomes.held_back(item, exceeded, WAIT)
        return exceeded is not None

    async def _mark_unknown(self, item: OutboxItem, message: Message, error: str) -> None:
        """Record this first, retrying until it succeeds: if the sweep requeued the item, it would be sent
        twice."""
        await insist(lambda: self._outcomes.stopped(item, message, "unknown", error))

    async def _wait_for_rate(self, item: OutboxItem) -> bool:
        """Wait until the rate limit allows a further part; false if the item was requeued instead."""
        while (wait := await self._breaker.next_part(item.inbox, str(item.contact_id), bulk=item.bulk)) > 0:
            if wait > self._still:
                await outbox.mark_held(self._store.pool, item, wait, NOT_YET)
                return False
            await asyncio.sleep(wait)
        return True

    async def _refused(
        self, item: OutboxItem, message: Message, outbound: Outbound, error: Undeliverable
    ) -> None:
        failure: Failure = "unreachable" if isinstance(error, Unreachable) else "refused"
        if failure == "unreachable":
            await self._eligibility.unreachable(item)
        if isinstance(error, WindowClosed) and outbound.template is None:
            # Decide again with what we know now: it is sent as a template, or waits for the citizen.
            await self._eligibility.window_shut(item, human=outbound.human)
            await outbox.mark_held(self._store.pool, item, 0.0, sanitize_text(str(error)))
            return
        await self._outcomes.stopped(item, message, failure, str(error))

    async def _send(self, channel: Channel, item: OutboxItem, part: int, request: Request) -> None:
        """Send one part to the provider, and record it with the provider's id."""
        await self._in_flight.check(item)
        self._in_flight.ask(item)
        try:
            # The same part has the same key: a provider with idempotency keys accepts it once.
            sent = await _sent(channel, request, f"{item.message_id}:{part}")
            self._outcomes.taken(item, sent.units)
            called = sent.external_id and sanitize_text(sent.external_id)
            await insist(lambda: outbox.mark_part_taken(self._store.pool, item.id, part + 1, called))
        except Exception:
            self._in_flight.answered(item)
            raise
        # Not after a cancellation: `Delivery._cut_off` must see that a provider call was in progress.
        self._in_flight.answered(item)


async def _sent(channel: Channel, request: Request, key: str) -> Sent:
    try:
        return await channel.send(request, key)
    except UNREACHABLE as error:
        # The provider's connection broke. Callers would take the error for a database outage and send again.
        raise RetryLater(f"no answer ({type(error).__name__})", accepted_unknown=True) from error
