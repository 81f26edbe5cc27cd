"""Agents' sessions: a random token in a cookie, its hash in the database, and a CSRF token."""

import hashlib
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from desk.model import Actor
from desk.store.people import agents
from desk.store.pool import Executor, Store
from desk.store.routing.presence import Presence

IDLE = timedelta(minutes=30)
"""A session without input from a person ends after this time, unless the gateway is configured otherwise."""
LONGEST = timedelta(days=7)
TOUCH_EVERY = timedelta(seconds=30)


@dataclass(frozen=True, slots=True)
class Session:
    """Every change that this session requests must send `csrf` back. `presence` is set for requests that a person
    makes."""

    actor: Actor
    email: str
    csrf: str
    presence: Presence | None = None


@dataclass(frozen=True, slots=True)
class NewSession:
    """`token` is given to the browser once and kept nowhere."""

    token: str
    session: Session
    expires_at: datetime


async def open_session(executor: Executor, actor: Actor, email: str, now: datetime) -> NewSession:
    """Always a new token: one that was planted in the browser before the sign-in is useless."""
    token = secrets.token_urlsafe(32)
    session = Session(actor, email, secrets.token_urlsafe(32))
    expires_at = now + LONGEST
    await agents.add_session(executor, _hash(token), actor.agent_id, session.csrf, now, expires_at)
    return NewSession(token, session, expires_at)


async def session_of(
    store: Store, token: str, now: datetime, idle: timedelta = IDLE, *, by_person: bool = True
) -> Session | None:
    """The session of this token, if it is valid: not idle for longer than `idle`, 7 days in all, agent
    active. `by_person`: a person made the request, which restarts the idle limit. A page's own requests do
    not."""
    token_hash = _hash(token)
    row = await agents.get_session(store.pool, token_hash, now, idle)
    if row is None:
        return None
    if by_person and now - row["last_seen"] > TOUCH_EVERY:
        await agents.mark_session_seen(store.pool, token_hash, now)
    return Session(Actor(row["id"], row["name"], row["role"], tuple(row["teams"])), row["email"], row["csrf"])


async def end_session(store: Store, token: str) -> None:
    """Sign out: the token is no longer valid."""
    await agents.delete_session(store.pool, _hash(token))


async def end_other_sessions(executor: Executor, agent_id: UUID, token: str) -> None:
    """Sign the agent out of every other session."""
    await agents.delete_other_sessions(executor, agent_id, _hash(token))


def _hash(token: str) -> bytes:
    # Plain SHA-256 is enough: 256 random bits cannot be guessed from a table of hashes.
    return hashlib.sha256(token.encode()).digest()
