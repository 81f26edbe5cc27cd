"""Trainings that editors asked for, and which model is in use. The trainer (bot/trained) does the rest."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal
from uuid import UUID

from desk.store.pool import Executor

State = Literal["waiting", "running", "trained", "unchanged", "refused", "failed"]


@dataclass(frozen=True, slots=True)
class Training:
    """`seen_at`: when the trainer last wrote; `kept`: its model is there, and can be used."""

    id: int
    asked_at: datetime
    agent_name: str
    forced: bool
    held: bool
    state: State
    step: str
    seen_at: datetime | None
    finished_at: datetime | None
    report: str
    figures: Mapping[str, float]
    kept: bool


@dataclass(frozen=True, slots=True)
class Use:
    """From `at` on bots answer with this training's model, or with the release's own (None)."""

    training_id: int | None
    at: datetime
    agent_name: str | None


async def add_training(
    executor: Executor,
    files: Mapping[str, str],
    at: datetime,
    agent_id: UUID,
    *,
    forced: bool,
    held: bool = False,
) -> bool:
    """Ask for a training with these answers. `held`: its model is kept, and not used at once. False if one waits or runs already."""
    tag = await executor.execute(
        """INSERT INTO trainings (files, asked_at, asked_by, forced, held) VALUES ($1, $2, $3, $4, $5)
           ON CONFLICT ((true)) WHERE state IN ('waiting', 'running') DO NOTHING""",
        dict(files), at, agent_id, forced, held,
    )  # fmt: skip
    return tag == "INSERT 0 1"


async def list_trainings(executor: Executor, limit: int = 20) -> Sequence[Training]:
    """The last ones, the latest first."""
    rows = await executor.fetch(
        """SELECT t.id, t.asked_at, a.name AS agent_name, t.forced, t.held, t.state, t.step, t.seen_at, t.finished_at, t.report,
                  t.figures, EXISTS (SELECT training_id FROM trained_models m WHERE m.training_id = t.id) AS kept
           FROM trainings t JOIN agents a ON a.id = t.asked_by ORDER BY t.id DESC LIMIT $1""",
        limit,
    )
    return [Training(**dict(row)) for row in rows]


async def list_uses(executor: Executor, limit: int = 20) -> Sequence[Use]:
    """Which model was in use from when on, the latest first."""
    rows = await executor.fetch(
        """SELECT u.training_id, u.at, a.name AS agent_name FROM models_in_use u LEFT JOIN agents a ON a.id = u.agent_id
           ORDER BY u.id DESC LIMIT $1""",
        limit,
    )
    return [Use(**dict(row)) for row in rows]


async def get_trained_with(executor: Executor, training_id: int) -> Mapping[str, str]:
    """The answers that a training was given, by id."""
    files: Mapping[str, str] | None = await executor.fetchval(
        "SELECT files FROM trainings WHERE id = $1", training_id
    )
    return files or {}


async def set_in_use(executor: Executor, training_id: int | None, at: datetime, agent_id: UUID) -> bool:
    """Have bots answer with this model, or with the release's own. False if it is not kept any more."""
    tag = await executor.execute(
        """INSERT INTO models_in_use (training_id, at, agent_id) SELECT $1::bigint, $2, $3
           WHERE $1::bigint IS NULL OR EXISTS (SELECT training_id FROM trained_models WHERE training_id = $1)""",
        training_id, at, agent_id,
    )  # fmt: skip
    return tag == "INSERT 0 1"
