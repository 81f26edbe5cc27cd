"""Periodic routing work: offers to free agents, and escalation when nobody acts."""

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import suppress

import structlog

from desk.model import Clock
from desk.routing.absences import Absences
from desk.routing.alarms import Alarms
from desk.routing.offers import OfferTimes
from desk.routing.presence import Presences
from desk.routing.pushing import Pushing
from desk.runtime.error_place import where
from desk.runtime.live import Live
from desk.store.pool import UNREACHABLE, Store

log = structlog.get_logger("routing")

EVERY = 2.0
"""Seconds between two looks at what time alone brings about."""
SETTLE = 8.0
"""Seconds of rest after the database was away: pages must have time to give a sign of life."""


class Upkeep:
    """Run it in every worker."""

    def __init__(
        self,
        store: Store,
        live: Live,
        presences: Presences,
        pushing: Pushing,
        offer_times: OfferTimes,
        absences: Absences,
        alarms: Alarms,
        clock: Clock,
        *,
        every: float = EVERY,
        settle: float = SETTLE,
        liveness: Callable[[], None] = lambda: None,
    ) -> None:
        self._store = store
        self._live = live
        self.presences = presences
        self.pushing = pushing
        self._offer_times = offer_times
        self._absences = absences
        self._alarms = alarms
        self._clock = clock
        self._every = every
        self._settle = settle
        self._liveness = liveness

    async def run(self, stop: asyncio.Event) -> None:
        """Push when something has changed, and look at the time every few seconds, until `stop` is set."""
        loop = asyncio.get_running_loop()
        due = loop.time() + self._settle
        async with self._live.console() as wakes:
            while not stop.is_set():
                self._liveness()
                try:
                    if loop.time() >= due:
                        await self.look()
                        due = loop.time() + self._every
                    await self.pushing.drain()
                except UNREACHABLE as error:
                    due = loop.time() + self._settle
                    log.warning("database_away", error=type(error).__name__)
                except Exception as error:
                    due = loop.time() + self._every
                    log.error("upkeep_broke", error=type(error).__name__, where=where(error))
                await self._wait(wakes.wait(self._every), stop)

    async def look(self) -> None:
        """Correct presences, end offers and absences, call supervisors."""
        await self.presences.correct(self._store.pool, self._clock())
        await self._offer_times.end()
        await self._absences.end()
        await self._alarms.call()

    async def _wait(self, waking: Awaitable[object], stop: asyncio.Event) -> None:
        """Until something has happened, or it is time to stop."""
        tasks = {asyncio.ensure_future(waking), asyncio.ensure_future(stop.wait())}
        await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
        for task in tasks:
            task.cancel()
        with suppress(asyncio.CancelledError):
            await asyncio.gather(*tasks, return_exceptions=True)
