"""Conversations of the assistant in which nobody has written for a long time."""

from collections.abc import Mapping
from dataclasses import dataclass
from uuid import UUID

from desk.store.pool import Executor


@dataclass(frozen=True, slots=True)
class Idle:
    """`draft`: a report was under way and is not sent."""

    conversation_id: UUID
    contact_id: UUID
    draft: bool


async def list_idle(
    executor: Executor,
    hours: Mapping[str, tuple[int, int]],
    *,
    only: UUID | None = None,
    limit: int = 100,
) -> list[Idle]:
    """Those that end now, by the database's clock (`now()`, so that the index by time is used). `hours`, by inbox: after how many without a message, and after how
    many while a report is under way. Not while an event waits for its answer, or a request is not filed or changed yet."""
    rows = await executor.fetch(
        """SELECT v.id AS conversation_id, v.contact_id, k.form IS NOT NULL AS draft
           FROM conversations v
           JOIN unnest($1::text[], $2::int[], $3::int[]) AS i (inbox, hours, draft_hours) ON i.inbox = v.inbox
           CROSS JOIN LATERAL (SELECT max(created_at) AS at FROM messages WHERE conversation_id = v.id) m
           LEFT JOIN LATERAL (SELECT form FROM turns WHERE conversation_id = v.id AND took_ms IS NOT NULL
                              ORDER BY created_at DESC LIMIT 1) k ON true
           WHERE v.state = 'bot' AND ($4::uuid IS NULL OR v.id = $4)
             AND v.updated_at < now() - make_interval(hours => i.hours)
             AND coalesce(m.at, v.created_at) < now() - make_interval(
                 hours => CASE WHEN k.form IS NULL THEN i.hours ELSE i.draft_hours END)
             AND NOT EXISTS (SELECT FROM events WHERE contact_id = v.contact_id AND state IN ('received', 'appended'))
             AND NOT EXISTS (SELECT FROM service_requests WHERE conversation_id = v.id
                             AND state IN ('recorded', 'filing', 'unknown', 'awaiting_reference'))
             AND NOT EXISTS (SELECT FROM request_changes WHERE conversation_id = v.id AND state = 'recorded')
           ORDER BY v.updated_at LIMIT $5""",
        list(hours),
        [one for one, _ in hours.values()],
        [draft for _, draft in hours.values()],
        only,
        limit,
    )
    return [Idle(**dict(row)) for row in rows]
