"""How long conversations have been with agents, to find those that may miss their promised resolution time."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from desk.model import Scope
from desk.store.dialogue.listing import VISIBLE, scope_values
from desk.store.pool import Executor
from desk.store.reporting.wall import Cutoff


@dataclass(frozen=True, slots=True)
class InHand:
    """`stays`: when it waited in the queue or it was an agent's turn; the end of the present one is None."""

    id: UUID
    team: str | None
    urgent: bool
    stays: tuple[tuple[datetime, datetime | None], ...]


async def list_in_hand(
    executor: Executor, scope: Scope, cutoffs: Sequence[Cutoff], agent_id: UUID | None = None
) -> list[InHand]:
    """Conversations of agents (or of one agent) that entered the queue before `risk` of their kind: no other can be at risk."""
    rows = await executor.fetch(
        f"""SELECT v.id, v.team, v.urgency IS NOT NULL AS urgent, s.starts, s.ends
            FROM conversations v
            JOIN unnest($4::text[], $5::bool[], $6::timestamptz[]) AS c (team, urgent, risk)
                ON coalesce(c.team, '') = coalesce(v.team, '') AND c.urgent = (v.urgency IS NOT NULL)
                AND v.queued_at < c.risk
            CROSS JOIN LATERAL (
                SELECT array_agg(at ORDER BY id) AS starts, array_agg(until ORDER BY id) AS ends
                FROM (SELECT id, at, to_state, lead(at) OVER (ORDER BY id) AS until FROM conversation_transitions
                      WHERE conversation_id = v.id) t
                WHERE to_state IN ('queued', 'assigned')) s
            WHERE {VISIBLE} AND v.state IN ('assigned', 'waiting_on_contact') AND s.starts IS NOT NULL
              AND ($7::uuid IS NULL OR v.agent_id = $7)""",  # noqa: S608  (our own constants)
        *scope_values(scope),
        [one.team for one in cutoffs],
        [one.urgent for one in cutoffs],
        [one.risk for one in cutoffs],
        agent_id,
    )
    return [
        InHand(row["id"], row["team"], row["urgent"], tuple(zip(row["starts"], row["ends"], strict=True)))
        for row in rows
    ]
