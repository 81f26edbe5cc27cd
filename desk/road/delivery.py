"""Delivery: from the outbox to the provider, in the order of each contact's log.

pending ──> sending ──> sent
   ▲           ├ RetryLater ──> pending, later
   │           ├ RetryLater, perhaps taken ──> unknown: never re-sent blindly
   │           ├ the worker died ──> pending, under the same key; after five such ends unknown
   ├── replay ─┼ Undeliverable ──> dead: for a person to see
   └ they write┴ reply window over, thread elsewhere ──> waiting: for the citizen

What may go at all is `addressing`'s to say, when an inbox may send is the `gate`'s.
"""

import asyncio
import time
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from random import SystemRandom
from uuid import UUID, uuid4

import structlog

from channels.base import (
    Channel,
    InboxBroken,
    Outbound,
    Request,
    RetryLater,
    Undeliverable,
    Unreachable,
    WindowClosed,
)
from desk.metrics import Metrics
from desk.model import Message
from desk.road.addressing import Addressing, Ready, Refused, Waits
from desk.road.gate import Gate
from desk.road.heartbeat import BEAT, beating
from desk.road.live import Live
from desk.road.trouble import where
from desk.store import contacts, messages, outbox
from desk.store.health import NOT_YET
from desk.store.outbox import Parcel
from desk.store.pool import UNREACHABLE, Store

log = structlog.get_logger("delivery")


@dataclass(frozen=True, slots=True)
class Pace:
    """How patient delivery is. Seconds, but for the counts."""

    at_once: int = 16
    lease: float = 12.0  # a dead worker's parcels wait so long; a live one prolongs it with every beat
    beat: float = BEAT
    poll: float = 1.0
    drain: float = 10.0
    base: float = 1.0  # full-jitter backoff: random between 0 and base * 2^attempts …
    longest: float = 600.0  # … but never above this
    attempts: int = 30  # about four hours; then it is dead and a person sees it
    still: float = (
        2.0  # a wait between two parts below this is slept through; a longer one puts the parcel back
    )


