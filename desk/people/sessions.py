"""Agents' sessions: a random token in a cookie, its hash in the database, and a CSRF token."""

import hashlib
import secrets
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

from desk.model import Actor
from desk.people.permissions import Permission, may
from desk.runtime.user_agents import UNKNOWN, Place
from desk.store.people import sessions
from desk.store.pool import Executor, Store
from desk.store.routing.presence import Presence

IDLE = timedelta(minutes=30)
"""A session without input from a person ends after this time, unless the gateway is configured otherwise."""
LONGEST = timedelta(days=7)
TOUCH_EVERY = timedelta(seconds=30)


@dataclass(frozen=True, slots=True)
class Session:
    """Every change that this session requests must send `csrf` back. `enrolling`: it may set up a second factor and
    nothing else. `alarm`: when an emergency account was used within a day, for those who are to know. `presence` is set
    for requests that a person makes who answers conversations."""

    actor: Actor
    email: str
    csrf: str
    id: UUID = field(default_factory=uuid4)
    enrolling: bool = False
    method: str = "password"
    alarm: datetime | None = None
    presence: Presence | None = None


@dataclass(frozen=True, slots=True)
class NewSession:
    """`token` is given to the browser once and kept nowhere."""

    token: str
    session: Session
    expires_at: datetime


@dataclass(frozen=True, slots=True)
class OpenSession:
    """A session as its agent sees it in the list."""

    id: UUID
    device: str
    network: str
    method: str
    created_at: datetime
    last_seen: datetime


async def open_session(
    executor: Executor,
    actor: Actor,
    email: str,
    now: datetime,
    *,
    place: Place = UNKNOWN,
    method: str = "password",
    enrolling: bool = False,
    provider_session: str | None = None,
) -> NewSession:
    """Always a new token: one that was planted in the browser before the sign-in is useless."""
    token, csrf = secrets.token_urlsafe(32), secrets.token_urlsafe(32)
    expires_at = now + LONGEST
    row = sessions.NewRow(
        hash_of(token), actor.agent_id, csrf, expires_at, place.device, place.network, method, enrolling,
        provider_session,
    )  # fmt: skip
    id = await sessions.add_session(executor, row, now)
    return NewSession(token, Session(actor, email, csrf, id, enrolling, method), expires_at)


async def session_of(
    store: Store, token: str, now: datetime, idle: timedelta = IDLE, *, by_person: bool = True
) -> Session | None:
    """The session of this token, if it is valid: not idle for longer than `idle`, 7 days in all, agent
    active. `by_person`: a person made the request, which restarts the idle limit. A page's own requests do
    not."""
    token_hash = hash_of(token)
    row = await (
        sessions.mark_session_used(store.pool, token_hash, now, idle, TOUCH_EVERY)
        if by_person
        else sessions.get_session(store.pool, token_hash, now, idle)
    )
    return _session(row) if row is not None else None


async def sessions_of_tokens(
    store: Store, token_hashes: Sequence[bytes], now: datetime, idle: timedelta = IDLE
) -> dict[bytes, Session]:
    """Those of these sessions that are valid now, by the hash of their token."""
    rows = await sessions.list_sessions(store.pool, token_hashes, now, idle)
    return {row["token_hash"]: _session(row) for row in rows}


async def sessions_of(
    store: Store, agent_id: UUID, now: datetime, idle: timedelta = IDLE
) -> Sequence[OpenSession]:
    """The valid sessions of this agent, the last used first."""
    rows = await sessions.list_of_agent(store.pool, agent_id, now, idle)
    return [OpenSession(**dict(row)) for row in rows]


async def end_session(store: Store, token: str) -> None:
    """Sign out: the token is no longer valid."""
    await sessions.delete_session(store.pool, hash_of(token))


async def end_other_sessions(executor: Executor, agent_id: UUID, token: str) -> None:
    """Sign the agent out of every other session."""
    await sessions.delete_other_sessions(executor, agent_id, hash_of(token))


def _session(row: Any) -> Session:
    actor = Actor(row["id"], row["name"], row["role"], tuple(row["teams"]), row["only_own_teams"])
    alarm = row["alarm"] if may(actor, Permission.SEE_ALARMS) else None
    return Session(
        actor, row["email"], row["csrf"], row["session_id"], row["enrolling"], row["method"], alarm
    )


def hash_of(token: str) -> bytes:
    """The hash of a random token, as stored in the database."""
    # Plain SHA-256 is enough: 256 random bits cannot be guessed from a table of hashes.
    return hashlib.sha256(token.encode()).digest()
