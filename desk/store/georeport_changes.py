"""Changes to requests of our own GeoReport v2 server, applied once however often a client sends them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from desk.store.georeport import GeoChange, Given
from desk.store.pool import Executor


async def withdraw(executor: Executor, reference: str, change: GeoChange, notes: str, now: datetime) -> bool:
    """Close a request as withdrawn, with `notes` for the public and the reporter's words in its description.
    False where this change is known already, or the request is not."""
    return await _change(
        executor,
        reference,
        change,
        now,
        "withdraw",
        "closed",
        "status = 'closed', status_notes = CASE WHEN g.status = 'closed' THEN g.status_notes ELSE $6 END,",
        notes,
    )


async def reopen(executor: Executor, reference: str, change: GeoChange, now: datetime) -> bool:
    """Open a closed request again, with the reporter's words in its description; the note of the closure goes. False where
    this change is known already, or the request is not."""
    return await _change(
        executor,
        reference,
        change,
        now,
        "reopen",
        "open",
        "status = 'open', status_notes = NULL, status_media = NULL,",
    )


async def complement(executor: Executor, reference: str, change: GeoChange, now: datetime) -> bool:
    """Add the change's text and photos, and correct the place. False where this change is known already, or the request
    is not."""
    if change.address is None:
        return await _change(executor, reference, change, now, "complement", "", "")
    place = "address = $6, address_id = NULL, zipcode = NULL, latitude = $7, longitude = $8,"
    at = (change.address, change.latitude, change.longitude)
    return await _change(executor, reference, change, now, "complement", "", place, *at)


async def _change(
    executor: Executor,
    reference: str,
    change: GeoChange,
    now: datetime,
    kind: str,
    status: str,
    more: str,
    *values: object,
) -> bool:
    # One statement: a change that arrives twice at the same moment waits for the first and then finds its row.
    tag = await executor.execute(
        f"""WITH fresh AS (
                INSERT INTO georeport_changes (id, reference, kind, at, status, said, media)
                SELECT $1, reference, '{kind}', $5, coalesce(nullif('{status}', ''), status), nullif($3, ''), $4::jsonb
                FROM georeport_requests WHERE reference = $2
                ON CONFLICT DO NOTHING RETURNING reference)
            UPDATE georeport_requests g SET {more}
                description = CASE WHEN $3 = '' THEN g.description ELSE concat_ws(E'\n', nullif(g.description, ''), $3) END,
                media_urls = g.media_urls || $4::jsonb, updated_at = $5
            FROM fresh WHERE g.reference = fresh.reference""",  # noqa: S608  (SQL of this file; the values are parameters)
        change.id,
        reference,
        change.text,
        list(change.media_urls),
        now,
        *values,
    )
    return tag == "UPDATE 1"


@dataclass(frozen=True, slots=True)
class GeoUpdate:
    """A change that a request has gone through. `note` is the city's own, and public; `said` is what a client wrote."""

    id: str
    reference: str
    status: str
    note: str | None
    said: str | None
    media: Sequence[str]
    at: datetime


async def list_updates(
    executor: Executor, since: datetime, until: datetime, limit: int, *, given: Given
) -> list[GeoUpdate]:
    """What changed between two times, oldest first. Only with `given` "all" what clients wrote and sent; without it a
    change that only adds is left out. Changes of before this table kept their status are too."""
    rows = await executor.fetch(
        """SELECT id, reference, status, note, CASE WHEN $4 THEN said END AS said,
                  CASE WHEN $4 OR kind = 'status' THEN media ELSE '[]' END AS media, at
           FROM georeport_changes
           WHERE at BETWEEN $1 AND $2 AND status IS NOT NULL AND ($4 OR kind <> 'complement')
           ORDER BY at, id LIMIT $3""",
        since,
        until,
        limit,
        given == "all",
    )
    return [GeoUpdate(**dict(row)) for row in rows]
