"""Citizens who follow a request that somebody else filed: "me too"."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from desk.store.pool import Executor


@dataclass(frozen=True, slots=True)
class FollowerRow:
    """One citizen and the request that they follow. They are told of its public status alone."""

    id: UUID
    contact_id: UUID
    conversation_id: UUID
    backend: str
    reference: str
    service_code: str


async def add_follower(executor: Executor, row: FollowerRow, now: datetime) -> bool:
    """Follow it from now on. False if the contact follows it already, or filed it."""
    tag = await executor.execute(
        """INSERT INTO request_followers (id, contact_id, conversation_id, backend, reference, service_code, created_at)
           SELECT $1, $2, $3, $4, $5, $6, $7 WHERE NOT EXISTS (
               SELECT FROM service_requests WHERE contact_id = $2 AND backend = $4 AND reference = $5)
           ON CONFLICT DO NOTHING""",
        row.id,
        row.contact_id,
        row.conversation_id,
        row.backend,
        row.reference,
        row.service_code,
        now,
    )
    return tag == "INSERT 0 1"


async def list_references(executor: Executor, backend: str) -> list[str]:
    """Numbers of the requests at this back end that somebody follows and that were not closed when last seen."""
    rows = await executor.fetch(
        """SELECT DISTINCT reference FROM request_followers WHERE backend = $1 AND status <> 'closed'
           ORDER BY reference LIMIT 5000""",
        backend,
    )
    return [row["reference"] for row in rows]


async def set_status(executor: Executor, backend: str, reference: str, status: str) -> list[FollowerRow]:
    """Record what the back end reports; returns those for whom it is news, in a fixed order."""
    rows = await executor.fetch(
        """UPDATE request_followers SET status = $3 WHERE backend = $1 AND reference = $2 AND status <> $3
           RETURNING id, contact_id, conversation_id, backend, reference, service_code""",
        backend,
        reference,
        status,
    )
    return sorted((FollowerRow(**dict(row)) for row in rows), key=lambda row: row.contact_id)


async def count_followers(executor: Executor, references: list[str]) -> dict[str, int]:
    """How many citizens follow each of these requests of ours; those that nobody follows are left out."""
    rows = await executor.fetch(
        "SELECT reference, count(*) AS many FROM request_followers WHERE reference = ANY($1::text[]) GROUP BY reference",
        references,
    )
    return {row["reference"]: row["many"] for row in rows}
