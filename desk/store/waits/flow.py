"""A team's latest claims, from which the flow of its queue is computed."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from desk.store.pool import Executor

# Since when somebody stood in the queue: the last time that the conversation came into it.
_CLAIMS = """
    SELECT q.at AS queued_at, t.at AS claimed_at FROM conversation_transitions t
    CROSS JOIN LATERAL (SELECT max(e.at) AS at FROM conversation_transitions e
                        WHERE e.conversation_id = t.conversation_id AND e.id < t.id AND e.to_state = 'queued') q
    WHERE t.from_team = $1 AND t.from_state = 'queued' AND t.to_state = 'assigned' AND q.at IS NOT NULL"""


@dataclass(frozen=True, slots=True)
class ClaimRow:
    """Somebody was taken from the queue."""

    queued_at: datetime
    claimed_at: datetime


async def list_latest_claims(
    executor: Executor, team: str, since: datetime, until: datetime, limit: int
) -> list[ClaimRow]:
    """The latest claims of the team in this time, newest first."""
    rows = await executor.fetch(
        f"{_CLAIMS} AND t.at > $2 AND t.at <= $3 ORDER BY t.at DESC LIMIT $4", team, since, until, limit
    )
    return [ClaimRow(**dict(row)) for row in rows]


async def list_claims_of_hour(
    executor: Executor, team: str, now: datetime, weeks: int, around: timedelta, limit: int
) -> list[ClaimRow]:
    """Claims at about this hour of the week in the last weeks, newest first."""
    rows = await executor.fetch(
        f"""{_CLAIMS} AND EXISTS (SELECT FROM generate_series(1, $3::int) w WHERE
                t.at BETWEEN $2::timestamptz - w * interval '7 days' - $4::interval
                     AND $2::timestamptz - w * interval '7 days' + $4::interval)
            AND t.at > $2::timestamptz - ($3::int + 1) * interval '7 days' ORDER BY t.at DESC LIMIT $5""",
        team,
        now,
        weeks,
        around,
        limit,
    )
    return [ClaimRow(**dict(row)) for row in rows]


async def get_waiting_since(executor: Executor, team: str, other_than: object) -> datetime | None:
    """Since when the one who waits longest in the team's queue waits, apart from one conversation."""
    found: datetime | None = await executor.fetchval(
        "SELECT min(queued_at) FROM conversations WHERE state = 'queued' AND team = $1 AND id <> $2",
        team,
        other_than,
    )
    return found
