"""Requests that their back end should have but does not, or rejected: listed so that a person can retry them."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from desk.store.pool import Executor

AFTER = timedelta(minutes=10)
"""How long a request may be on its way before it counts as stuck."""
REFUSED_FOR = timedelta(days=30)
MOST = 200


@dataclass(frozen=True, slots=True)
class StuckRequest:
    """`error` is the last reason, in the back end's words or ours. `next_at` is when it is tried again by itself, None for one
    that was refused."""

    id: UUID
    conversation_id: UUID | None
    backend: str
    service_code: str
    state: str
    error: str | None
    attempts: int
    created_at: datetime
    next_at: datetime | None


async def list_stuck(executor: Executor, now: datetime) -> list[StuckRequest]:
    """The oldest first. One that waits for its number is stuck after a day, as some systems give it over night."""
    rows = await executor.fetch(
        """SELECT id, conversation_id, backend, service_code, state, error, attempts, created_at,
                  CASE WHEN state <> 'refused' THEN available_at END AS next_at
           FROM service_requests
           WHERE (state IN ('recorded', 'filing', 'unknown') AND created_at < $1)
              OR (state = 'awaiting_reference' AND created_at < $2)
              OR (state = 'refused' AND updated_at > $3)
           ORDER BY created_at, id LIMIT $4""",
        now - AFTER,
        now - timedelta(days=1),
        now - REFUSED_FOR,
        MOST,
    )
    return [StuckRequest(**row) for row in rows]


async def retry(executor: Executor, id: UUID, now: datetime) -> bool:
    """Try it at once; a rejected one is sent again. False if a worker is processing it, or it is no longer stuck."""
    tag = await executor.execute(
        """UPDATE service_requests SET available_at = $2,
               updated_at = CASE WHEN state = 'refused' THEN $2 ELSE updated_at END,
               attempts = CASE WHEN state = 'refused' THEN 0 ELSE attempts END,
               state = CASE WHEN state = 'refused' THEN 'recorded' ELSE state END
           WHERE id = $1 AND state IN ('recorded', 'filing', 'unknown', 'awaiting_reference', 'refused')
             AND lease_until <= now()""",
        id,
        now,
    )
    return tag == "UPDATE 1"
