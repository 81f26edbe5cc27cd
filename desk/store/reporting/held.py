"""Which conversations agents had in hand, and from when to when."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from desk.model import Scope
from desk.store.pool import Executor

LONGEST_DAYS = 92
"""A stay in one state that began longer before the period is not found any more."""


@dataclass(frozen=True, slots=True)
class HeldRow:
    """One stay with an agent. `end` is None for the present one; `active`: it was the agent's turn."""

    agent_id: UUID
    agent_name: str
    start: datetime
    end: datetime | None
    active: bool


async def list_held(executor: Executor, scope: Scope, start: datetime, end: datetime) -> list[HeldRow]:
    """The stays that touch the period. With a scope of teams: those of their conversations."""
    rows = await executor.fetch(
        f"""SELECT t.to_agent_id AS agent_id, coalesce(a.name, '') AS agent_name, t.at AS start, n.at AS end,
                  t.to_state = 'assigned' AS active
           FROM conversation_transitions t
           LEFT JOIN LATERAL (SELECT at FROM conversation_transitions
                              WHERE conversation_id = t.conversation_id AND id > t.id ORDER BY id LIMIT 1) n ON true
           LEFT JOIN agents a ON a.id = t.to_agent_id
           WHERE t.to_state IN ('assigned', 'waiting_on_contact') AND t.to_agent_id IS NOT NULL
             AND t.at < $2 AND t.at > $1::timestamptz - interval '{LONGEST_DAYS} days'
             AND (n.at IS NULL OR n.at > $1) AND ($3 OR t.to_team = ANY ($4))
           ORDER BY t.at""",  # noqa: S608  (our own constants)
        start,
        end,
        scope.everything,
        list(scope.teams),
    )
    return [HeldRow(**dict(row)) for row in rows]