class Delivery:
    """Carries messages to the channels that must be called. `channels` are by inbox name."""

    def __init__(
        self,
        store: Store,
        live: Live,
        channels: Mapping[str, Channel],
        addressing: Addressing,
        gate: Gate,
        pace: Pace,
        metrics: Metrics,
        pulse: Callable[[], None] = lambda: None,
        jitter: Callable[[float], float] = lambda most: SystemRandom().uniform(0, most),
    ) -> None:
        self._metrics = metrics
        self._pulse = pulse
        self._store = store
        self._live = live
        self._channels = channels
        self._addressing = addressing
        self._gate = gate
        self._pace = pace
        self._jitter = jitter
        self._woken = asyncio.Event()
        self._held: dict[
            int, tuple[UUID, float]
        ] = {}  # parcels of ours: the lease's token, when it was seen last
        self._asking: set[int] = set()  # those of them that a provider is being asked to take right now

    def wake(self) -> None:
        """Something was put into the outbox by this process."""
        self._woken.set()

    async def run(self, stop: asyncio.Event) -> None:
        """Deliver until `stop` is set; what is being sent may end."""
        async with beating("delivery", self._pace.beat, self._keep):
            await self._run(stop)

    async def _run(self, stop: asyncio.Event) -> None:
        running: set[asyncio.Task[None]] = set()
        stopping = asyncio.create_task(stop.wait())
        async with self._live.work() as wakes:
            while not stop.is_set():
                self._pulse()
                self._woken.clear()
                running = {task for task in running if not task.done()}
                running |= {asyncio.create_task(self._carry(one)) for one in await self._claim(len(running))}
                waking = [
                    asyncio.create_task(wakes.wait(self._pace.poll)),
                    asyncio.create_task(self._woken.wait()),
                ]
                await asyncio.wait({stopping, *waking, *running}, return_when=asyncio.FIRST_COMPLETED)
                for task in waking:
                    task.cancel()
                await asyncio.gather(*waking, return_exceptions=True)
        stopping.cancel()
        if running:
            await asyncio.wait(running, timeout=self._pace.drain)
        for unfinished in running:
            unfinished.cancel()
        await asyncio.gather(*running, return_exceptions=True)

    async def _claim(self, busy: int) -> list[Parcel]:
        if busy >= self._pace.at_once:
            return []
        try:
            return await outbox.claim(self._store.pool, uuid4(), self._pace.lease, self._pace.at_once - busy)
        except UNREACHABLE as error:
            log.warning("database_away", error=type(error).__name__)
            return []

    async def _carry(self, parcel: Parcel) -> None:
        self._held[parcel.id] = (parcel.token, time.monotonic())
        try:
            await self._deliver(parcel)
        except UNREACHABLE as error:
            # Nothing was sent that is not recorded: the sweep puts it back.
            log.warning("delivery_interrupted", parcel=parcel.id, error=type(error).__name__)
        except asyncio.CancelledError:
            await self._cut_off(parcel)
            raise
        finally:
            self._held.pop(parcel.id, None)
            self._asking.discard(parcel.id)

    async def _keep(self) -> None:
        held = {parcel: token for parcel, (token, _) in self._held.items()}
        for parcel in await outbox.keep(self._store.pool, held, self._pace.lease) if held else ():
            if parcel in self._held:
                self._held[parcel] = (held[parcel], time.monotonic())

    async def _cut_off(self, parcel: Parcel) -> None:
        """We must stop. What a provider was just asked to take is unknown; the rest goes back at once."""
        if parcel.id in self._asking:
            error = "stopped before the provider answered"
            await outbox.stopped(self._store.pool, parcel.id, unknown=True, error=error)
        else:
            await outbox.later(self._store.pool, parcel.id, 0, "the worker stopped")

    async def _send(self, channel: Channel, parcel: Parcel, part: int, request: Request) -> str | None:
        """One part to the provider, and recorded; the provider's id."""
        # A worker that was stopped for a while must not send what another has taken over.
        if time.monotonic() - self._held[parcel.id][1] > 2 * self._pace.beat:
            await self._keep()
            if time.monotonic() - self._held[parcel.id][1] > 2 * self._pace.beat:
                raise LeaseLost
        self._asking.add(parcel.id)
        try:
            # The same key for the same part: a provider that knows keys takes it once.
            sent = await channel.send(request, f"{parcel.message_id}:{part}")
            await _insist(lambda: outbox.part_taken(self._store.pool, parcel.id, part + 1, sent.external_id))
        except Exception:
            self._asking.discard(parcel.id)
            raise
        # After a cancellation it stays: `_cut_off` must know that the provider had been asked.
        self._asking.discard(parcel.id)
        return sent.external_id

    async def _deliver(self, parcel: Parcel) -> None:
        channel = self._channels.get(parcel.inbox)
        message = await messages.get(self._store.pool, parcel.message_id)
        if channel is None or message is None:
            log.error("no_channel", parcel=parcel.id, inbox=parcel.inbox)
            await self._later(parcel, f"there is no inbox '{parcel.inbox}' in the city file", 60.0)
            return
        address = await self._addressing.of(parcel, message)
        if isinstance(address, Refused):
            await self._stopped(parcel, message, address.reason, unknown=False)
        elif not isinstance(address, Ready):
            await self._wait(parcel, message)
        elif (wait := await self._gate.may_send(parcel.inbox, str(parcel.contact_id))) > 0:
            await outbox.held(self._store.pool, parcel.id, wait, NOT_YET)
        else:
            await self._hand_in(parcel, message, channel, address.outbound)

    async def _wait(self, parcel: Parcel, message: Message) -> None:
        """For the citizen. Decided under the contact's lock: who writes in this very moment must find it waiting."""
        async with self._store.transaction() as transaction:
            await contacts.lock(transaction, parcel.contact_id)
            address = await self._addressing.of(parcel, message, transaction)
            if isinstance(address, Waits):
                await outbox.wait_for_contact(transaction, parcel.id, address.reason)
            else:
                await outbox.held(transaction, parcel.id, 0.0, "something changed meanwhile")

    async def _hand_in(self, parcel: Parcel, message: Message, channel: Channel, outbound: Outbound) -> None:
        try:
            requests = channel.render(outbound)
        except WindowClosed as error:
            await self._refused(parcel, message, outbound, error)
            return
        except Exception as error:
            log.error("render_broke", parcel=parcel.id, error=type(error).__name__, where=where(error))
            await self._stopped(parcel, message, f"cannot be rendered: {type(error).__name__}", unknown=False)
            return
        taken: str | None = None
        try:
            for part, request in enumerate(requests):
                if part < parcel.parts:
                    continue
                if part > parcel.parts and not await self._turn_comes(parcel):
                    return
                taken = await self._send(channel, parcel, part, request) or taken
        except LeaseLost:
            log.warning("lease_lost", parcel=parcel.id)
        except RetryLater as error:
            await self._gate.asked_to_wait(parcel.inbox, error)
            if error.accepted_unknown and not channel.capabilities.idempotent:
                await self._stopped(parcel, message, str(error), unknown=True)
            else:
                await self._later(parcel, str(error), error.after, error.most)
        except Undeliverable as error:
            await self._gate.went_well(parcel.inbox)
            await self._refused(parcel, message, outbound, error)
        except InboxBroken as error:
            await self._gate.broken(parcel.inbox, error)
            await outbox.held(self._store.pool, parcel.id, 0.0, str(error))
        except UNREACHABLE:
            raise
        except Exception as error:
            log.error("send_broke", parcel=parcel.id, error=type(error).__name__, where=where(error))
            await self._gate.failed(parcel.inbox, type(error).__name__)
            await self._stopped(parcel, message, type(error).__name__, unknown=True)
        else:
            await self._gate.went_well(parcel.inbox)
            if outbound.takes_thread:
                await _insist(lambda: self._addressing.took_thread(parcel))
            await _insist(lambda: self._sent(parcel, message, taken))

    async def _turn_comes(self, parcel: Parcel) -> bool:
        """A further part waits for its rate; false when it was put back for that."""
        while (wait := await self._gate.next_part(parcel.inbox, str(parcel.contact_id))) > 0:
            if wait > self._pace.still:
                await outbox.held(self._store.pool, parcel.id, wait, NOT_YET)
                return False
            await asyncio.sleep(wait)
        return True

    async def _refused(
        self, parcel: Parcel, message: Message, outbound: Outbound, error: Undeliverable
    ) -> None:
        if isinstance(error, Unreachable):
            await self._addressing.unreachable(parcel)
        if isinstance(error, WindowClosed) and outbound.template is None:
            # Looked at once more, with what we know now: a template, or it waits for the citizen.
            await self._addressing.window_shut(parcel, human=outbound.human)
            await outbox.held(self._store.pool, parcel.id, 0.0, str(error))
            return
        await self._stopped(parcel, message, str(error), unknown=False)

    async def _sent(self, parcel: Parcel, message: Message, external_id: str | None) -> None:
        async with self._store.transaction() as transaction:
            await outbox.sent(transaction, parcel.id)
            await messages.advance(transaction, message.id, "sent", external_id)
            if external_id:
                await messages.settle_receipts(transaction, message.id, parcel.inbox, external_id)
        self._metrics.delivery(parcel.inbox, "sent")
        log.info(
            "delivered",
            parcel=parcel.id,
            message=str(message.id),
            inbox=parcel.inbox,
            trace_id=parcel.trace_id,
        )
        await self._live.tell(message.contact_id, message.conversation_id, "status")

    async def _later(self, parcel: Parcel, error: str, after: float | None, tries: int | None = None) -> None:
        if parcel.attempts >= min(self._pace.attempts, tries or self._pace.attempts):
            message = await messages.get(self._store.pool, parcel.message_id)
            if message:
                await self._stopped(parcel, message, error, unknown=False)
            return
        self._metrics.delivery(parcel.inbox, "later")
        most = min(self._pace.longest, self._pace.base * 2 ** min(parcel.attempts, 30))
        await outbox.later(self._store.pool, parcel.id, max(after or 0.0, self._jitter(most)), error)

    async def _stopped(self, parcel: Parcel, message: Message, error: str, *, unknown: bool) -> None:
        async with self._store.transaction() as transaction:
            await outbox.stopped(transaction, parcel.id, unknown=unknown, error=error)
            if not unknown:
                await messages.advance(transaction, message.id, "failed")
        self._metrics.delivery(parcel.inbox, "unknown" if unknown else "dead")
        log.warning(
            "undelivered",
            parcel=parcel.id,
            message=str(message.id),
            unknown=unknown,
            trace_id=parcel.trace_id,
        )
        await self._live.tell(message.contact_id, message.conversation_id, "status")


class LeaseLost(Exception):
    """Another worker carries this parcel now."""


async def _insist(record: Callable[[], Awaitable[None]]) -> None:
    """Record what the provider took, for as long as it takes: a database that is away must not make us send twice."""
    pause = 0.1
    while True:
        try:
            return await record()
        except UNREACHABLE as error:
            log.warning("database_away", error=type(error).__name__)
            await asyncio.sleep(pause)
            pause = min(pause * 2, 2.0)
