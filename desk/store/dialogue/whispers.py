"""Messages from a supervisor to the agent of a conversation that nobody else sees."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from desk.store.pool import Executor


@dataclass(frozen=True, slots=True)
class Whisper:
    """One of them. `mine`: the reader wrote it."""

    id: UUID
    from_name: str
    to_name: str
    text: str
    created_at: datetime
    mine: bool
    read_at: datetime | None


async def add_whisper(
    executor: Executor, id: UUID, conversation_id: UUID, from_id: UUID, to_id: UUID, text: str
) -> None:
    """Add one; the same id again adds nothing."""
    await executor.execute(
        """INSERT INTO whispers (id, conversation_id, from_agent_id, to_agent_id, text)
           VALUES ($1, $2, $3, $4, $5) ON CONFLICT (id) DO NOTHING""",
        id,
        conversation_id,
        from_id,
        to_id,
        text,
    )


async def list_for(executor: Executor, conversation_id: UUID, reader_id: UUID) -> list[Whisper]:
    """Those that this person wrote or was sent and has not put away, oldest first."""
    rows = await executor.fetch(
        """SELECT w.id, f.name AS from_name, t.name AS to_name, w.text, w.created_at, w.from_agent_id = $2 AS mine,
                  w.read_at
           FROM whispers w JOIN agents f ON f.id = w.from_agent_id JOIN agents t ON t.id = w.to_agent_id
           WHERE w.conversation_id = $1
             AND (w.from_agent_id = $2 OR (w.to_agent_id = $2 AND w.read_at IS NULL))
           ORDER BY w.created_at, w.id""",
        conversation_id,
        reader_id,
    )
    return [Whisper(**dict(row)) for row in rows]


async def mark_read(executor: Executor, conversation_id: UUID, reader_id: UUID) -> None:
    """The agent has read them, and puts them away."""
    await executor.execute(
        """UPDATE whispers SET read_at = clock_timestamp()
           WHERE conversation_id = $1 AND to_agent_id = $2 AND read_at IS NULL""",
        conversation_id,
        reader_id,
    )
