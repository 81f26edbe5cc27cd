"""Turns: what the bot understood and what became of it, for every citizen message it was asked about."""

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
) -> None:
    """Keep the turn; a second record of the same message changes nothing. Its event is done with it."""
    await executor.execute(
        """WITH over AS (UPDATE events SET state = 'done', error = NULL WHERE id = $9)
           INSERT INTO turns (message_id, conversation_id, fence, outcome, intent, confidence, parse, took_ms)
           VALUES ($1, $2, $3, $4, $5, $6, $7, $8) ON CONFLICT (message_id) DO NOTHING""",
        message_id,
        conversation_id,
        fence,
        outcome,
        intent,
        confidence,
        dict(parse or {}),
        took_ms,
        event_id,
    )
