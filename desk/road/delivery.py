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
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from random import SystemRandom
from uuid import uuid4

import structlog

from channels.base import Channel
from desk.metrics import Metrics
from desk.model import Priority
from desk.road.addressing import Addressing
from desk.road.carrying import Carrier
from desk.road.gate import Gate
from desk.road.heartbeat import BEAT, beating
from desk.road.live import Live
from desk.road.outcomes import Outcomes
from desk.road.parcels import InHand
from desk.road.trouble import where
from desk.road.unheard import Unheard
from desk.store import outbox
from desk.store.outbox import Parcel
from desk.store.pool import UNREACHABLE, Store, is_away

log = structlog.get_logger("delivery")


@dataclass(frozen=True, slots=True)
class Pace:
    """How patient delivery is. Seconds, but for the counts."""

    at_once: int = 16
    room: int = 4  # so many of them are for conversations alone, however much is broadcast
    share: int = 8  # each time in so many the oldest goes first, so that no priority waits for ever
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
        unheard: Unheard,
        pulse: Callable[[], None] = lambda: None,
        jitter: Callable[[float], float] = lambda most: SystemRandom().uniform(0, most),
    ) -> None:
        self._pulse = pulse
        self._store = store
        self._live = live
        self._pace = pace
        self._in_hand = InHand(store, pace.lease, pace.beat)
        self._metrics = metrics
        self._outcomes = Outcomes(
            store, live, metrics, unheard, pace.base, pace.longest, pace.attempts, jitter
        )
        self._carrier = Carrier(store, channels, addressing, gate, self._in_hand, self._outcomes, pace.still)
        self._woken = asyncio.Event()
        self._looks = 0
        self._bulk = 0  # broadcasts among what is being sent

    def wake(self) -> None:
        """Something was put into the outbox by this process."""
        self._woken.set()

    async def run(self, stop: asyncio.Event) -> None:
        """Deliver until `stop` is set; what is being sent may end."""
        async with beating("delivery", self._pace.beat, self._in_hand.keep):
            await self._run(stop)

    async def _run(self, stop: asyncio.Event) -> None:
        running: set[asyncio.Task[None]] = set()
        stopping = asyncio.create_task(stop.wait())
        async with self._live.parcels() as wakes:
            waking = [
                asyncio.create_task(wakes.wait(self._pace.poll)),
                asyncio.create_task(self._woken.wait()),
            ]
            while not stop.is_set():
                self._pulse()
                running = {task for task in running if not task.done()}
                if waking[0].done():
                    waking[0] = asyncio.create_task(wakes.wait(self._pace.poll))
                if waking[1].done():
                    self._woken.clear()
                    waking[1] = asyncio.create_task(self._woken.wait())
                # After each parcel too: the contact's next one may go then.
                running |= {asyncio.create_task(self._carry(one)) for one in await self._claim(len(running))}
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
        """What goes next: anything, as long as broadcasts leave their room to conversations; then conversations alone."""
        free = self._pace.at_once - busy
        if free <= 0:
            return []
        room = min(self._pace.room, self._pace.at_once // 2)
        anything = min(free, self._pace.at_once - room - self._bulk)
        taken: list[Parcel] = []
        try:
            if anything > 0:
                self._looks += 1
                oldest_first = self._looks % self._pace.share == 0
                taken += await self._take(anything, Priority.BROADCAST, oldest_first=oldest_first)
            if len(taken) == anything < free or anything <= 0:
                taken += await self._take(free - len(taken), Priority.CONVERSATION)
        except UNREACHABLE as error:
            log.warning("database_away", error=type(error).__name__)
        self._bulk += sum(parcel.bulk for parcel in taken)
        return taken

    async def _take(self, limit: int, least: Priority, *, oldest_first: bool = False) -> list[Parcel]:
        return await outbox.claim(
            self._store.pool, uuid4(), self._pace.lease, limit, least=least, oldest_first=oldest_first
        )

    async def _carry(self, parcel: Parcel) -> None:
        self._in_hand.hold(parcel)
        try:
            await self._carrier.carry(parcel)
        except asyncio.CancelledError:
            await self._cut_off(parcel)
            raise
        except Exception as error:
            if is_away(error):
                # Nothing was sent that is not recorded: the sweep puts it back.
                log.warning("delivery_interrupted", parcel=parcel.id, error=type(error).__name__)
            else:
                await self._broke(parcel, error)
        finally:
            self._bulk -= parcel.bulk
            self._in_hand.drop(parcel)

    async def _broke(self, parcel: Parcel, error: Exception) -> None:
        """Something of ours: tried again as after any trouble, and in the end for a person to see. Whatever was sent
        before is recorded."""
        self._metrics.broken("delivery")
        log.error("delivery_broke", parcel=parcel.id, error=type(error).__name__, where=where(error))
        try:
            await self._outcomes.later(parcel, type(error).__name__, None)
        except Exception as worse:
            # Left as it stands: its lease runs out, and the sweep takes it up.
            log.error("delivery_broke", parcel=parcel.id, error=type(worse).__name__, where=where(worse))

    async def _cut_off(self, parcel: Parcel) -> None:
        """We must stop. What a provider was just asked to take is unknown; the rest goes back at once."""
        if self._in_hand.asking(parcel):
            error = "stopped before the provider answered"
            await outbox.stopped(self._store.pool, parcel, "unknown", error)
        else:
            await outbox.later(self._store.pool, parcel, 0, "the worker stopped")
