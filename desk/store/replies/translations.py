"""Other versions of a message: a machine translation, or an agent's original words before translation."""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal
from uuid import UUID

from desk.store.pool import Executor

Origin = Literal["machine", "agent"]


@dataclass(frozen=True, slots=True)
class Wording:
    """`origin` "machine": a translation of the message, by `provider`, from `source` if that is known. "agent": what the
    agent wrote, from which `provider` made what was sent."""

    message_id: UUID
    language: str
    text: str
    origin: Origin
    source: str | None
    provider: str
    made_at: datetime


async def add_wording(executor: Executor, wording: Wording) -> bool:
    """Keep it; False if there is one in this language already, or the citizen has deleted the message meanwhile."""
    tag = await executor.execute(
        """INSERT INTO message_translations (message_id, language, text, origin, source, provider, made_at)
           SELECT id, $2, $3, $4, $5, $6, $7 FROM messages WHERE id = $1 AND NOT content ? 'deleted' FOR SHARE
           ON CONFLICT (message_id, language) DO NOTHING""",
        wording.message_id,
        wording.language,
        wording.text,
        wording.origin,
        wording.source,
        wording.provider,
        wording.made_at,
    )
    return tag == "INSERT 0 1"


async def list_of_conversation(executor: Executor, conversation_id: UUID) -> dict[UUID, list[Wording]]:
    """All of a conversation, by message, the oldest first."""
    rows = await executor.fetch(
        """SELECT t.message_id, t.language, t.text, t.origin, t.source, t.provider, t.made_at
           FROM messages m JOIN message_translations t ON t.message_id = m.id
           WHERE m.conversation_id = $1 ORDER BY t.made_at""",
        conversation_id,
    )
    found: dict[UUID, list[Wording]] = {}
    for row in rows:
        found.setdefault(row["message_id"], []).append(Wording(**dict(row)))
    return found


async def delete_machine_made(executor: Executor, message_ids: list[UUID]) -> None:
    """The messages were deleted or changed: what a machine made of their text is no longer true of them."""
    await executor.execute(
        "DELETE FROM message_translations WHERE message_id = ANY($1) AND origin = 'machine'", message_ids
    )
