"""Web chat photos that are uploaded in parts. Every function except the last is called with the contact's own upload."""

from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from desk.store.pool import Executor


@dataclass(frozen=True, slots=True)
class Upload:
    """`size` and `received` are in bytes; `media_id` is set once it is complete."""

    size: int
    received: int
    media_id: UUID | None


async def get_locked(executor: Executor, contact_id: UUID, upload_id: UUID) -> Upload | None:
    """The upload, locked until the transaction ends; None if it has not begun."""
    row = await executor.fetchrow(
        "SELECT size, received, media_id FROM uploads WHERE contact_id = $1 AND id = $2 FOR UPDATE",
        contact_id,
        upload_id,
    )
    return Upload(**dict(row)) if row else None


async def count_open(executor: Executor, contact_id: UUID) -> int:
    """How many of the contact's uploads are not complete."""
    found: int = await executor.fetchval(
        "SELECT count(*) FROM uploads WHERE contact_id = $1 AND media_id IS NULL", contact_id
    )
    return found


async def add_upload(executor: Executor, contact_id: UUID, upload_id: UUID, size: int) -> bool:
    """Begin one. False if another request has just begun it."""
    found = await executor.fetchval(
        "INSERT INTO uploads (contact_id, id, size) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING RETURNING true",
        contact_id,
        upload_id,
        size,
    )
    return bool(found)


async def add_part(executor: Executor, contact_id: UUID, upload_id: UUID, start: int, data: bytes) -> None:
    """Append a part at `start`, which is how much there was."""
    await executor.execute(
        "INSERT INTO upload_parts (contact_id, upload_id, start, data) VALUES ($1, $2, $3, $4)",
        contact_id,
        upload_id,
        start,
        data,
    )
    await executor.execute(
        "UPDATE uploads SET received = received + $3 WHERE contact_id = $1 AND id = $2",
        contact_id,
        upload_id,
        len(data),
    )


async def get_part(executor: Executor, contact_id: UUID, upload_id: UUID, start: int) -> bytes | None:
    """The part that begins there; None if there is none, or no more."""
    found: bytes | None = await executor.fetchval(
        "SELECT data FROM upload_parts WHERE contact_id = $1 AND upload_id = $2 AND start = $3",
        contact_id,
        upload_id,
        start,
    )
    return found


async def mark_complete(executor: Executor, contact_id: UUID, upload_id: UUID, media_id: UUID) -> None:
    """It is a photo now; its parts are gone."""
    await executor.execute(
        "UPDATE uploads SET media_id = $3 WHERE contact_id = $1 AND id = $2", contact_id, upload_id, media_id
    )
    await executor.execute(
        "DELETE FROM upload_parts WHERE contact_id = $1 AND upload_id = $2", contact_id, upload_id
    )


async def delete_upload(executor: Executor, contact_id: UUID, upload_id: UUID) -> None:
    """What arrived was no photo that we keep: the upload is gone with its parts, unless it was completed meanwhile."""
    await executor.execute(
        "DELETE FROM uploads WHERE contact_id = $1 AND id = $2 AND media_id IS NULL", contact_id, upload_id
    )


async def delete_old(executor: Executor, older: timedelta, limit: int) -> int:
    """Delete uploads that began so long ago, complete or not; returns how many."""
    rows = await executor.fetch(
        """DELETE FROM uploads WHERE (contact_id, id) IN (
               SELECT contact_id, id FROM uploads WHERE created_at < now() - $1::interval
               ORDER BY created_at LIMIT $2)
           RETURNING id""",
        older,
        limit,
    )
    return len(rows)
