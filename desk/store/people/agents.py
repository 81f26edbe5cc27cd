"""Agents, their sessions and their password attempts (the column `email` holds a key, never an e-mail)."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from desk.model import Role
from desk.store.pool import Executor

_AGENT = "id, email, name, role, teams, active"


async def get_by_email(executor: Executor, email: str) -> Any:
    """The agent's row with its password hash, active or not; None if there is none."""
    return await executor.fetchrow(f"SELECT {_AGENT}, password_hash FROM agents WHERE email = $1", email)  # noqa: S608


async def add_agent(
    executor: Executor, email: str, name: str, role: str, teams: list[str], password_hash: str
) -> UUID | None:
    """A new agent's id; None if the e-mail is taken."""
    added: UUID | None = await executor.fetchval(
        "INSERT INTO agents (email, name, role, teams, password_hash) VALUES ($1, $2, $3, $4, $5) "
        "ON CONFLICT (email) DO NOTHING RETURNING id",
        email, name, role, teams, password_hash,
    )  # fmt: skip
    return added


@dataclass(frozen=True, slots=True)
class Colleague:
    """An active agent, to whom a conversation may be transferred."""

    id: UUID
    name: str
    role: Role
    teams: tuple[str, ...]


async def list_active(executor: Executor) -> list[Colleague]:
    """The active agents, by name."""
    rows = await executor.fetch("SELECT id, name, role, teams FROM agents WHERE active ORDER BY name, id")
    return [Colleague(row["id"], row["name"], row["role"], tuple(row["teams"])) for row in rows]


async def set_work(
    executor: Executor, agent_id: UUID, languages: list[str], skills: list[str], capacity: int
) -> None:
    """What the agent can be given: no languages mean all; `capacity` counts web chats at once, 0 to 100."""
    await executor.execute(
        "UPDATE agents SET languages = $2, skills = $3, capacity = $4 WHERE id = $1",
        agent_id, languages, skills, capacity,
    )  # fmt: skip


async def get_languages(executor: Executor, agent_id: UUID) -> list[str]:
    """The languages that the agent has; empty if none were set."""
    found: list[str] | None = await executor.fetchval("SELECT languages FROM agents WHERE id = $1", agent_id)
    return list(found or ())


async def set_password_hash(executor: Executor, agent_id: UUID, password_hash: str) -> None:
    """Replace the hash; the caller decides whether sessions end."""
    await executor.execute("UPDATE agents SET password_hash = $2 WHERE id = $1", agent_id, password_hash)


async def set_active(executor: Executor, agent_id: UUID, active: bool) -> None:
    """Allow or disallow this agent to sign in."""
    await executor.execute("UPDATE agents SET active = $2 WHERE id = $1", agent_id, active)


async def add_session(
    executor: Executor, token_hash: bytes, agent_id: UUID, csrf: str, now: datetime, expires_at: datetime
) -> None:
    """Store a session by the hash of its token; also deletes the agent's expired sessions."""
    await executor.execute(
        "DELETE FROM agent_sessions WHERE agent_id = $1 AND expires_at < $2", agent_id, now
    )
    await executor.execute(
        "INSERT INTO agent_sessions (token_hash, agent_id, csrf, created_at, last_seen, expires_at) "
        "VALUES ($1, $2, $3, $4, $4, $5)",
        token_hash, agent_id, csrf, now, expires_at,
    )  # fmt: skip


async def get_session(executor: Executor, token_hash: bytes, now: datetime, idle: timedelta) -> Any:
    """The agent's row with csrf and last_seen, if both session and agent are valid now; otherwise None."""
    return await executor.fetchrow(
        "SELECT a.id, a.email, a.name, a.role, a.teams, s.csrf, s.last_seen "
        "FROM agent_sessions s JOIN agents a ON a.id = s.agent_id "
        "WHERE s.token_hash = $1 AND a.active AND s.expires_at > $2 AND s.last_seen > $3",
        token_hash, now, now - idle,
    )  # fmt: skip


async def mark_session_seen(executor: Executor, token_hash: bytes, now: datetime) -> None:
    """Restart the idle limit."""
    await executor.execute("UPDATE agent_sessions SET last_seen = $2 WHERE token_hash = $1", token_hash, now)


async def delete_session(executor: Executor, token_hash: bytes) -> None:
    """Delete one session; an unknown one is not an error."""
    await executor.execute("DELETE FROM agent_sessions WHERE token_hash = $1", token_hash)


async def delete_sessions(executor: Executor, agent_id: UUID) -> None:
    """Delete every session of this agent."""
    await executor.execute("DELETE FROM agent_sessions WHERE agent_id = $1", agent_id)


async def delete_other_sessions(executor: Executor, agent_id: UUID, token_hash: bytes) -> None:
    """Delete every session of this agent except this one."""
    await executor.execute(
        "DELETE FROM agent_sessions WHERE agent_id = $1 AND token_hash <> $2", agent_id, token_hash
    )


async def lock_attempts(executor: Executor, keys: list[str]) -> None:
    """Lock these keys until the end of the transaction; `keys` are sorted, so that two calls cannot
    deadlock."""
    for key in keys:
        await executor.execute("SELECT pg_advisory_xact_lock(hashtextextended($1, 0))", f"attempt {key}")


async def add_attempts(executor: Executor, keys: list[str], now: datetime) -> None:
    """Count one attempt for each key."""
    await executor.execute(
        "INSERT INTO sign_in_attempts (email, at) SELECT key, $2 FROM unnest($1::text[]) AS key", keys, now
    )


async def count_attempts(executor: Executor, key: str, since: datetime) -> tuple[int, datetime | None]:
    """The number of attempts for this key since then, and the time of the last one."""
    row = await executor.fetchrow(
        "SELECT count(*) AS n, max(at) AS last FROM sign_in_attempts WHERE email = $1 AND at > $2",
        key,
        since,
    )
    return row["n"], row["last"]


async def delete_attempts(executor: Executor, keys: list[str]) -> None:
    """Clear these keys after a success."""
    await executor.execute("DELETE FROM sign_in_attempts WHERE email = ANY($1)", keys)


async def delete_old_attempts(executor: Executor, before: datetime) -> None:
    """Delete attempts that are no longer needed."""
    await executor.execute("DELETE FROM sign_in_attempts WHERE at < $1", before)
