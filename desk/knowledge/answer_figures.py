"""Counts by day how often answers were given, helped and were followed by a handoff; one worker does it for all."""

import asyncio
from datetime import datetime, time, timedelta

import structlog

from city import City
from desk.model import Clock
from desk.runtime.periodic import repeat
from desk.store import periodic_tasks
from desk.store.knowledge import figures
from desk.store.pool import Store

log = structlog.get_logger("answers")

EVERY = timedelta(minutes=10)
LOOK = 60.0
"""Seconds between two looks whether it is time."""
AGAIN = 2
"""Days before today that are counted again: a handoff or a rating may come later."""


class FigureCounts:
    """Built once by the worker."""

    def __init__(self, store: Store, city: City, clock: Clock) -> None:
        self._store = store
        self._city = city
        self._clock = clock

    async def run(self, stop: asyncio.Event) -> None:
        """Count every ten minutes until `stop` is set."""
        await repeat(self.keep, stop, log, "answer_figures_broke", every=LOOK)

    async def keep(self) -> None:
        """Count, if it is time and no other worker does."""
        if await periodic_tasks.mark_claimed(self._store.pool, "answer_figures", EVERY):
            await self.count()

    async def count(self) -> None:
        """Count the last days, or all that the console shows if nothing was counted yet."""
        zone = self._city.zone
        today = self._clock().astimezone(zone).date()
        pool = self._store.pool
        first = (
            today - timedelta(days=AGAIN) if await figures.is_counted(pool) else figures.shown_since(today)
        )
        await figures.set_days(pool, datetime.combine(first, time.min, zone), str(zone))
