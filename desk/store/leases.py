"""Leases: what keeps one worker on one contact. The database's clock counts; a token says whose a lease is."""

from collections.abc import Mapping
from dataclasses import dataclass
from uuid import UUID

from desk.model import Contact
from desk.store.people.contacts import COLUMNS, from_row
from desk.store.pool import Executor

Token = UUID
"""Made by the worker that claims: who has another one has lost the lease."""


@dataclass(frozen=True, slots=True)
class Claimed:
    """A leased contact. `abandoned`: whoever had it before never gave it back."""

    contact_id: UUID
    abandoned: bool


async def claim(executor: Executor, token: UUID, seconds: float, limit: int) -> list[Claimed]:
    """Lease up to `limit` contacts whose next event is due, oldest first. The database's clock counts.

    Events are read in their order until there are enough: a crisis leaves thousands open, and a plan that looks at all
    of them, or compares each with each, takes seconds. So there is no index by time, and the first event of a contact
    is asked for by a subquery, which the planner cannot turn into a join."""
    rows = await executor.fetch(
        """
        WITH due AS (
            SELECT c.id, c.lease_token IS NOT NULL AS abandoned FROM events e JOIN contacts c ON c.id = e.contact_id
            WHERE e.state IN ('received', 'appended') AND e.available_at <= now() AND c.lease_until < now()
              AND e.id = (SELECT f.id FROM events f WHERE f.contact_id = e.contact_id
                          AND f.state IN ('received', 'appended') ORDER BY f.contact_id, f.id LIMIT 1)
            ORDER BY e.id LIMIT $3
            FOR NO KEY UPDATE OF c SKIP LOCKED
        )
        UPDATE contacts SET lease_until = now() + make_interval(secs => $2), lease_token = $1
        FROM due WHERE contacts.id = due.id RETURNING contacts.id, due.abandoned
        """,
        token,
        seconds,
        limit,
    )
    return [Claimed(row["id"], row["abandoned"]) for row in rows]


async def lease(executor: Executor, contact_id: UUID, token: UUID, seconds: float) -> bool:
    """Lease this one contact; false when somebody has it."""
    got = await executor.fetchval(
        """UPDATE contacts SET lease_until = now() + make_interval(secs => $3), lease_token = $2
           WHERE id = $1 AND lease_until < now() RETURNING true""",
        contact_id,
        token,
        seconds,
    )
    return got is not None


async def keep(executor: Executor, held: Mapping[UUID, UUID], seconds: float) -> None:
    """Prolong these leases (contact to token). A row that somebody has locked is at work, and left for the next time:
    waiting for it could lock two of us out of each other's rows."""
    await executor.execute(
        """
        WITH ours AS (
            SELECT c.id FROM contacts c
            JOIN unnest($1::uuid[], $2::uuid[]) AS held (id, token) ON c.id = held.id AND c.lease_token = held.token
            FOR NO KEY UPDATE OF c SKIP LOCKED
        )
        UPDATE contacts SET lease_until = now() + make_interval(secs => $3) FROM ours WHERE contacts.id = ours.id
        """,
        list(held),
        list(held.values()),
        seconds,
    )


async def renew(executor: Executor, contact_id: UUID, token: UUID, seconds: float) -> Contact | None:
    """Keep the lease, and the contact's row locked to the end of the transaction; None when another has it."""
    return from_row(
        await executor.fetchrow(
            f"""UPDATE contacts SET lease_until = now() + make_interval(secs => $3)
                WHERE id = $1 AND lease_token = $2 RETURNING {COLUMNS}""",  # noqa: S608
            contact_id,
            token,
            seconds,
        )
    )


async def release_if_idle(executor: Executor, contact_id: UUID, token: UUID) -> bool:
    """Give the lease back where nothing of this contact is due; false where something is, or the lease is not ours."""
    released = await executor.fetchval(
        """UPDATE contacts SET lease_until = '-infinity', lease_token = NULL WHERE id = $1 AND lease_token = $2
           AND NOT EXISTS (SELECT 1 FROM events WHERE contact_id = $1 AND state IN ('received', 'appended')
                           AND available_at <= now()) RETURNING true""",
        contact_id,
        token,
    )
    return released is not None


async def free_impossible(executor: Executor, seconds: float) -> list[UUID]:
    """Free contacts with something to be answered whose lease ends more than `seconds` from now: no lease is so long.
    It is from before the database's clock was set back, and nobody could come near this contact until then."""
    rows = await executor.fetch(
        """
        WITH stuck AS (
            SELECT c.id FROM contacts c WHERE c.lease_until > now() + make_interval(secs => $1)
              AND c.id IN (SELECT contact_id FROM events WHERE state IN ('received', 'appended'))
            FOR NO KEY UPDATE OF c SKIP LOCKED
        )
        UPDATE contacts SET lease_until = '-infinity', lease_token = NULL FROM stuck WHERE contacts.id = stuck.id
        RETURNING contacts.id
        """,
        seconds,
    )
    return [row["id"] for row in rows]


async def release(executor: Executor, contact_id: UUID, token: UUID) -> None:
    """Give the lease back."""
    await executor.execute(
        "UPDATE contacts SET lease_until = '-infinity', lease_token = NULL WHERE id = $1 AND lease_token = $2",
        contact_id,
        token,
    )
