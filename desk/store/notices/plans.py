"""Prepared messages: content/notices is their seed; the console changes them."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from desk.store.pool import Executor


@dataclass(frozen=True, slots=True)
class PlanRow:
    """One prepared message. `changed_by` is None while it is as the file has it."""

    id: str
    body: Mapping[str, Any]
    seed: Mapping[str, Any]
    changed_at: datetime
    changed_by: UUID | None


async def list_plans(executor: Executor) -> list[PlanRow]:
    """All of them, by id."""
    rows = await executor.fetch("SELECT id, body, seed, changed_at, changed_by FROM notice_plans ORDER BY id")
    return [PlanRow(**dict(row)) for row in rows]


async def add_seed(executor: Executor, id: str, body: Mapping[str, Any], at: datetime) -> bool:
    """Take what a file has; what was changed in the console stays. False if the file has changed since, too."""
    await executor.execute(
        """INSERT INTO notice_plans AS p (id, body, seed, changed_at) VALUES ($1, $2, $2, $3)
           ON CONFLICT (id) DO UPDATE SET body = excluded.body, seed = excluded.seed, changed_at = excluded.changed_at
           WHERE p.changed_by IS NULL AND p.seed IS DISTINCT FROM excluded.seed""",
        id, dict(body), at,
    )  # fmt: skip
    same = await executor.fetchval("SELECT seed = $2 FROM notice_plans WHERE id = $1", id, dict(body))
    return bool(same)


async def set_body(executor: Executor, id: str, body: Mapping[str, Any], at: datetime, by: UUID) -> None:
    """Change it in the console."""
    await executor.execute(
        "UPDATE notice_plans SET body = $2, changed_at = $3, changed_by = $4 WHERE id = $1",
        id,
        dict(body),
        at,
        by,
    )
