"""Delivers outbox items to the providers, in the order of each contact's log.

pending ──> sending ──> sent
   ▲           ├ RetryLater ──> pending, later
   │           ├ RetryLater, perhaps accepted ──> unknown: never resent without a check
   │           ├ the worker died ──> pending, with the same idempotency key; after five deaths unknown
   ├── replay ─┼ Undeliverable ──> dead: shown to a person
   └ they write┴ reply window over, thread elsewhere ──> waiting: for the citizen

`eligibility` decides what may be sent at all, `circuit_breaker` when an inbox may send.
"""

import asyncio
from collections.abc import Callable, Mapping
from random import SystemRandom
from uuid import uuid4

import structlog

from channels.base import Channel
from desk.model import Priority
from desk.outbound.circuit_breaker import CircuitBreaker
from desk.outbound.eligibility import Eligibility
from desk.outbound.in_flight import InFlight
from desk.outbound.outcomes import DeliveryOutcomes
from desk.outbound.send import Sender
from desk.outbound.undelivered import Undelivered
from desk.runtime.error_place import where
from desk.runtime.heartbeat import beating
from desk.runtime.live import Live
from desk.runtime.metrics import Metrics
from desk.runtime.timing import DeliveryTiming
from desk.store.outbound import outbox
from desk.store.outbound.outbox import OutboxItem
from desk.store.pool import UNREACHABLE, Store, is_away

log = structlog.get_logger("delivery")


class Delivery:
    """Sends messages through the channels that push to a provider. `channels` are keyed by inbox name."""

    def __init__(
        self,
        store: Store,
        live: Live,
        channels: Mapping[str, Channel],
        eligibility: Eligibility,
        breaker: CircuitBreaker,
        timing: DeliveryTiming,
        metrics: Metrics,
        undelivered: Undelivered,
        liveness: Callable[[], None] = lambda: None,
        jitter: Callable[[float], float] = lambda most: SystemRandom().uniform(0, most),
    ) -> None:
        self._liveness = liveness
        self._store = store
        self._live = live
        self._timing = timing
        self._in_flight = InFlight(store, timing.lease, timing.beat)
        self._metrics = metrics
        self._outcomes = DeliveryOutcomes(
            store, live, metrics, undelivered, timing.base, timing.longest, timing.attempts, jitter
        )
        self._sender = Sender(
            store, channels, eligibility, breaker, self._in_flight, self._outcomes, timing.still
        )
        self._woken = asyncio.Event()
        self._claims = 0
        self._bulk = 0  # broadcasts and emergencies that are being sent

    def wake(self) -> None:
        """This process has added an item to the outbox."""
        self._woken.set()

    async def run(self, stop: asyncio.Event) -> None:
        """Deliver until `stop` is set, then let the deliveries in progress finish."""
        async with beating("delivery", self._timing.beat, self._in_flight.keep):
            await self._run(stop)

    async def _run(self, stop: asyncio.Event) -> None:
        running: set[asyncio.Task[None]] = set()
        stopping = asyncio.create_task(stop.wait())
        async with self._live.items() as wakes:
            waking = [
                asyncio.create_task(wakes.wait(self._timing.poll)),
                asyncio.create_task(self._woken.wait()),
            ]
            while not stop.is_set():
                self._liveness()
                running = {task for task in running if not task.done()}
                if waking[0].done():
                    waking[0] = asyncio.create_task(wakes.wait(self._timing.poll))
                if waking[1].done():
                    self._woken.clear()
                    waking[1] = asyncio.create_task(self._woken.wait())
                # Also after each delivery, because the contact's next item may be due then.
                running |= {
                    asyncio.create_task(self._deliver(one)) for one in await self._claim(len(running))
                }
                await asyncio.wait({stopping, *waking, *running}, return_when=asyncio.FIRST_COMPLETED)
            for task in waking:
                task.cancel()
            await asyncio.gather(*waking, return_exceptions=True)
        stopping.cancel()
        if running:
            await asyncio.wait(running, timeout=self._timing.drain)
        for unfinished in running:
            unfinished.cancel()
        await asyncio.gather(*running, return_exceptions=True)

    async def _claim(self, busy: int) -> list[OutboxItem]:
        """Claim the next items: of any priority, emergencies first, while broadcasts and emergencies leave conversations
        their share; then only conversations."""
        free = self._timing.at_once - busy
        if free <= 0:
            return []
        reserved = min(self._timing.reserved, self._timing.at_once // 2)
        anything = min(free, self._timing.at_once - reserved - self._bulk)
        taken: list[OutboxItem] = []
        try:
            if anything > 0:
                self._claims += 1
                oldest_first = self._claims % self._timing.share == 0
                taken += await self._take(anything, Priority.BROADCAST, oldest_first=oldest_first)
            if len(taken) == anything < free or anything <= 0:
                only = Priority.CONVERSATION
                taken += await self._take(free - len(taken), only, most=only)
        except UNREACHABLE as error:
            log.warning("database_away", error=type(error).__name__)
        self._bulk += sum(item.bulk for item in taken)
        return taken

    async def _take(
        self,
        limit: int,
        least: Priority,
        *,
        most: Priority = Priority.EMERGENCY,
        oldest_first: bool = False,
    ) -> list[OutboxItem]:
        return await outbox.claim(
            self._store.pool,
            uuid4(),
            self._timing.lease,
            limit,
            least=least,
            most=most,
            oldest_first=oldest_first,
        )

    async def _deliver(self, item: OutboxItem) -> None:
        self._in_flight.hold(item)
        try:
            await self._sender.send(item)
        except asyncio.CancelledError:
            await self._cut_off(item)
            raise
        except Exception as error:
            if is_away(error):
                # Everything that was sent is recorded, so the sweep can requeue the item.
                log.warning("delivery_interrupted", item=item.id, error=type(error).__name__)
            else:
                await self._broke(item, error)
        finally:
            self._bulk -= item.bulk
            self._in_flight.drop(item)

    async def _broke(self, item: OutboxItem, error: Exception) -> None:
        """A failure of our own code: retry with back-off, and show it to a person in the end. Parts that were
        sent before are recorded."""
        self._metrics.broken("delivery")
        log.error("delivery_broke", item=item.id, error=type(error).__name__, where=where(error))
        try:
            await self._outcomes.later(item, type(error).__name__, None)
        except Exception as worse:
            # Leave it as it is: its lease expires, and the sweep requeues it.
            log.error("delivery_broke", item=item.id, error=type(worse).__name__, where=where(worse))

    async def _cut_off(self, item: OutboxItem) -> None:
        """The worker is stopping. An item in a provider call becomes unknown; any other is requeued at
        once."""
        if self._in_flight.asking(item):
            error = "stopped before the provider answered"
            await outbox.mark_stopped(self._store.pool, item, "unknown", error)
        else:
            await outbox.mark_later(self._store.pool, item, 0, "the worker stopped")
