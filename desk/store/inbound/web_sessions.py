"""Web sessions: the hash of each token, and its contact."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from desk.model import Contact
from desk.store.people.contacts import from_row
from desk.store.pool import Executor


async def add_session(executor: Executor, token_hash: bytes, contact_id: UUID, expires_at: datetime) -> None:
    """Store a session."""
    await executor.execute(
        "INSERT INTO web_sessions (token_hash, contact_id, expires_at) VALUES ($1, $2, $3)",
        token_hash,
        contact_id,
        expires_at,
    )


async def get_session(
    executor: Executor, token_hash: bytes, now: datetime
) -> tuple[Contact, datetime] | None:
    """The contact of an unexpired session, and when the session was last seen."""
    row: Any = await executor.fetchrow(
        """SELECT c.id, c.inbox, c.external_id, c.name, c.email, c.phone, c.language, c.last_seq, c.created_at,
                  s.last_seen
           FROM web_sessions s JOIN contacts c ON c.id = s.contact_id
           WHERE s.token_hash = $1 AND s.expires_at > $2""",
        token_hash,
        now,
    )
    if row is None:
        return None
    found = dict(row)
    seen: datetime = found.pop("last_seen")
    known = from_row(found)
    assert known is not None
    return known, seen


async def mark_seen(executor: Executor, token_hash: bytes, now: datetime, expires_at: datetime) -> None:
    """Record activity, with at most one write per minute, and extend the session's lifetime."""
    await executor.execute(
        """UPDATE web_sessions SET last_seen = $2, expires_at = $3
           WHERE token_hash = $1 AND last_seen < $2::timestamptz - interval '1 minute'""",
        token_hash,
        now,
        expires_at,
    )


async def list_last_seqs(
    executor: Executor, token_hashes: Sequence[bytes], now: datetime
) -> dict[bytes, int]:
    """The last `seq` of each session's log. Sessions that have ended or expired are left out."""
    rows = await executor.fetch(
        """SELECT s.token_hash, c.last_seq FROM web_sessions s JOIN contacts c ON c.id = s.contact_id
           WHERE s.token_hash = ANY($1) AND s.expires_at > $2""",
        list(token_hashes),
        now,
    )
    return {row["token_hash"]: row["last_seq"] for row in rows}


async def is_open(executor: Executor, token_hash: bytes, now: datetime) -> bool:
    """Whether the session has neither ended nor expired."""
    found: bool = await executor.fetchval(
        "SELECT EXISTS (SELECT 1 FROM web_sessions WHERE token_hash = $1 AND expires_at > $2)",
        token_hash,
        now,
    )
    return found


async def mark_ended(executor: Executor, token_hash: bytes) -> UUID | None:
    """End the session and return its contact, or None if the session no longer exists."""
    ended: UUID | None = await executor.fetchval(
        "DELETE FROM web_sessions WHERE token_hash = $1 RETURNING contact_id", token_hash
    )
    return ended


async def mark_all_ended(executor: Executor, contact_id: UUID) -> None:
    """End every session of this contact."""
    await executor.execute("DELETE FROM web_sessions WHERE contact_id = $1", contact_id)


async def delete_expired(executor: Executor, now: datetime) -> None:
    """Delete expired sessions, and the record of which network they came from."""
    await executor.execute(
        """WITH gone AS (DELETE FROM web_sessions WHERE expires_at < $1 RETURNING contact_id)
           UPDATE contacts SET origin = NULL FROM gone WHERE id = gone.contact_id AND origin IS NOT NULL""",
        now,
    )
