"""Notes of agents about a conversation. Words can be redacted; an erased conversation loses them all."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from desk.store.pool import Executor


@dataclass(frozen=True, slots=True)
class Note:
    """One note."""

    id: UUID
    agent_name: str
    text: str
    created_at: datetime


async def add_note(
    executor: Executor, conversation_id: UUID, agent_id: UUID, text: str, note_id: UUID
) -> None:
    """Add a note; the same `note_id` again adds nothing."""
    await executor.execute(
        """INSERT INTO conversation_notes (id, conversation_id, agent_id, text) VALUES ($1, $2, $3, $4)
           ON CONFLICT (id) DO NOTHING""",
        note_id,
        conversation_id,
        agent_id,
        text,
    )


async def list_of_conversation(executor: Executor, conversation_id: UUID) -> list[Note]:
    """The notes, oldest first."""
    rows = await executor.fetch(
        """SELECT n.id, a.name AS agent_name, n.text, n.created_at
           FROM conversation_notes n JOIN agents a ON a.id = n.agent_id
           WHERE n.conversation_id = $1 ORDER BY n.created_at, n.id""",
        conversation_id,
    )
    return [Note(**dict(row)) for row in rows]
