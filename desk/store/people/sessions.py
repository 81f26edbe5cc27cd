"""The sessions of agents, by the hash of their token; `id` names one in a list and opens nothing."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from desk.store.pool import Executor


@dataclass(frozen=True, slots=True)
class NewRow:
    """What is kept of a session. `network` is an address range. `enrolling`: it may set up a second factor only."""

    token_hash: bytes
    agent_id: UUID
    csrf: str
    expires_at: datetime
    device: str = ""
    network: str = ""
    method: str = "password"
    enrolling: bool = False
    provider_session: str | None = None


async def add_session(executor: Executor, row: NewRow, now: datetime) -> UUID:
    """Store a session and return its id; also deletes the agent's expired sessions."""
    await executor.execute(
        "DELETE FROM agent_sessions WHERE agent_id = $1 AND expires_at < $2", row.agent_id, now
    )
    added: UUID = await executor.fetchval(
        "INSERT INTO agent_sessions (token_hash, agent_id, csrf, created_at, last_seen, expires_at, device, network, "
        "method, enrolling, provider_session) VALUES ($1, $2, $3, $4, $4, $5, $6, $7, $8, $9, $10) RETURNING id",
        row.token_hash, row.agent_id, row.csrf, now, row.expires_at, row.device, row.network, row.method,
        row.enrolling, row.provider_session,
    )  # fmt: skip
    return added


_VALID = """FROM agent_sessions s JOIN agents a ON a.id = s.agent_id
    WHERE s.token_hash = ANY($1) AND a.active AND s.expires_at > $2 AND s.last_seen > $3"""
_SESSIONS = f"""SELECT s.token_hash, a.id, a.email, a.name, a.role, a.teams, a.only_own_teams, s.id AS session_id, s.csrf,
    s.enrolling, s.method, (SELECT max(at) FROM audit WHERE action = 'break_glass' AND at > $4) AS alarm {_VALID}"""  # noqa: S608  (our own constants)


async def get_session(executor: Executor, token_hash: bytes, now: datetime, idle: timedelta) -> Any:
    """The agent's row with id, csrf, enrolling and method of the session, and the time of the last use of an emergency
    account within a day, if both session and agent are valid now; otherwise None."""
    rows = await list_sessions(executor, [token_hash], now, idle)
    return rows[0] if rows else None


async def mark_session_used(
    executor: Executor, token_hash: bytes, now: datetime, idle: timedelta, every: timedelta
) -> Any:
    """As `get_session`, for what a person does: the idle limit begins again, if it began `every` ago or earlier."""
    return await executor.fetchrow(
        f"""WITH used AS (SELECT s.id AS used_id {_VALID} AND s.last_seen < $5),
            touched AS (UPDATE agent_sessions SET last_seen = $2 FROM used WHERE id = used_id) {_SESSIONS}""",  # noqa: S608  (our own constants)
        [token_hash],
        now,
        now - idle,
        now - timedelta(days=1),
        now - every,
    )


async def list_sessions(
    executor: Executor, token_hashes: Sequence[bytes], now: datetime, idle: timedelta
) -> Sequence[Any]:
    """As `get_session`, of those of these sessions that are valid now."""
    return await executor.fetch(_SESSIONS, list(token_hashes), now, now - idle, now - timedelta(days=1))


async def list_of_agent(executor: Executor, agent_id: UUID, now: datetime, idle: timedelta) -> Sequence[Any]:
    """The agent's valid sessions, the last used first."""
    return await executor.fetch(
        "SELECT id, device, network, method, created_at, last_seen FROM agent_sessions "
        "WHERE agent_id = $1 AND expires_at > $2 AND last_seen > $3 ORDER BY last_seen DESC, id",
        agent_id, now, now - idle,
    )  # fmt: skip


async def mark_enrolled(executor: Executor, agent_id: UUID) -> None:
    """The agent has a second factor now: sessions that waited for it may do everything."""
    await executor.execute("UPDATE agent_sessions SET enrolling = false WHERE agent_id = $1", agent_id)


async def delete_session(executor: Executor, token_hash: bytes) -> None:
    """Delete one session; an unknown one is not an error. Its browser is sent no more notices, unless it is on call."""
    await executor.execute(
        "WITH ended AS (DELETE FROM agent_sessions WHERE token_hash = $1 RETURNING id) "
        "DELETE FROM push_devices WHERE session_id IN (SELECT id FROM ended) AND NOT on_call",
        token_hash,
    )


async def delete_by_id(executor: Executor, agent_id: UUID, session_id: UUID) -> bool:
    """Delete this session of this agent, with its browser's notices; False if there is none."""
    done = await executor.fetchval(
        "WITH devices AS (DELETE FROM push_devices WHERE agent_id = $1 AND session_id = $2) "
        "DELETE FROM agent_sessions WHERE agent_id = $1 AND id = $2 RETURNING true",
        agent_id, session_id,
    )  # fmt: skip
    return done is not None


async def delete_sessions(executor: Executor, agent_id: UUID) -> int:
    """Delete every session of this agent, and every device that gets notices; how many sessions there were."""
    ended = await executor.fetch(
        "WITH devices AS (DELETE FROM push_devices WHERE agent_id = $1) "
        "DELETE FROM agent_sessions WHERE agent_id = $1 RETURNING true",
        agent_id,
    )
    return len(ended)


async def delete_other_sessions(executor: Executor, agent_id: UUID, token_hash: bytes) -> None:
    """Delete every session of this agent except this one, and the devices that get notices in other browsers."""
    await executor.execute(
        "WITH devices AS (DELETE FROM push_devices WHERE agent_id = $1 AND session_id IS DISTINCT FROM "
        "(SELECT id FROM agent_sessions WHERE token_hash = $2)) "
        "DELETE FROM agent_sessions WHERE agent_id = $1 AND token_hash <> $2",
        agent_id, token_hash,
    )  # fmt: skip


async def delete_of_provider(
    executor: Executor, issuer: str, subject: str | None, provider_session: str | None
) -> list[UUID]:
    """Delete the sessions that a provider has ended: one of its own sessions, or all of a person. The agents' ids."""
    rows = await executor.fetch(
        "WITH ended AS (DELETE FROM agent_sessions s USING agents a WHERE a.id = s.agent_id AND a.issuer = $1 "
        "AND s.method = 'provider' AND ($2::text IS NULL OR a.subject = $2) "
        "AND ($3::text IS NULL OR s.provider_session = $3) RETURNING s.id, a.id AS agent_id), "
        "devices AS (DELETE FROM push_devices WHERE session_id IN (SELECT id FROM ended)) "
        "SELECT agent_id AS id FROM ended",
        issuer, subject, provider_session,
    )  # fmt: skip
    return [row["id"] for row in rows]
