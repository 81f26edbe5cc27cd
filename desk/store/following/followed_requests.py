"""Filed requests whose status is followed at their back end."""

from datetime import datetime
from uuid import UUID

from desk.store.pool import Executor


async def set_followed_status(
    executor: Executor,
    backend: str,
    reference: str,
    status: str,
    raw_status: str,
    at: datetime,
    now: datetime,
) -> UUID | None:
    """Record the status that the back end reports for a filed request; returns its id if that changed
    anything, else None. `at` is the back end's time of the change: anything older than our filing is
    ignored.
    """
    id: UUID | None = await executor.fetchval(
        """UPDATE service_requests SET status = $3, raw_status = $4, updated_at = $6
           WHERE backend = $1 AND reference = $2 AND state = 'filed'
             AND (status IS DISTINCT FROM $3 OR raw_status IS DISTINCT FROM $4)
             AND (status IS DISTINCT FROM 'closed' OR $5 >= updated_at)
           RETURNING id""",
        backend,
        reference,
        status,
        raw_status,
        at,
        now,
    )
    return id


async def get_untold(executor: Executor, backend: str, reference: str, note: str) -> UUID | None:
    """The open request whose citizen is told of news and was not told this `note` (a digest), else None."""
    id: UUID | None = await executor.fetchval(
        """SELECT id FROM service_requests
           WHERE backend = $1 AND reference = $2 AND state = 'filed' AND status = 'open' AND told_status IS NOT NULL
             AND told_note IS DISTINCT FROM $3""",
        backend,
        reference,
        note,
    )
    return id


async def mark_note_told(executor: Executor, id: UUID, note: str) -> bool:
    """Whether the citizen has to be told this `note` (a digest): they are told of changes, and do not know it yet. What
    stood there when news of notes began is no news."""
    before: str | None = await executor.fetchval(
        """UPDATE service_requests SET told_note = $2
           WHERE id = $1 AND told_status IS NOT NULL AND told_note IS DISTINCT FROM $2
           RETURNING coalesce((SELECT told_note FROM service_requests WHERE id = $1), 'none')""",
        id,
        note,
    )
    return before is not None and before != ""


async def list_followed(executor: Executor, backend: str) -> list[str]:
    """Numbers of the requests at this back end that are not closed."""
    rows = await executor.fetch(
        """SELECT reference FROM service_requests
           WHERE backend = $1 AND state = 'filed' AND reference IS NOT NULL AND status IS DISTINCT FROM 'closed'
           ORDER BY updated_at LIMIT 5000""",
        backend,
    )
    return [row["reference"] for row in rows]


async def set_tells_status(executor: Executor, id: UUID, *, tells: bool) -> None:
    """Whether the citizen is told when the request's status changes from what it is now."""
    await executor.execute(
        "UPDATE service_requests SET told_status = CASE WHEN $2 THEN coalesce(status, 'open') END WHERE id = $1",
        id,
        tells,
    )


async def mark_status_told(executor: Executor, id: UUID, status: str) -> bool:
    """Whether the citizen has to be told of this status: they are told of changes, and do not know it yet."""
    tag = await executor.execute(
        """UPDATE service_requests SET told_status = $2
           WHERE id = $1 AND told_status IS NOT NULL AND told_status <> $2""",
        id,
        status,
    )
    return tag == "UPDATE 1"
