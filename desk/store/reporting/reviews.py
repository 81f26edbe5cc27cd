"""Quality reviews: what supervisors think of a conversation. Erased with the conversation."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from desk.store.pool import Executor


@dataclass(frozen=True, slots=True)
class Review:
    """`points` by criterion; `score` in percent of the most that the criteria give."""

    reviewer_id: UUID
    reviewer: str
    points: Mapping[str, int]
    score: int
    note: str
    created_at: datetime


async def set_review(
    executor: Executor,
    conversation_id: UUID,
    reviewer_id: UUID,
    points: Mapping[str, int],
    score: int,
    note: str,
) -> None:
    """Store this reviewer's view; it replaces the one before."""
    await executor.execute(
        """INSERT INTO quality_reviews (conversation_id, reviewer_id, points, score, note) VALUES ($1, $2, $3, $4, $5)
           ON CONFLICT (conversation_id, reviewer_id) DO UPDATE
           SET points = excluded.points, score = excluded.score, note = excluded.note, created_at = clock_timestamp()""",
        conversation_id,
        reviewer_id,
        dict(points),
        score,
        note,
    )


async def list_of_conversation(executor: Executor, conversation_id: UUID) -> list[Review]:
    """All of them, oldest first."""
    rows = await executor.fetch(
        """SELECT q.reviewer_id, a.name AS reviewer, q.points, q.score, q.note, q.created_at
           FROM quality_reviews q JOIN agents a ON a.id = q.reviewer_id
           WHERE q.conversation_id = $1 ORDER BY q.created_at""",
        conversation_id,
    )
    return [Review(**dict(row)) for row in rows]
