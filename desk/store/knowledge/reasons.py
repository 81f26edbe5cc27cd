"""Why the assistant replied as it did: each of its replies with what it had understood of the message before."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from desk.store.pool import Executor


@dataclass(frozen=True, slots=True)
class Reasoned:
    """A reply of the assistant. `answer` and `version`: the approved answer that it is, and which version of it (None: as the
    release has it). `parse` is as the bot gave it; a bot of another version may have written other things."""

    message_id: UUID
    at: datetime
    text: str
    language: str
    answer: str | None
    version: int | None
    intent: str | None
    confidence: float | None
    outcome: str
    parse: Mapping[str, Any]


async def list_of_conversation(executor: Executor, conversation_id: UUID) -> list[Reasoned]:
    """In the order in which they were said."""
    rows = await executor.fetch(
        """SELECT m.id AS message_id, m.created_at AS at, m.text, m.language, m.content->'source'->>'answer' AS answer,
                  (m.content->'source'->>'version')::int AS version, t.intent, t.confidence, t.outcome, t.parse
           FROM messages m JOIN turns t ON t.message_id = m.reply_to
           WHERE m.conversation_id = $1 AND m.author = 'bot' ORDER BY m.seq""",
        conversation_id,
    )
    return [Reasoned(**dict(row)) for row in rows]


async def is_known(executor: Executor, conversation_id: UUID) -> bool:
    """Whether there is such a conversation."""
    found: bool = await executor.fetchval(
        "SELECT EXISTS (SELECT FROM conversations WHERE id = $1)", conversation_id
    )
    return found
