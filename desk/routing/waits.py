"""States waits: reads the team's flow, computes the range, and stores the statement so that it can be scored.

A range is stated only while the team is open, if it ends before the team closes. It is also stored while ranges are
hidden, because a team can show its ranges again only if they hold.
"""

from datetime import datetime, timedelta
from functools import partial

from city import City
from city.hours import Hours
from desk.model import Conversation
from desk.routing.hours import closing, open_seconds
from desk.routing.team_directory import get_hours
from desk.routing.wait_calibration import BANDS, Calibration
from desk.routing.wait_estimate import LEAST_CLAIMS, MOST_CLAIMS, Claim, Flow, Range, flow_of, outlook
from desk.store.pool import Executor
from desk.store.waits import flow, statements

RECENT = timedelta(hours=36)
"""Claims before count only if this hour of the last weeks is asked instead: at the start of a day the last ones are
yesterday's."""
WEEKS, AROUND = 4, timedelta(hours=1)


class Waits:
    """Built with the city; everything is read in the caller's transaction."""

    def __init__(self, city: City) -> None:
        self._city = city

    async def state(
        self, transaction: Executor, conversation: Conversation, place: int, now: datetime
    ) -> Range | None:
        """The range that this citizen may be told, kept as told; None if there is nothing honest to say."""
        team = conversation.team
        if team is None:
            return None
        hours = await get_hours(transaction, self._city, team)
        found = await self._flow(transaction, team, conversation, hours, now)
        if found is None:
            return None
        calibration = calibration_of(await statements.get_calibration(transaction, team))
        expected = outlook(found, place)
        said = calibration.range(expected, place)
        closes = closing(self._city, now, hours)
        usable = not said.useless and (closes is None or now + timedelta(minutes=said.high) <= closes)
        shown = usable and calibration.hidden is None
        await statements.add_statement(
            transaction,
            conversation.id,
            team,
            now,
            place,
            (expected.mean, expected.shape),
            (said.low, said.high),
            usable=usable,
            shown=shown,
        )
        return said if shown else None

    async def _flow(
        self, executor: Executor, team: str, conversation: Conversation, hours: Hours | None, now: datetime
    ) -> Flow | None:
        rows = await flow.list_latest_claims(executor, team, now - RECENT, now, MOST_CLAIMS + 1)
        if len(rows) <= LEAST_CLAIMS:
            rows = await flow.list_claims_of_hour(executor, team, now, WEEKS, AROUND, MOST_CLAIMS + 1)
            since = None
        else:
            since = await flow.get_waiting_since(executor, team, conversation.id)
        claims = [Claim(row.queued_at, row.claimed_at) for row in rows]
        seconds = partial(_between, self._city, hours)
        return flow_of(claims, seconds, now=now, waiting_since=since)


def calibration_of(row: statements.CalibrationRow | None) -> Calibration:
    """A stored calibration; without one, or with one of another release, the first guess, which is hidden."""
    if row is None or len(row.lows) != len(BANDS) + 1 or len(row.highs) != len(BANDS) + 1:
        return Calibration()
    return Calibration(tuple(zip(row.lows, row.highs, strict=True)), row.hidden)


def _between(city: City, hours: Hours | None, start: datetime, end: datetime) -> float:
    # Most gaps are short. Claims outside the hours count as work, too.
    if (end - start) < timedelta(minutes=5):
        return (end - start).total_seconds()
    return open_seconds(city, start, end, hours)
