"""The ledger: everybody to whom a verdict is to be said, once for each version, and whether it was."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from desk.store.pool import Executor


@dataclass(frozen=True, slots=True)
class Waiting:
    """Somebody to whom a version is to be said."""

    rumour_id: int
    version: int
    contact_id: UUID


async def add_people(executor: Executor, rumour_id: int, version: int, at: datetime) -> int:
    """Address a version: everybody who asked, one contact for each person, the one by which they asked last. An earlier version that
    still waits for somebody is never said to them. Returns how many are addressed."""
    await executor.execute(
        "UPDATE rumour_people SET state = 'superseded' WHERE rumour_id = $1 AND version < $2 AND state = 'waiting'",
        rumour_id, version,
    )  # fmt: skip
    return int(
        await executor.fetchval(
            """WITH added AS (
                   INSERT INTO rumour_people (rumour_id, version, contact_id, state, added_at)
                   SELECT $1, $2, id, 'waiting', $3 FROM (
                       SELECT DISTINCT ON (coalesce(c.person_id, c.id)) c.id, coalesce(c.person_id, c.id) AS person
                       FROM rumour_claims q JOIN contacts c ON c.id = q.contact_id WHERE q.rumour_id = $1
                       ORDER BY coalesce(c.person_id, c.id), q.asked_at DESC, c.id
                   ) asked WHERE NOT EXISTS (
                       SELECT FROM rumour_people p JOIN contacts o ON o.id = p.contact_id
                       WHERE p.rumour_id = $1 AND p.version = $2 AND coalesce(o.person_id, o.id) = asked.person)
                   ON CONFLICT DO NOTHING RETURNING 1
               ) SELECT count(*) FROM added""",
            rumour_id, version, at,
        )
    )  # fmt: skip


async def add_said(
    executor: Executor, rumour_id: int, version: int, contact_id: UUID, at: datetime, message_id: UUID
) -> None:
    """They were told at once, because they asked after the verdict."""
    await executor.execute(
        """INSERT INTO rumour_people (rumour_id, version, contact_id, state, added_at, said_at, message_id)
           VALUES ($1, $2, $3, 'said', $4, $4, $5)
           ON CONFLICT (rumour_id, version, contact_id) DO UPDATE
           SET state = 'said', said_at = excluded.said_at, message_id = excluded.message_id""",
        rumour_id, version, contact_id, at, message_id,
    )  # fmt: skip


async def list_waiting(executor: Executor, limit: int) -> list[Waiting]:
    """People to whom a version is to be said, locked; other workers skip them."""
    rows = await executor.fetch(
        """SELECT rumour_id, version, contact_id FROM rumour_people WHERE state = 'waiting'
           ORDER BY added_at, contact_id LIMIT $1 FOR UPDATE SKIP LOCKED""",
        limit,
    )
    return [Waiting(**dict(row)) for row in rows]


async def mark_said(
    executor: Executor, one: Waiting, state: str, at: datetime, message_id: UUID | None = None
) -> None:
    """What became of it: said (in this message), opted_out or superseded."""
    await executor.execute(
        """UPDATE rumour_people SET state = $4, said_at = $5, message_id = $6
           WHERE rumour_id = $1 AND version = $2 AND contact_id = $3""",
        one.rumour_id, one.version, one.contact_id, state, at, message_id,
    )  # fmt: skip
