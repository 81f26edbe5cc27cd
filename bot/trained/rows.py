"""Trainings that editors requested, the resulting models, and which one is in use. The desk's tables
(desk/store/migrations); only the bot's role reads or writes a model."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

import asyncpg

_SECONDS = 60.0  # a model has 30 MB

_CLAIM = """
UPDATE trainings SET state = 'running', step = '', started_at = now(), seen_at = now() WHERE id = (
    SELECT id FROM trainings WHERE state = 'waiting' OR (state = 'running' AND seen_at < now() - interval '2 minutes')
    ORDER BY id LIMIT 1 FOR UPDATE SKIP LOCKED)
RETURNING id, forced, held, files
"""
_IN_USE = """
SELECT m.training_id, m.sha256, m.code FROM trained_models m
WHERE m.training_id = (SELECT training_id FROM models_in_use ORDER BY id DESC LIMIT 1)
"""


@dataclass(frozen=True)
class Asked:
    """A training: `files` are the answers of the console, as content/answers has them, by id. `held`: its model is kept and
    not used, until an editor says so."""

    id: int
    forced: bool
    held: bool
    files: dict[str, str]


@dataclass(frozen=True)
class InUse:
    """The model that bots are to answer with. `code` is the hash of the release that it was trained by."""

    training: int
    sha256: str
    code: str


class TrainingRows:
    """Opens a connection for each call: there are few. Raises asyncpg's errors and OSError."""

    def __init__(self, url: str) -> None:
        self.url = url

    async def claim(self) -> Asked | None:
        """The training to do now, or one that a dead process left; no other process gets it."""
        row = await self._row(_CLAIM)
        return Asked(row["id"], row["forced"], row["held"], json.loads(row["files"])) if row else None

    async def mark_step(self, training: int, step: str) -> None:
        """What the training does now; also says that it is alive."""
        await self._row("UPDATE trainings SET step = $2, seen_at = now() WHERE id = $1", training, step)

    async def mark_finished(
        self, training: int, state: str, report: str, figures: dict[str, float] | None = None
    ) -> None:
        """How it ended."""
        await self._row(
            """UPDATE trainings SET state = $2, report = $3, figures = $4::jsonb, step = '', finished_at = now()
               WHERE id = $1""",
            training, state, report, json.dumps(figures or {}),
        )  # fmt: skip

    async def add_model(
        self, training: int, sha256: str, code: str, model: bytes, keep: int, *, held: bool = False
    ) -> None:
        """Keep a model, and have bots take it up unless it is `held`. Of older ones the last `keep` stay, and the one in use."""
        connection = await asyncpg.connect(self.url, timeout=_SECONDS)
        try:
            async with connection.transaction():
                await connection.execute(
                    "INSERT INTO trained_models (training_id, sha256, code, model) VALUES ($1, $2, $3, $4)",
                    training, sha256, code, model,
                )  # fmt: skip
                if not held:
                    await connection.execute("INSERT INTO models_in_use (training_id) VALUES ($1)", training)
                await connection.execute(
                    """DELETE FROM trained_models WHERE training_id NOT IN (
                           SELECT training_id FROM trained_models ORDER BY training_id DESC LIMIT $1)
                       AND training_id IS DISTINCT FROM (SELECT training_id FROM models_in_use ORDER BY id DESC LIMIT 1)""",
                    keep,
                )
        finally:
            await connection.close()

    async def get_in_use(self) -> InUse | None:
        """None: the release's own model."""
        row = await self._row(_IN_USE)
        return InUse(row["training_id"], row["sha256"], row["code"]) if row else None

    async def get_kept(self, training: int) -> InUse:
        """A model that is kept, whether it is in use or not. Raises LookupError."""
        row = await self._row("SELECT sha256, code FROM trained_models WHERE training_id = $1", training)
        if row is None:
            raise LookupError(f"The model of training {training} is gone.")
        return InUse(training, row["sha256"], row["code"])

    async def get_model(self, training: int) -> tuple[bytes, dict[str, str]]:
        """The model, and the answers that it was trained with."""
        row = await self._row(
            """SELECT m.model, t.files FROM trained_models m JOIN trainings t ON t.id = m.training_id
               WHERE m.training_id = $1""",
            training,
        )
        if row is None:
            raise LookupError(f"The model of training {training} is gone.")
        return row["model"], json.loads(row["files"])

    async def _row(self, statement: str, *values: Any) -> Any:
        connection = await asyncpg.connect(self.url, timeout=_SECONDS, command_timeout=_SECONDS)
        try:
            return await connection.fetchrow(statement, *values)
        finally:
            await connection.close()
