"""Sign-ins in progress: a correct password that waits for its second factor, a passkey's challenge."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from desk.store.pool import Executor


@dataclass(frozen=True, slots=True)
class Step:
    """`detail` holds what the next request has to match."""

    kind: str
    agent_id: UUID | None
    detail: dict[str, str]


async def add_step(
    executor: Executor, token_hash: bytes, step: Step, now: datetime, expires_at: datetime
) -> None:
    """Store a step; also deletes the expired ones."""
    await executor.execute("DELETE FROM sign_in_steps WHERE expires_at < $1", now)
    await executor.execute(
        "INSERT INTO sign_in_steps (token_hash, kind, agent_id, detail, expires_at) VALUES ($1, $2, $3, $4, $5)",
        token_hash, step.kind, step.agent_id, step.detail, expires_at,
    )  # fmt: skip


async def get_step(executor: Executor, token_hash: bytes, kind: str, now: datetime) -> Step | None:
    """The step, if it is of this kind and not over."""
    row = await executor.fetchrow(
        "SELECT kind, agent_id, detail FROM sign_in_steps WHERE token_hash = $1 AND kind = $2 AND expires_at > $3",
        token_hash, kind, now,
    )  # fmt: skip
    return Step(**dict(row)) if row else None


async def delete_of_agent(executor: Executor, agent_id: UUID) -> None:
    """Whatever this agent had begun is over."""
    await executor.execute("DELETE FROM sign_in_steps WHERE agent_id = $1", agent_id)


async def delete_step(executor: Executor, token_hash: bytes) -> bool:
    """The step is done; False if somebody was faster. Each can be used once."""
    done = await executor.fetchval(
        "DELETE FROM sign_in_steps WHERE token_hash = $1 RETURNING true", token_hash
    )
    return done is not None
