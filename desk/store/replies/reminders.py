"""An agent's reminders, and notes in which a colleague mentioned them."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from desk.store.pool import Executor


@dataclass(frozen=True, slots=True)
class Reminder:
    """One reminder of a conversation."""

    id: UUID
    conversation_id: UUID
    contact_name: str | None
    text: str
    due_at: datetime


@dataclass(frozen=True, slots=True)
class Mention:
    """A note that names the agent and was not seen yet."""

    conversation_id: UUID
    contact_name: str | None
    by: str
    created_at: datetime


async def add_reminder(
    executor: Executor, id: UUID, agent_id: UUID, conversation_id: UUID, text: str, due_at: datetime
) -> None:
    """Keep a reminder; the same `id` again adds nothing."""
    await executor.execute(
        """INSERT INTO reminders (id, agent_id, conversation_id, text, due_at) VALUES ($1, $2, $3, $4, $5)
           ON CONFLICT (id) DO NOTHING""",
        id,
        agent_id,
        conversation_id,
        text,
        due_at,
    )


async def mark_done(executor: Executor, id: UUID, agent_id: UUID, now: datetime) -> bool:
    """The agent's own reminder is done. False if it is somebody else's, or was done before."""
    tag = await executor.execute(
        "UPDATE reminders SET done_at = $3 WHERE id = $1 AND agent_id = $2 AND done_at IS NULL",
        id,
        agent_id,
        now,
    )
    return tag == "UPDATE 1"


async def list_due(executor: Executor, agent_id: UUID, now: datetime, limit: int = 20) -> list[Reminder]:
    """The agent's reminders whose time has come, the oldest first."""
    rows = await executor.fetch(
        """SELECT r.id, r.conversation_id, c.name AS contact_name, r.text, r.due_at
           FROM reminders r JOIN conversations v ON v.id = r.conversation_id JOIN contacts c ON c.id = v.contact_id
           WHERE r.agent_id = $1 AND r.done_at IS NULL AND r.due_at <= $2 ORDER BY r.due_at, r.id LIMIT $3""",
        agent_id,
        now,
        limit,
    )
    return [Reminder(**dict(row)) for row in rows]


async def list_of_conversation(
    executor: Executor, agent_id: UUID, conversation_id: UUID
) -> list[tuple[UUID, str, datetime]]:
    """(id, text, time) of the agent's open reminders of this conversation."""
    rows = await executor.fetch(
        """SELECT id, text, due_at FROM reminders
           WHERE agent_id = $1 AND conversation_id = $2 AND done_at IS NULL ORDER BY due_at, id""",
        agent_id,
        conversation_id,
    )
    return [(row["id"], row["text"], row["due_at"]) for row in rows]


async def add_mentions(executor: Executor, note_id: UUID, agent_ids: Iterable[UUID]) -> None:
    """These agents are named in the note."""
    await executor.execute(
        """INSERT INTO note_mentions (note_id, agent_id) SELECT $1, id FROM unnest($2::uuid[]) AS id
           ON CONFLICT (note_id, agent_id) DO NOTHING""",
        note_id,
        list(agent_ids),
    )


async def list_unseen(executor: Executor, agent_id: UUID, limit: int = 20) -> list[Mention]:
    """Notes that name the agent and that they have not seen, the oldest first."""
    rows = await executor.fetch(
        """SELECT n.conversation_id, c.name AS contact_name, a.name AS by, n.created_at
           FROM note_mentions m JOIN conversation_notes n ON n.id = m.note_id
           JOIN conversations v ON v.id = n.conversation_id JOIN contacts c ON c.id = v.contact_id
           JOIN agents a ON a.id = n.agent_id
           WHERE m.agent_id = $1 AND m.seen_at IS NULL ORDER BY n.created_at, n.id LIMIT $2""",
        agent_id,
        limit,
    )
    return [Mention(**dict(row)) for row in rows]


async def mark_seen(executor: Executor, agent_id: UUID, conversation_id: UUID, now: datetime) -> None:
    """The agent has the conversation's notes before them."""
    await executor.execute(
        """UPDATE note_mentions SET seen_at = $3 FROM conversation_notes n
           WHERE n.id = note_id AND n.conversation_id = $2 AND note_mentions.agent_id = $1 AND seen_at IS NULL""",
        agent_id,
        conversation_id,
        now,
    )


async def count_calls(executor: Executor, agent_id: UUID, now: datetime) -> int:
    """How many due reminders and unseen notes wait for the agent."""
    counted: int = await executor.fetchval(
        """SELECT (SELECT count(*) FROM reminders WHERE agent_id = $1 AND done_at IS NULL AND due_at <= $2)
                + (SELECT count(*) FROM note_mentions WHERE agent_id = $1 AND seen_at IS NULL)""",
        agent_id,
        now,
    )
    return counted
