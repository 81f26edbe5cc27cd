"""A comparison of two models that is over, with questions that they would answer differently."""

from datetime import UTC, datetime
from uuid import UUID

from desk.store.pool import Store


async def add_comparison(store: Store, asked_by: UUID) -> int:
    """Its id; it is of a training without a model."""
    pool, now = store.pool, datetime.now(UTC)
    training = await pool.fetchval(
        "INSERT INTO trainings (files, asked_at, asked_by, forced, state) VALUES ('{}', $1, $2, false, 'trained') RETURNING id",
        now, asked_by,
    )  # fmt: skip
    found: int = await pool.fetchval(
        """INSERT INTO comparisons (kind, new_training, share, asked_at, asked_by, state)
           VALUES ('run', $1, 100, $2, $3, 'done') RETURNING id""",
        training, now, asked_by,
    )  # fmt: skip
    return found


async def add_difference(store: Store, comparison: int, message_id: UUID, old: str, new: str) -> None:
    """The models differ on this message."""
    await store.pool.execute(
        """INSERT INTO compared_questions (comparison_id, message_id, language, text, old, new)
           VALUES ($1, $2, 'en', '', $3, $4)""",
        comparison, message_id, {"intent": old, "offers": []}, {"intent": new, "offers": []},
    )  # fmt: skip
