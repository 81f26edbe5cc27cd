"""Scores stated waits against what happened, calibrates the next ones, and tests each night how often they held."""

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from statistics import median

import structlog

from city import City
from desk.model import Clock
from desk.routing.hours import open_seconds
from desk.routing.team_directory import get_hours
from desk.routing.wait_calibration import Coverage, Scored, calibrate, coverage_of
from desk.routing.wait_estimate import Outlook, Range
from desk.store import periodic_tasks
from desk.store.pool import Store
from desk.store.waits import statements
from desk.store.waits.statements import Backtest, CalibrationRow, Statement

log = structlog.get_logger("waits")

PERIOD = timedelta(days=30)
KEPT = timedelta(days=90)
EVERY = timedelta(minutes=5)
NIGHTLY = timedelta(hours=20)
NIGHT = range(1, 5)  # local hours
BATCH = 1_000

Show = Callable[[Sequence[CalibrationRow]], None]


class WaitScoring:
    """Built once by the worker; any number of workers may call `keep` at the same time. `show` is given the
    calibrations, for the metrics."""

    def __init__(self, store: Store, city: City, clock: Clock, show: Show = lambda rows: None) -> None:
        self._store = store
        self._city = city
        self._clock = clock
        self._show = show
        self._next = datetime.min

    async def keep(self) -> None:
        """Do what is due."""
        now = self._clock()
        if now.replace(tzinfo=None) < self._next:
            return
        self._next = now.replace(tzinfo=None) + timedelta(minutes=1)
        if await periodic_tasks.mark_claimed(self._store.pool, "wait_calibration", EVERY):
            await self.score()
            await self.calibrate()
        night = now.astimezone(self._city.zone).hour in NIGHT
        if night and await periodic_tasks.mark_claimed(self._store.pool, "wait_backtest", NIGHTLY):
            await self.backtest()
        self._show(await statements.list_calibrations(self._store.pool))

    async def score(self) -> int:
        """Store the outcomes of statements whose wait is over; returns their number."""
        scored = 0
        while over := await statements.list_over(self._store.pool, BATCH):
            async with self._store.transaction() as transaction:
                for one in over:
                    assert one.ended_at is not None
                    await statements.mark_ended(transaction, one, await self._open(one, one.ended_at))
            scored += len(over)
        return scored

    async def calibrate(self) -> None:
        """Take the next ranges from what happened to those of the last 30 days."""
        now = self._clock()
        for team in await statements.list_teams(self._store.pool, now - PERIOD):
            scored = await self._scored(team, now)
            found, coverage = calibrate(scored), _usable(scored)
            lows, highs = zip(*found.scores, strict=True)
            await statements.set_calibration(
                self._store.pool,
                CalibrationRow(team, lows, highs, found.hidden, coverage.statements, coverage.held, now),
            )

    async def backtest(self) -> None:
        """Publish how often the ranges of the last 30 days held, and delete what is too old to matter."""
        now = self._clock()
        day = now.astimezone(self._city.zone).date()
        for team in await statements.list_teams(self._store.pool, now - PERIOD):
            scored = await self._scored(team, now)
            coverage, hidden = _usable(scored), calibrate(scored).hidden
            widths = [one.range.high - one.range.low for one in scored if one.usable]
            await statements.set_backtest(
                self._store.pool,
                Backtest(
                    team, day, coverage.statements, coverage.held, median(widths) if widths else None, hidden
                ),
            )
            log.info("waits_tested", team=team, statements=coverage.statements, held=coverage.held)
        await statements.delete_old(self._store.pool, now - KEPT)

    async def _scored(self, team: str, now: datetime) -> list[Scored]:
        """What can be judged: claims; and those who left after more, or still wait longer, than was stated. Whether
        the range would have held for others nobody knows."""
        found = []
        for one in await statements.list_of_team(self._store.pool, team, now - PERIOD):
            waited = one.waited if one.waited is not None else await self._open(one, now)
            if one.ended != "claimed" and waited <= one.high * 60:
                continue
            found.append(
                Scored(
                    one.place,
                    Outlook(one.mean, one.shape),
                    Range(one.low, one.high),
                    waited,
                    one.usable,
                    one.ended != "claimed",
                )
            )
        return found

    async def _open(self, one: Statement, end: datetime) -> float:
        return open_seconds(self._city, one.at, end, await get_hours(self._store.pool, self._city, one.team))


def _usable(scored: Sequence[Scored]) -> Coverage:
    return coverage_of([one for one in scored if one.usable])
