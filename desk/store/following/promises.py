"""Back ends' expected completion dates, and which citizens must be told that one may be, or is, missed."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from desk.store.pool import Executor

SOON, MISSED = 1, 2
"""What a citizen was told last; 0: nothing. A new date begins again."""


@dataclass(frozen=True, slots=True)
class DuePromise:
    """An open request whose date is near (`stage` SOON) or over (MISSED)."""

    id: UUID
    stage: int
    expected_at: datetime


async def set_expected(executor: Executor, backend: str, reference: str, expected_at: datetime) -> None:
    """Record the date that the back end gives. A later one is a new promise."""
    await executor.execute(
        """UPDATE service_requests SET expected_at = $3,
               promise_told = CASE WHEN expected_at IS NULL OR $3 > expected_at THEN 0 ELSE promise_told END
           WHERE backend = $1 AND reference = $2 AND state = 'filed' AND expected_at IS DISTINCT FROM $3""",
        backend,
        reference,
        expected_at,
    )


async def list_due(executor: Executor, now: datetime, limit: int = 50) -> list[DuePromise]:
    """Those whose citizens are told of changes: a day before the date, or a fifth of the time if that is less; and after
    it. Dates that were over for more than a month when they became known are history."""
    rows = await executor.fetch(
        """SELECT id, CASE WHEN expected_at <= $1 THEN 2 ELSE 1 END AS stage, expected_at FROM service_requests
           WHERE state = 'filed' AND status IS DISTINCT FROM 'closed' AND told_status IS NOT NULL
             AND expected_at > $1::timestamptz - interval '30 days'
             AND ((expected_at <= $1 AND promise_told < 2)
                  OR (promise_told < 1 AND expected_at > $1
                      AND expected_at - least(interval '1 day', (expected_at - filed_at) / 5) <= $1))
           ORDER BY expected_at LIMIT $2""",
        now,
        limit,
    )
    return [DuePromise(**dict(row)) for row in rows]


async def mark_promise_told(executor: Executor, due: DuePromise) -> bool:
    """Record that the citizen is told. False if that was already done, or it is closed, or has a new date."""
    tag = await executor.execute(
        """UPDATE service_requests SET promise_told = $2
           WHERE id = $1 AND promise_told < $2 AND expected_at = $3 AND status IS DISTINCT FROM 'closed'""",
        due.id,
        due.stage,
        due.expected_at,
    )
    return tag == "UPDATE 1"
