"""Who was at work when. A trigger writes it whenever a presence changes; rows are deleted 400 days after they end."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from desk.model import Scope
from desk.store.pool import Executor


@dataclass(frozen=True, slots=True)
class Stay:
    """An agent was in this state; `ended_at` is None while it lasts. Who is offline has no row."""

    agent_id: UUID
    agent_name: str
    state: str
    began_at: datetime
    ended_at: datetime | None


async def list_stays(executor: Executor, scope: Scope, start: datetime, end: datetime) -> list[Stay]:
    """Those that touch this span of time, of agents within the scope, by name and in order."""
    rows = await executor.fetch(
        """SELECT h.agent_id, a.name AS agent_name, h.state, h.began_at, h.ended_at
           FROM presence_history h JOIN agents a ON a.id = h.agent_id
           WHERE h.began_at < $4 AND coalesce(h.ended_at, 'infinity') > $3 AND ($1 OR a.teams && $2::text[])
           ORDER BY a.name, h.agent_id, h.began_at""",
        scope.everything, list(scope.teams), start, end,
    )  # fmt: skip
    return [Stay(**dict(row)) for row in rows]
