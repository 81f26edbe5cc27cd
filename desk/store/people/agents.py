"""Agents, and their attempts to sign in (where the column `email` holds a key, never an e-mail)."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from desk.model import Role
from desk.store.pool import Executor

_AGENT = "id, email, name, role, teams, active, only_own_teams, break_glass, issuer, subject"


async def get_by_email(executor: Executor, email: str) -> Any:
    """The agent's row with its password hash, active or not; None if there is none."""
    return await executor.fetchrow(f"SELECT {_AGENT}, password_hash FROM agents WHERE email = $1", email)  # noqa: S608  (our own columns)


async def get_by_id(executor: Executor, agent_id: UUID) -> Any:
    """The agent's row without its password hash; None if there is none."""
    return await executor.fetchrow(f"SELECT {_AGENT} FROM agents WHERE id = $1", agent_id)  # noqa: S608  (our own columns)


async def get_by_identity(executor: Executor, issuer: str, subject: str) -> Any:
    """The row of the person whom this provider knows by this id; None if there is none."""
    return await executor.fetchrow(
        f"SELECT {_AGENT} FROM agents WHERE issuer = $1 AND subject = $2",  # noqa: S608  (our own columns)
        issuer, subject,
    )  # fmt: skip


async def add_agent(
    executor: Executor,
    email: str,
    name: str,
    role: str,
    teams: list[str],
    password_hash: str | None,
    *,
    break_glass: bool = False,
    only_own_teams: bool = False,
    identity: tuple[str, str] | None = None,
) -> UUID | None:
    """A new agent's id; None if the e-mail (or the provider's identity) is taken."""
    issuer, subject = identity or (None, None)
    added: UUID | None = await executor.fetchval(
        "INSERT INTO agents (email, name, role, teams, password_hash, break_glass, only_own_teams, issuer, subject) "
        "VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9) ON CONFLICT DO NOTHING RETURNING id",
        email, name, role, teams, password_hash, break_glass, only_own_teams, issuer, subject,
    )  # fmt: skip
    return added


async def set_identity(executor: Executor, agent_id: UUID, issuer: str, subject: str) -> None:
    """From now on this person signs in at the provider under this id."""
    await executor.execute(
        "UPDATE agents SET issuer = $2, subject = $3 WHERE id = $1", agent_id, issuer, subject
    )


async def set_place(
    executor: Executor, agent_id: UUID, name: str, role: str, teams: list[str], only_own_teams: bool
) -> None:
    """The name, the role and the teams."""
    await executor.execute(
        "UPDATE agents SET name = $2, role = $3, teams = $4, only_own_teams = $5 WHERE id = $1",
        agent_id, name, role, teams, only_own_teams,
    )  # fmt: skip


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


@dataclass(frozen=True, slots=True)
class Account:
    """A person with an account, as an administrator sees it. `federated`: known to a provider. `last_seen` is of the
    sessions that are still stored."""

    id: UUID
    email: str
    name: str
    role: Role
    teams: tuple[str, ...]
    active: bool
    only_own_teams: bool
    break_glass: bool
    federated: bool
    second_factor: bool
    sessions: int
    last_seen: datetime | None
    languages: tuple[str, ...] = ()
    skills: tuple[str, ...] = ()
    capacity: int = 5
    version: int = 1


async def list_accounts(
    executor: Executor, now: datetime, idle: timedelta, agent_id: UUID | None = None
) -> list[Account]:
    """Everybody with an account, or this person: the active ones first, by name."""
    rows = await executor.fetch(
        """SELECT a.id, a.email, a.name, a.role, a.teams, a.active, a.only_own_teams, a.break_glass,
                  a.languages, a.skills, a.capacity, a.version, a.issuer IS NOT NULL AS federated,
                  EXISTS (SELECT FROM agent_totp t WHERE t.agent_id = a.id AND t.confirmed_at IS NOT NULL)
                  OR EXISTS (SELECT FROM agent_passkeys k WHERE k.agent_id = a.id) AS second_factor,
                  (SELECT count(*) FROM agent_sessions s WHERE s.agent_id = a.id
                   AND s.expires_at > $1 AND s.last_seen > $2) AS sessions,
                  (SELECT max(s.last_seen) FROM agent_sessions s WHERE s.agent_id = a.id) AS last_seen
           FROM agents a WHERE $3::uuid IS NULL OR a.id = $3 ORDER BY a.active DESC, a.name, a.id""",
        now, now - idle, agent_id,
    )  # fmt: skip
    lists = ("teams", "languages", "skills")
    return [Account(**(dict(row) | {name: tuple(row[name]) for name in lists})) for row in rows]


async def lock_active(executor: Executor, roles: list[Role]) -> list[UUID]:
    """The active people of these roles, who stay so until the end of the transaction unless it changes them."""
    rows = await executor.fetch(
        "SELECT id FROM agents WHERE role = ANY($1) AND active ORDER BY id FOR UPDATE", roles
    )
    return [row["id"] for row in rows]


async def set_account(
    executor: Executor,
    agent_id: UUID,
    email: str,
    name: str,
    role: str,
    teams: list[str],
    only_own_teams: bool,
    version: int,
) -> bool:
    """E-mail, name and place; False if the account is no longer of this version. Raises where the e-mail is taken."""
    tag = await executor.execute(
        "UPDATE agents SET email = $2, name = $3, role = $4, teams = $5, only_own_teams = $6, version = version + 1 "
        "WHERE id = $1 AND version = $7",
        agent_id, email, name, role, teams, only_own_teams, version,
    )  # fmt: skip
    return tag == "UPDATE 1"


async def set_password_hash(executor: Executor, agent_id: UUID, password_hash: str | None) -> None:
    """Replace the hash, or leave none; the caller decides whether sessions end."""
    await executor.execute("UPDATE agents SET password_hash = $2 WHERE id = $1", agent_id, password_hash)


async def set_active(executor: Executor, agent_id: UUID, active: bool) -> None:
    """Allow or disallow this agent to sign in."""
    await executor.execute("UPDATE agents SET active = $2 WHERE id = $1", agent_id, active)


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
