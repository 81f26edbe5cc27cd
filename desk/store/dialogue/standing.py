"""Where a contact's conversation stands: its state, its agent, its position in the queue."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from desk.model import ConversationState
from desk.store.pool import Executor

AHEAD = "(o.urgency IS NULL, -o.priority, o.queued_at, o.id) <= (v.urgency IS NULL, -v.priority, v.queued_at, v.id)"
"""Whether conversation `o` stands in the queue before `v`, or is `v`: urgency, then priority, then time."""
SERVED = "v.urgency IS NULL, v.priority DESC, v.queued_at, v.id"
"""The same as an order."""


@dataclass(frozen=True, slots=True)
class Standing:
    """`state` is None without an open conversation; `position` is 1 for the next in the queue; `pending`:
    an event is still to be answered; `told` are the minutes that somebody who waits was told, and when."""

    language: str | None
    state: ConversationState | None
    agent_name: str | None
    position: int | None
    pending: bool
    team: str | None = None
    told_low: int | None = None
    told_high: int | None = None
    told_at: datetime | None = None


async def get_standing(executor: Executor, contact_id: UUID) -> Standing | None:
    """A contact's current standing: one query for what every widget needs at every wake-up. None: no such
    contact."""
    row = await executor.fetchrow(
        f"""
        SELECT coalesce(v.language, c.language) AS language, v.state, v.team, a.name AS agent_name,
               CASE WHEN v.state = 'queued' THEN (
                   SELECT count(*) FROM conversations o WHERE o.state = 'queued' AND o.team IS NOT DISTINCT FROM v.team
                   AND {AHEAD}) END AS position,
               EXISTS (SELECT 1 FROM events e WHERE e.contact_id = c.id AND e.state IN ('received', 'appended')) AS pending,
               told.low AS told_low, told.high AS told_high, told.at AS told_at
        FROM contacts c LEFT JOIN conversations v ON v.contact_id = c.id AND v.state <> 'resolved'
        LEFT JOIN agents a ON a.id = v.agent_id
        LEFT JOIN LATERAL (SELECT w.low, w.high, w.at, w.shown FROM wait_statements w
                           WHERE w.conversation_id = v.id AND w.ended_at IS NULL ORDER BY w.id DESC LIMIT 1) told
               ON told.shown AND v.state = 'queued'
        WHERE c.id = $1
        """,  # noqa: S608  (our own constants)
        contact_id,
    )
    return Standing(**dict(row)) if row else None


async def get_place(executor: Executor, conversation_id: UUID) -> int | None:
    """The position in its team's queue, 1 for the next; None if it is not queued."""
    found: int | None = await executor.fetchval(
        f"""
        SELECT (SELECT count(*) FROM conversations o WHERE o.state = 'queued' AND o.team IS NOT DISTINCT FROM v.team
                AND {AHEAD})
        FROM conversations v WHERE v.id = $1 AND v.state = 'queued'
        """,  # noqa: S608  (our own constants)
        conversation_id,
    )
    return found
