"""Changes to requests of our own GeoReport v2 server, applied once however often a client sends them."""

from datetime import datetime

from desk.store.georeport import GeoChange
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
        "status = 'open', status_notes = NULL, status_media = NULL,",
    )


async def complement(executor: Executor, reference: str, change: GeoChange, now: datetime) -> bool:
    """Add the change's text and photos. False where this change is known already, or the request is not."""
    return await _change(executor, reference, change, now, "complement", "")


async def _change(
    executor: Executor,
    reference: str,
    change: GeoChange,
    now: datetime,
    kind: str,
    more: str,
    *values: object,
) -> bool:
    # One statement: a change that arrives twice at the same moment waits for the first and then finds its row.
    tag = await executor.execute(
        f"""WITH fresh AS (
                INSERT INTO georeport_changes (id, reference, kind, at)
                SELECT $1, reference, '{kind}', $5 FROM georeport_requests WHERE reference = $2
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
