"""Undo for a resolve, on the page that follows it."""

from dataclasses import dataclass
from math import ceil
from uuid import UUID

from console.deps import ConsoleDeps
from console.guard import Visit
from desk.store.replies import scheduled


@dataclass(frozen=True, slots=True)
class Undo:
    """`seconds` are left before the citizen is told."""

    conversation_id: UUID
    seconds: int


async def undo_offered(deps: ConsoleDeps, visit: Visit) -> Undo | None:
    """What the address's `undo` names, if this agent resolved it and the citizen does not know yet."""
    try:
        named = UUID(visit.request.args.get("undo", ""))
    except ValueError:
        return None
    waiting = await scheduled.get_resolved(deps.store.pool, named)
    if waiting is None or waiting.agent_id != visit.actor.agent_id or waiting.due_at <= visit.now:
        return None
    return Undo(named, ceil((waiting.due_at - visit.now).total_seconds()))
