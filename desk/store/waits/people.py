"""The transitions of a time, with the person behind each: linked contacts are one."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from desk.store.pool import Executor


@dataclass(frozen=True, slots=True)
class Move:
    """One transition. `person` is the contact, or all that are linked to it; the conversation itself where the contact
    was erased."""

    person: UUID
    conversation_id: UUID
    at: datetime
    from_state: str | None
    to_state: str | None
    actor_kind: str
    why: str
    team: str | None = None


async def list_moves(executor: Executor, since: datetime, until: datetime) -> list[Move]:
    """Every transition of the people who asked for a person in this time, up to its end. What was before it is not
    looked at: a wait belongs to the time in which it began."""
    rows = await executor.fetch(
        """SELECT coalesce(c.person_id, v.contact_id, t.conversation_id) AS person, t.conversation_id, t.at,
                  t.from_state, t.to_state, t.actor_kind, t.why, coalesce(t.to_team, t.from_team) AS team
           FROM conversation_transitions t
           LEFT JOIN conversations v ON v.id = t.conversation_id LEFT JOIN contacts c ON c.id = v.contact_id
           WHERE t.at >= $1 AND t.at <= $2 AND t.conversation_id IN (
               SELECT conversation_id FROM conversation_transitions
               WHERE at >= $1 AND at <= $2 AND (to_state = 'queued' OR why = 'replied'))
           ORDER BY t.id""",
        since,
        until,
    )
    return [Move(**dict(row)) for row in rows]
