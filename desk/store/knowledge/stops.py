"""Answers, areas, or the whole assistant, that somebody stopped: who, when and why."""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal
from uuid import UUID

from desk.store.pool import Executor

Kind = Literal["answer", "area", "assistant"]


@dataclass(frozen=True, slots=True)
class Stop:
    """`name` is the answer's id or the area; empty for the assistant."""

    id: UUID
    kind: Kind
    name: str
    why: str
    at: datetime
    agent_name: str
    ended_at: datetime | None = None
    ended_by: str | None = None


_STOPS = """SELECT s.id, s.kind, s.name, s.why, s.at, a.name AS agent_name, s.ended_at, e.name AS ended_by
            FROM answer_stops s JOIN agents a ON a.id = s.agent_id LEFT JOIN agents e ON e.id = s.ended_by"""


async def list_open(executor: Executor) -> list[Stop]:
    """Those that hold, the latest first."""
    rows = await executor.fetch(f"{_STOPS} WHERE s.ended_at IS NULL ORDER BY s.at DESC")
    return [Stop(**dict(row)) for row in rows]


async def list_ended(executor: Executor, limit: int = 50) -> list[Stop]:
    """Those that are over, the latest first."""
    rows = await executor.fetch(
        f"{_STOPS} WHERE s.ended_at IS NOT NULL ORDER BY s.ended_at DESC LIMIT $1", limit
    )
    return [Stop(**dict(row)) for row in rows]


async def list_stopped(executor: Executor) -> frozenset[tuple[Kind, str]]:
    """What is stopped, for the processes: kind and name."""
    rows = await executor.fetch("SELECT kind, name FROM answer_stops WHERE ended_at IS NULL")
    return frozenset((row["kind"], row["name"]) for row in rows)


async def add_stop(executor: Executor, kind: Kind, name: str, why: str, at: datetime, agent_id: UUID) -> bool:
    """False if it is stopped already."""
    tag = await executor.execute(
        """INSERT INTO answer_stops (kind, name, why, at, agent_id) VALUES ($1, $2, $3, $4, $5)
           ON CONFLICT (kind, name) WHERE ended_at IS NULL DO NOTHING""",
        kind, name, why, at, agent_id,
    )  # fmt: skip
    return tag == "INSERT 0 1"


async def set_ended(executor: Executor, id: UUID, at: datetime, agent_id: UUID) -> tuple[Kind, str] | None:
    """What was stopped; None if that is over already."""
    row = await executor.fetchrow(
        """UPDATE answer_stops SET ended_at = $2, ended_by = $3 WHERE id = $1 AND ended_at IS NULL
           RETURNING kind, name""",
        id, at, agent_id,
    )  # fmt: skip
    return (row["kind"], row["name"]) if row else None
