"""The waits that citizens were told, the actual outcomes, and how often the range held."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from desk.store.pool import Executor

_CALIBRATION = "team, lows, highs, hidden, statements, held, calibrated_at"


@dataclass(frozen=True, slots=True)
class Statement:
    """A range in minutes for a place. `mean` (seconds) and `shape` are what was expected. `waited` is in seconds of
    open time, `ended` is claimed or left; both None while it lasts. `since` is when the claim or leaving was."""

    id: int
    team: str
    at: datetime
    place: int
    mean: float
    shape: float
    low: int
    high: int
    usable: bool
    ended: str | None
    ended_at: datetime | None
    waited: float | None


@dataclass(frozen=True, slots=True)
class CalibrationRow:
    """The present calibration of a team: two scores for each band of places, and how often its ranges held."""

    team: str
    lows: Sequence[float]
    highs: Sequence[float]
    hidden: str | None
    statements: int
    held: int
    calibrated_at: datetime


@dataclass(frozen=True, slots=True)
class Backtest:
    """One night's: of `statements` in the 30 days before, `held` did. `width` is the median in minutes."""

    team: str
    day: date
    statements: int
    held: int
    width: float | None
    hidden: str | None


async def add_statement(
    executor: Executor,
    conversation_id: UUID,
    team: str,
    at: datetime,
    place: int,
    expected: tuple[float, float],
    minutes: tuple[int, int],
    *,
    usable: bool,
    shown: bool,
) -> None:
    """Keep a range. `expected` are mean and shape."""
    await executor.execute(
        """INSERT INTO wait_statements (conversation_id, team, at, place, mean, shape, low, high, usable, shown)
           VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)""",
        conversation_id,
        team,
        at,
        place,
        *expected,
        *minutes,
        usable,
        shown,
    )


async def list_over(executor: Executor, limit: int) -> list[Statement]:
    """Statements whose wait is over and that have no score yet; `ended` and `ended_at` are what happened."""
    rows = await executor.fetch(
        """SELECT s.id, s.team, s.at, s.place, s.mean, s.shape, s.low, s.high, s.usable, s.waited,
                  CASE WHEN e.to_state = 'assigned' THEN 'claimed' ELSE 'left' END AS ended, e.at AS ended_at
           FROM wait_statements s CROSS JOIN LATERAL (
               SELECT t.to_state, t.at FROM conversation_transitions t
               WHERE t.conversation_id = s.conversation_id AND t.at > s.at AND t.from_state = 'queued'
                 AND t.to_state IS DISTINCT FROM 'queued' ORDER BY t.id LIMIT 1) e
           WHERE s.ended_at IS NULL ORDER BY s.id LIMIT $1""",
        limit,
    )
    return [Statement(**dict(row)) for row in rows]


async def mark_ended(executor: Executor, statement: Statement, waited: float) -> None:
    """Store the outcome of a statement."""
    await executor.execute(
        "UPDATE wait_statements SET ended = $2, ended_at = $3, waited = $4 WHERE id = $1",
        statement.id,
        statement.ended,
        statement.ended_at,
        waited,
    )


async def list_teams(executor: Executor, since: datetime) -> list[str]:
    """The teams of which something was stated since then."""
    rows = await executor.fetch(
        "SELECT DISTINCT team FROM wait_statements WHERE at > $1 ORDER BY team", since
    )
    return [row["team"] for row in rows]


async def list_of_team(executor: Executor, team: str, since: datetime) -> list[Statement]:
    """Everything stated of a team since then, in the order in which it ended; what has not ended comes last."""
    rows = await executor.fetch(
        """SELECT id, team, at, place, mean, shape, low, high, usable, ended, ended_at, waited
           FROM wait_statements WHERE team = $1 AND at > $2 ORDER BY ended_at NULLS LAST, id""",
        team,
        since,
    )
    return [Statement(**dict(row)) for row in rows]


async def delete_old(executor: Executor, before: datetime) -> None:
    """Delete statements that are no longer needed to score others."""
    await executor.execute("DELETE FROM wait_statements WHERE at < $1", before)


async def get_calibration(executor: Executor, team: str) -> CalibrationRow | None:
    """The team's present calibration."""
    row = await executor.fetchrow(
        f"SELECT {_CALIBRATION} FROM wait_calibrations WHERE team = $1",  # noqa: S608  (our own columns)
        team,
    )
    return CalibrationRow(**dict(row)) if row else None


async def list_calibrations(executor: Executor) -> list[CalibrationRow]:
    """Those of all teams."""
    rows = await executor.fetch(f"SELECT {_CALIBRATION} FROM wait_calibrations ORDER BY team")  # noqa: S608  (our own columns)
    return [CalibrationRow(**dict(row)) for row in rows]


async def set_calibration(executor: Executor, row: CalibrationRow) -> None:
    """Replace a team's calibration."""
    await executor.execute(
        """INSERT INTO wait_calibrations (team, lows, highs, hidden, statements, held, calibrated_at)
           VALUES ($1, $2, $3, $4, $5, $6, $7)
           ON CONFLICT (team) DO UPDATE SET lows = excluded.lows, highs = excluded.highs, hidden = excluded.hidden,
               statements = excluded.statements, held = excluded.held, calibrated_at = excluded.calibrated_at""",
        row.team,
        list(row.lows),
        list(row.highs),
        row.hidden,
        row.statements,
        row.held,
        row.calibrated_at,
    )


async def set_backtest(executor: Executor, row: Backtest) -> None:
    """Keep one night's result; a second one of the same day replaces it."""
    await executor.execute(
        """INSERT INTO wait_backtests (team, day, statements, held, width, hidden) VALUES ($1, $2, $3, $4, $5, $6)
           ON CONFLICT (team, day) DO UPDATE SET statements = excluded.statements, held = excluded.held,
               width = excluded.width, hidden = excluded.hidden""",
        row.team,
        row.day,
        row.statements,
        row.held,
        row.width,
        row.hidden,
    )


async def list_backtests(executor: Executor, nights: timedelta, now: datetime) -> list[Backtest]:
    """The results of the last nights, newest first, by team."""
    rows = await executor.fetch(
        "SELECT team, day, statements, held, width, hidden FROM wait_backtests WHERE day > ($2::timestamptz - $1::interval)::date ORDER BY team, day DESC",
        nights,
        now,
    )
    return [Backtest(**dict(row)) for row in rows]
