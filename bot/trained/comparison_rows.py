"""Comparisons of two models that editors asked for, and the masked questions that the desk gave for them."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

import asyncpg

_SECONDS = 60.0

_CLAIM = """
UPDATE comparisons SET state = 'running', started_at = now(), seen_at = now() WHERE id = (
    SELECT id FROM comparisons
    WHERE state = 'waiting' OR (state = 'running' AND seen_at < now() - interval '2 minutes')
    ORDER BY id LIMIT 1 FOR UPDATE SKIP LOCKED)
RETURNING id, old_training, new_training
"""
_SHADOW = """
SELECT c.id, c.old_training, c.new_training FROM comparisons c
WHERE c.state = 'shadowing' AND EXISTS (SELECT FROM compared_questions q WHERE q.comparison_id = c.id AND q.new IS NULL)
"""


@dataclass(frozen=True)
class Pair:
    """A comparison: the two trainings whose models are meant; `old` None is the release's own model."""

    id: int
    old: int | None
    new: int


@dataclass(frozen=True)
class Asked:
    """A masked question. `old`: what the model in use made of it in its turn, if it has been read already."""

    message_id: str
    text: str
    language: str
    moments: Sequence[str] | None
    old: Mapping[str, Any] | None


@dataclass(frozen=True)
class Marked:
    """A regression question: what an editor said once is right, or wrong."""

    text: str
    language: str
    accepted: Sequence[str]
    refused: Sequence[str]


class ComparisonRows:
    """Opens a connection for each call: there are few. Raises asyncpg's errors and OSError."""

    def __init__(self, url: str) -> None:
        self._url = url

    async def claim(self) -> Pair | None:
        """The run to do now, or one that a dead process left."""
        return await self._pair(_CLAIM)

    async def get_shadow(self) -> Pair | None:
        """The shadow mode that is on, if it has questions to read."""
        return await self._pair(_SHADOW)

    async def list_asked(self, comparison: int, most: int) -> list[Asked]:
        """Questions that the new model has not read."""
        async with self._open() as connection:
            rows = await connection.fetch(
                """SELECT message_id, text, language, moments, old FROM compared_questions
                   WHERE comparison_id = $1 AND new IS NULL ORDER BY message_id LIMIT $2""",
                comparison, most,
            )  # fmt: skip
        return [
            Asked(
                str(row["message_id"]), row["text"], row["language"], _json(row["moments"]), _json(row["old"])
            )
            for row in rows
        ]

    async def set_read(
        self, comparison: int, read: Sequence[tuple[str, Mapping[str, Any], Mapping[str, Any]]]
    ) -> None:
        """(message, old, new) of questions that both models read. Only those that differ are kept, without their text."""
        async with self._open() as connection, connection.transaction():
            await connection.execute(
                "UPDATE comparisons SET questions = questions + $2, seen_at = now() WHERE id = $1",
                comparison,
                len(read),
            )
            await connection.executemany(
                """UPDATE compared_questions SET old = $3::jsonb, new = $4::jsonb, text = ''
                   WHERE comparison_id = $1 AND message_id = $2""",
                [(comparison, message, json.dumps(old), json.dumps(new)) for message, old, new in read],
            )
            await connection.execute(
                "DELETE FROM compared_questions WHERE comparison_id = $1 AND new IS NOT NULL AND old = new",
                comparison,
            )

    async def mark_seen(self, comparison: int, said: str) -> None:
        """Where it is; also says that it is alive."""
        async with self._open() as connection:
            await connection.execute(
                "UPDATE comparisons SET said = $2, seen_at = now() WHERE id = $1", comparison, said
            )

    async def mark_finished(self, comparison: int, state: str, said: str, marked: Mapping[str, Any]) -> None:
        """How it ended. No text stays, of questions that were not read either."""
        async with self._open() as connection, connection.transaction():
            await connection.execute(
                """UPDATE comparisons SET state = $2, said = $3, marked = $4::jsonb, finished_at = now() WHERE id = $1""",
                comparison, state, said, json.dumps(marked),
            )  # fmt: skip
            await connection.execute(
                "DELETE FROM compared_questions WHERE comparison_id = $1 AND new IS NULL", comparison
            )

    async def list_marked(self) -> list[Marked]:
        """All regression questions, the oldest first."""
        async with self._open() as connection:
            rows = await connection.fetch(
                "SELECT text, language, accepted, refused FROM regression_questions ORDER BY id"
            )
        return [Marked(row["text"], row["language"], row["accepted"], row["refused"]) for row in rows]

    async def _pair(self, statement: str) -> Pair | None:
        async with self._open() as connection:
            row = await connection.fetchrow(statement)
        return Pair(row["id"], row["old_training"], row["new_training"]) if row else None

    @asynccontextmanager
    async def _open(self) -> AsyncIterator[Any]:
        connection = await asyncpg.connect(self._url, timeout=_SECONDS, command_timeout=_SECONDS)
        try:
            yield connection
        finally:
            await connection.close()


def _json(kept: str | None) -> Any:
    return json.loads(kept) if kept is not None else None
