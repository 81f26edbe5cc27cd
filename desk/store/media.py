"""Metadata of stored files; the bytes are in the media folder."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any
from uuid import UUID

from desk.model import Media
from desk.store.pool import Executor

_COLUMNS = "id, contact_id, file_name, content_type, size, sha256"


async def add_file(
    executor: Executor,
    contact_id: UUID | None,
    file_name: str,
    content_type: str,
    size: int,
    sha256: str,
) -> Media:
    """Record a file for this contact; without one it came with a request of another system."""
    row = await executor.fetchrow(
        f"""INSERT INTO media (contact_id, file_name, content_type, size, sha256) VALUES ($1, $2, $3, $4, $5)
            RETURNING {_COLUMNS}""",  # noqa: S608  (our own columns)
        contact_id,
        file_name,
        content_type,
        size,
        sha256,
    )
    return Media(**dict(row))


async def get_of_contact(executor: Executor, contact_id: UUID, media_id: UUID) -> Media | None:
    """The file, if it belongs to this contact."""
    return _media(
        await executor.fetchrow(
            f"SELECT {_COLUMNS} FROM media WHERE id = $1 AND contact_id = $2",  # noqa: S608  (our own columns)
            media_id,
            contact_id,
        )
    )


async def is_deleted_by_contact(executor: Executor, contact_id: UUID, media_id: UUID) -> bool:
    """Whether the contact deleted the message that brought this file."""
    found: bool = await executor.fetchval(
        """SELECT EXISTS (SELECT FROM messages WHERE contact_id = $1 AND content->'deleted'->'attachments'
                          @> jsonb_build_array(jsonb_build_object('id', $2::text)))""",
        contact_id,
        str(media_id),
    )
    return found


async def list_of_contact(executor: Executor, contact_id: UUID, media_ids: Sequence[UUID]) -> list[Media]:
    """The given files that belong to this contact, in the given order."""
    rows = await executor.fetch(
        f"SELECT {_COLUMNS} FROM media WHERE contact_id = $1 AND id = ANY($2)",  # noqa: S608  (our own columns)
        contact_id,
        list(media_ids),
    )
    found = {row["id"]: Media(**dict(row)) for row in rows}
    return [found[one] for one in media_ids if one in found]


async def mark_touched(executor: Executor, contact_id: UUID, media_ids: Sequence[UUID]) -> int:
    """Keep these files from expiring before the message that uses them is stored. Returns how many belong
    to this contact. It locks the rows, so either it precedes the sweep, or the files are gone and are not
    counted."""
    rows = await executor.fetch(
        "UPDATE media SET touched_at = now() WHERE contact_id = $1 AND id = ANY($2) RETURNING id",
        contact_id,
        list(media_ids),
    )
    return len(rows)


async def get_file(executor: Executor, media_id: UUID) -> Media | None:
    """The file, for callers that have already checked access."""
    return _media(await executor.fetchrow(f"SELECT {_COLUMNS} FROM media WHERE id = $1", media_id))  # noqa: S608  (our own columns)


async def mark_kept(executor: Executor, media_ids: Sequence[UUID]) -> None:
    """These files belong to a stored request, so that they do not expire."""
    await executor.execute("UPDATE media SET attached_at = now() WHERE id = ANY($1)", list(media_ids))


def _media(row: Any) -> Media | None:
    return Media(**dict(row)) if row else None


async def mark_attached(executor: Executor, older: timedelta, limit: int) -> int:
    """Mark the files last touched at least `older` ago that a message refers to; returns how many were
    marked. The messages decide, not the code that writes them: processes of older releases write messages
    too."""
    rows = await executor.fetch(
        """UPDATE media SET attached_at = now() WHERE id IN (
               SELECT f.id FROM media f
               WHERE f.attached_at IS NULL AND f.touched_at < now() - $1::interval AND (
                   EXISTS (SELECT FROM messages m WHERE m.contact_id = f.contact_id
                           AND coalesce(m.content->'attachments', m.content->'deleted'->'attachments')
                               @> jsonb_build_array(jsonb_build_object('id', f.id::text)))
                   OR EXISTS (SELECT FROM events e WHERE e.contact_id = f.contact_id
                              AND e.state IN ('received', 'appended')
                              AND (e.payload->'media') @> jsonb_build_array(jsonb_build_object('id', f.id::text))))
               ORDER BY f.touched_at LIMIT $2)
           RETURNING id""",
        older,
        limit,
    )
    return len(rows)


async def delete_unattached(executor: Executor, older: timedelta, limit: int) -> list[str]:
    """Delete the rows of files last touched at least `older` ago that no message refers to; returns their
    names. Call `mark_attached` first, until it marks none."""
    rows = await executor.fetch(
        """DELETE FROM media WHERE id IN (
               SELECT f.id FROM media f
               WHERE f.attached_at IS NULL AND f.touched_at < now() - $1::interval
                 AND NOT EXISTS (SELECT FROM messages m WHERE m.contact_id = f.contact_id
                           AND coalesce(m.content->'attachments', m.content->'deleted'->'attachments')
                               @> jsonb_build_array(jsonb_build_object('id', f.id::text)))
                 AND NOT EXISTS (SELECT FROM events e WHERE e.contact_id = f.contact_id
                              AND e.state IN ('received', 'appended')
                              AND (e.payload->'media') @> jsonb_build_array(jsonb_build_object('id', f.id::text)))
               ORDER BY f.touched_at LIMIT $2 FOR UPDATE SKIP LOCKED)
           RETURNING file_name""",
        older,
        limit,
    )
    return [row["file_name"] for row in rows]


async def list_known(executor: Executor, file_names: Sequence[str]) -> set[str]:
    """The names that have a row."""
    rows = await executor.fetch(
        "SELECT file_name FROM media WHERE file_name = ANY($1::text[])", list(file_names)
    )
    return {row["file_name"] for row in rows}


async def list_names(executor: Executor, after: str, older: timedelta, limit: int) -> list[str]:
    """Names of files recorded at least `older` ago, in order of name, after `after`."""
    rows = await executor.fetch(
        """SELECT file_name FROM media WHERE file_name > $1 AND created_at < now() - $2::interval
           ORDER BY file_name LIMIT $3""",
        after,
        older,
        limit,
    )
    return [row["file_name"] for row in rows]


async def delete_named(executor: Executor, file_names: Sequence[str]) -> None:
    """Delete the rows of these files."""
    await executor.execute("DELETE FROM media WHERE file_name = ANY($1::text[])", list(file_names))
