"""When a contact was queued, and from which network (a keyed digest) its web chat was opened."""

from dataclasses import dataclass
from uuid import UUID

from desk.store.pool import Executor


@dataclass(frozen=True, slots=True)
class HandoffCounts:
    """`of_contact` and `hourly_from_origin` cover the last hour; `waiting_from_origin` counts contacts
    waiting now. Both origin counts are 0 if there is no origin (every channel but the web chat)."""

    of_contact: int
    hourly_from_origin: int
    waiting_from_origin: int


async def count_recent(executor: Executor, contact_id: UUID) -> HandoffCounts:
    """The contact's current counts. Locks its origin until the end of the transaction."""
    origin: bytes | None = await executor.fetchval("SELECT origin FROM contacts WHERE id = $1", contact_id)
    if origin is not None:
        await executor.execute(
            "SELECT pg_advisory_xact_lock(hashtextextended($1, 0))", f"handoffs {origin.hex()}"
        )
    row = await executor.fetchrow(
        """SELECT (SELECT count(*) FROM handoffs WHERE contact_id = $1 AND at > clock_timestamp() - interval '1 hour')
                      AS of_contact,
                  (SELECT count(*) FROM handoffs WHERE origin = $2 AND at > clock_timestamp() - interval '1 hour')
                      AS hourly_from_origin,
                  (SELECT count(DISTINCT h.contact_id) FROM handoffs h
                   JOIN conversations v ON v.contact_id = h.contact_id AND v.state = 'queued' WHERE h.origin = $2)
                      AS waiting_from_origin""",
        contact_id,
        origin,
    )
    return HandoffCounts(**dict(row))


async def add_handoff(executor: Executor, contact_id: UUID) -> None:
    """Record that this contact was queued."""
    await executor.execute(
        "INSERT INTO handoffs (contact_id, origin) SELECT id, origin FROM contacts WHERE id = $1", contact_id
    )


async def delete_old(executor: Executor) -> None:
    """Delete handoffs older than a week: nobody is still waiting by then."""
    await executor.execute("DELETE FROM handoffs WHERE at < now() - interval '7 days'")
