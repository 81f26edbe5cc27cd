"""What the bot understood and the outcome, for every citizen message that was sent to it."""

from collections.abc import Mapping
from uuid import UUID

from desk.model import Outcome
from desk.store.pool import Executor


async def add_turn(
    executor: Executor,
    message_id: UUID,
    conversation_id: UUID,
    fence: int,
    outcome: Outcome,
    *,
    intent: str | None = None,
    confidence: float | None = None,
    parse: Mapping[str, object] | None = None,
    took_ms: int | None = None,
    event_id: int | None = None,
    form: str | None = None,
) -> None:
    """Store the turn and mark its event as done; recording the same message again changes nothing."""
    await executor.execute(
        """WITH over AS (UPDATE events SET state = 'done', error = NULL WHERE id = $9)
           INSERT INTO turns (message_id, conversation_id, fence, outcome, intent, confidence, parse, took_ms, form)
           VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $10) ON CONFLICT (message_id) DO NOTHING""",
        message_id,
        conversation_id,
        fence,
        outcome,
        intent,
        confidence,
        dict(parse or {}),
        took_ms,
        event_id,
        form,
    )


async def is_recorded(executor: Executor, message_id: UUID) -> bool:
    """Whether the outcome of this message's turn is stored."""
    found: bool = await executor.fetchval(
        "SELECT EXISTS (SELECT 1 FROM turns WHERE message_id = $1)", message_id
    )
    return found


async def get_last_subject(executor: Executor, conversation_id: UUID, subjects: list[str]) -> str | None:
    """The intent among `subjects` that the bot answered last in this conversation."""
    found: str | None = await executor.fetchval(
        """SELECT intent FROM turns WHERE conversation_id = $1 AND outcome = 'answered' AND intent = ANY ($2)
           ORDER BY created_at DESC LIMIT 1""",
        conversation_id,
        subjects,
    )
    return found
