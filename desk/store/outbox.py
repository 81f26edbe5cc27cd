"""Outbox: what a provider still has to take, in the order of each contact's log."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from desk.store.pool import Executor


@dataclass(frozen=True, slots=True)
class Parcel:
    """One message to deliver. `parts` of its requests were taken before; `contact` is the provider's id; `token` is the lease."""

    id: int
    inbox: str
    contact_id: UUID
    contact: str
    message_id: UUID
    attempts: int
    parts: int
    token: UUID
    trace_id: str | None = None  # of the citizen's message that this answers


@dataclass(frozen=True, slots=True)
class Stuck:
    """A parcel that a person must look at: `dead` (refused) or `unknown` (the provider may have it)."""

    id: int
    inbox: str
    contact_id: UUID
    message_id: UUID
    conversation_id: UUID
    state: str
    attempts: int
    error: str | None
    created_at: datetime


async def add(executor: Executor, inbox: str, contact_id: UUID, message_id: UUID) -> None:
    """Put a message in."""
    await executor.execute(
        "INSERT INTO outbox (inbox, contact_id, message_id) VALUES ($1, $2, $3)",
        inbox,
        contact_id,
        message_id,
    )


async def claim(executor: Executor, token: UUID, seconds: float, limit: int) -> list[Parcel]:
    """Lease due messages, for each contact only the first that waits."""
    rows = await executor.fetch(
        """
        WITH due AS (
            SELECT o.id FROM outbox o
            WHERE o.state = 'pending' AND o.available_at <= now()
              AND NOT EXISTS (SELECT 1 FROM outbox p WHERE p.contact_id = o.contact_id AND p.id < o.id
                              AND p.state IN ('pending', 'sending'))
            ORDER BY o.id LIMIT $3 FOR UPDATE OF o SKIP LOCKED
        )
        UPDATE outbox SET state = 'sending', attempts = attempts + 1, lease_token = $1,
               lease_until = now() + make_interval(secs => $2)
        FROM due, contacts c WHERE outbox.id = due.id AND c.id = outbox.contact_id
        RETURNING outbox.id, outbox.inbox, outbox.contact_id, c.external_id AS contact, outbox.message_id,
                  outbox.attempts, outbox.parts, outbox.lease_token AS token,
                  (SELECT e.trace_id FROM messages m JOIN messages q ON q.id = m.reply_to JOIN events e ON e.id = q.event_id
                   WHERE m.id = outbox.message_id) AS trace_id
        """,
        token,
        seconds,
        limit,
    )
    return sorted((Parcel(**dict(row)) for row in rows), key=lambda parcel: parcel.id)


async def part_taken(executor: Executor, parcel_id: int, parts: int) -> None:
    """The provider took one more request of this message: it is never sent again."""
    await executor.execute(
        "UPDATE outbox SET parts = greatest(parts, $2) WHERE id = $1",
        parcel_id,
        parts,
    )


async def sent(executor: Executor, parcel_id: int) -> None:
    """All of it was taken."""
    await executor.execute(
        "UPDATE outbox SET state = 'sent', sent_at = now(), error = NULL, lease_token = NULL WHERE id = $1",
        parcel_id,
    )


async def later(executor: Executor, parcel_id: int, seconds: float, error: str) -> None:
    """Try again in `seconds`."""
    await executor.execute(
        """UPDATE outbox SET state = 'pending', available_at = now() + make_interval(secs => $2),
           error = left($3, 500), lease_token = NULL WHERE id = $1""",
        parcel_id,
        seconds,
        error,
    )


async def stopped(executor: Executor, parcel_id: int, *, unknown: bool, error: str) -> None:
    """It stays: `dead` when refused, `unknown` when the provider may have taken it. A person decides."""
    await executor.execute(
        "UPDATE outbox SET state = $2, error = left($3, 500), lease_token = NULL WHERE id = $1",
        parcel_id,
        "unknown" if unknown else "dead",
        error,
    )


async def keep(executor: Executor, held: Mapping[int, UUID], seconds: float) -> set[int]:
    """Prolong these leases (parcel to token); gives those that are still held."""
    rows = await executor.fetch(
        """UPDATE outbox SET lease_until = now() + make_interval(secs => $3)
           FROM unnest($1::bigint[], $2::uuid[]) AS held (id, token)
           WHERE outbox.id = held.id AND outbox.lease_token = held.token AND outbox.state = 'sending'
           RETURNING outbox.id""",
        list(held),
        list(held.values()),
        seconds,
    )
    return {row["id"] for row in rows}


async def lapsed(executor: Executor) -> dict[int, datetime]:
    """Parcels being sent whose lease is over, with its end: perhaps their worker died, perhaps a clock jumped."""
    rows = await executor.fetch(
        "SELECT id, lease_until FROM outbox WHERE state = 'sending' AND lease_until < now()"
    )
    return {row["id"]: row["lease_until"] for row in rows}


async def abandoned(
    executor: Executor, parcels: Mapping[int, datetime], deaths: int
) -> list[tuple[int, str]]:
    """Whoever was sending these (with the end of the lease when it was seen first) died. They go again, under the same
    key; after `deaths` such ends they are `unknown` and a person decides. Gives each parcel's id and its new state."""
    rows = await executor.fetch(
        """
        WITH lost AS (
            SELECT o.id FROM outbox o JOIN unnest($2::bigint[], $3::timestamptz[]) AS seen (id, until)
            ON o.id = seen.id AND o.lease_until = seen.until WHERE o.state = 'sending' FOR UPDATE OF o SKIP LOCKED
        )
        UPDATE outbox SET state = CASE WHEN deaths + 1 >= $1 THEN 'unknown' ELSE 'pending' END, deaths = deaths + 1,
               error = 'the worker stopped while sending', lease_token = NULL
        FROM lost WHERE outbox.id = lost.id RETURNING outbox.id, outbox.state
        """,
        deaths,
        list(parcels),
        list(parcels.values()),
    )
    return [(row["id"], row["state"]) for row in rows]


_STUCK = """SELECT o.id, o.inbox, o.contact_id, o.message_id, m.conversation_id, o.state, o.attempts, o.error, o.created_at
            FROM outbox o JOIN messages m ON m.id = o.message_id"""


async def resend(executor: Executor, parcel_id: int) -> bool:
    """A person wants a stopped parcel sent again, from the part where it stopped. False when it is not stopped."""
    message_id = await executor.fetchval(
        """UPDATE outbox SET state = 'pending', attempts = 0, deaths = 0, available_at = now(), error = NULL
           WHERE id = $1 AND state IN ('dead', 'unknown') RETURNING message_id""",
        parcel_id,
    )
    # `failed` was the last word on the first delivery; this is a new one.
    await executor.execute(
        "UPDATE messages SET status = 'accepted' WHERE id = $1 AND status = 'failed'", message_id
    )
    return message_id is not None


async def stuck(executor: Executor, limit: int = 200) -> list[Stuck]:
    """What is dead or unknown, newest first."""
    rows = await executor.fetch(
        f"{_STUCK} WHERE o.state IN ('dead', 'unknown') ORDER BY o.id DESC LIMIT $1", limit
    )
    return [Stuck(**dict(row)) for row in rows]


async def find(executor: Executor, parcel_id: int) -> Stuck | None:
    """The parcel by this id, whatever its state."""
    row = await executor.fetchrow(f"{_STUCK} WHERE o.id = $1", parcel_id)
    return Stuck(**dict(row)) if row else None
