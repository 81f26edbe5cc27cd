"""Which answers' owners have been told that a review is due; they are told once per due date."""

from collections.abc import Sequence
from datetime import date, datetime

from desk.store.pool import Executor


async def mark_told(executor: Executor, due: Sequence[tuple[str, date]], now: datetime) -> list[str]:
    """Record that the owners of these (answer, review by) are told; the ids of those that were not told before."""
    rows = await executor.fetch(
        """INSERT INTO answer_reviews_due (answer_id, review_by, told_at)
           SELECT one.id, one.day, $3 FROM unnest($1::text[], $2::date[]) AS one (id, day) JOIN answers a ON a.id = one.id
           ON CONFLICT DO NOTHING RETURNING answer_id""",
        [id for id, _ in due], [day for _, day in due], now,
    )  # fmt: skip
    return [row["answer_id"] for row in rows]
