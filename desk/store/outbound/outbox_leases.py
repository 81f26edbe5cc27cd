"""Leases on outbox items: how they are renewed, and what happens to those of a worker that died."""

from collections.abc import Mapping
from datetime import datetime
from uuid import UUID

from desk.store.pool import Executor


async def renew(executor: Executor, held: Mapping[int, UUID], seconds: float) -> set[int]:
    """Renew these leases (item to token); returns the items still held."""
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


async def list_lapsed(executor: Executor, longest: float) -> dict[int, datetime]:
    """Items being sent whose lease has expired, with its end: their worker may have died, or a clock may
    have jumped. Or it ends more than `longest` seconds from now, as no lease does: it dates from before the
    database's clock was set back."""
    rows = await executor.fetch(
        """SELECT id, lease_until FROM outbox WHERE state = 'sending'
           AND (lease_until < now() OR lease_until > now() + make_interval(secs => $1))""",
        longest,
    )
    return {row["id"]: row["lease_until"] for row in rows}


async def mark_abandoned(
    executor: Executor, items: Mapping[int, datetime], deaths: int
) -> list[tuple[int, str]]:
    """The worker sending these items (with the end of the lease when first seen) died. They are sent again
    under the same key; after `deaths` such deaths they are `unknown` and a person decides. Returns each
    item's id and its new state."""
    rows = await executor.fetch(
        """
        WITH lost AS (
            SELECT o.id FROM outbox o JOIN unnest($2::bigint[], $3::timestamptz[]) AS seen (id, until)
            ON o.id = seen.id AND o.lease_until = seen.until WHERE o.state = 'sending' FOR UPDATE OF o SKIP LOCKED
        )
        UPDATE outbox SET state = CASE WHEN deaths + 1 >= $1 THEN 'unknown' ELSE 'pending' END, deaths = deaths + 1,
               failure = CASE WHEN deaths + 1 >= $1 THEN 'unknown' END, error = 'the worker stopped while sending',
               lease_token = NULL
        FROM lost WHERE outbox.id = lost.id RETURNING outbox.id, outbox.state
        """,
        deaths,
        list(items),
        list(items.values()),
    )
    return [(row["id"], row["state"]) for row in rows]
