"""Editors' marks: whether what the assistant answered was right. The questions are drawn, so that the share says something."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from desk.store.knowledge.comparisons import ALONE, NAMES
from desk.store.pool import Executor


@dataclass(frozen=True, slots=True)
class Drawn:
    """A question and the answer that it got; as it was written, with the names that its author gave."""

    message_id: UUID
    text: str
    language: str
    names: list[str]
    answer_id: str
    asked_at: datetime


async def list_drawn(executor: Executor, since: datetime, answers: list[str], limit: int) -> list[Drawn]:
    """Questions since then that got an answer and have no mark. Which, chance decides: the hash of an id; so everybody who looks
    gets the same ones, and nobody can choose."""
    rows = await executor.fetch(
        f"""SELECT m.id AS message_id, m.text, coalesce(m.language, '') AS language, {NAMES}, t.intent AS answer_id,
                   t.created_at AS asked_at
            FROM turns t JOIN messages m ON m.id = t.message_id JOIN contacts c ON c.id = m.contact_id
            WHERE {ALONE} AND t.outcome = 'answered' AND t.intent = ANY($2) AND t.created_at >= $1
              AND NOT EXISTS (SELECT FROM answer_marks k WHERE k.message_id = m.id)
            ORDER BY md5(m.id::text) LIMIT $3""",  # noqa: S608  (our own constants)
        since, answers, limit,
    )  # fmt: skip
    return [Drawn(**dict(row)) for row in rows]


async def set_mark(executor: Executor, message_id: UUID, at: datetime, by: UUID, *, correct: bool) -> bool:
    """Right or wrong; the last word counts. False if there is no such question."""
    done = await executor.fetchval(
        """INSERT INTO answer_marks (message_id, correct, marked_at, marked_by)
           SELECT message_id, $2, $3, $4 FROM turns WHERE message_id = $1 AND outcome = 'answered'
           ON CONFLICT (message_id) DO UPDATE SET correct = $2, marked_at = $3, marked_by = $4 RETURNING true""",
        message_id, correct, at, by,
    )  # fmt: skip
    return bool(done)


async def count_marks(executor: Executor, since: datetime) -> tuple[int, int]:
    """How many were marked since then, and how many of these as right."""
    row: Any = await executor.fetchrow(
        "SELECT count(*) AS judged, count(*) FILTER (WHERE correct) AS correct FROM answer_marks WHERE marked_at >= $1",
        since,
    )
    return row["judged"], row["correct"]
