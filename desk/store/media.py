"""Media: what is known of stored files; the bytes are in the media folder."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any
from uuid import UUID

from desk.model import Media
from desk.store.pool import Executor

_COLUMNS = "id, contact_id, file_name, content_type, size, sha256"


async def add_file(
    executor: Executor, contact_id: UUID, file_name: str, content_type: str, size: int, sha256: str
) -> Media:
    """Record a file of this contact."""
    row = await executor.fetchrow(
        f"""INSERT INTO media (contact_id, file_name, content_type, size, sha256) VALUES ($1, $2, $3, $4, $5)
            RETURNING {_COLUMNS}""",  # noqa: S608
        contact_id,
        file_name,
        content_type,
        size,
        sha256,
    )
    return Media(**dict(row))


async def get_of_contact(executor: Executor, contact_id: UUID, media_id: UUID) -> Media | None:
    """The file, if it is this contact's."""
    return _media(
        await executor.fetchrow(
            f"SELECT {_COLUMNS} FROM media WHERE id = $1 AND contact_id = $2",  # noqa: S608
            media_id,
            contact_id,
        )
    )


async def list_of_contact(executor: Executor, contact_id: UUID, media_ids: Sequence[UUID]) -> list[Media]:
    """Those of the files that are this contact's, in the order asked for."""
    rows = await executor.fetch(
        f"SELECT {_COLUMNS} FROM media WHERE contact_id = $1 AND id = ANY($2)",  # noqa: S608
        contact_id,
        list(media_ids),
    )
    found = {row["id"]: Media(**dict(row)) for row in rows}
    return [found[one] for one in media_ids if one in found]


async def mark_touched(executor: Executor, contact_id: UUID, media_ids: Sequence[UUID]) -> int:
    """A message with these files is about to be kept: they must not expire meanwhile. Gives how many are this contact's.

    It takes the rows' locks, so either it comes before the sweep, or the files are gone and it does not count them."""
    rows = await executor.fetch(
        "UPDATE media SET touched_at = now() WHERE contact_id = $1 AND id = ANY($2) RETURNING id",
        contact_id,
        list(media_ids),
    )
    return len(rows)


async def get_file(executor: Executor, media_id: UUID) -> Media | None:
    """The file, for callers that checked the right to see it."""
    return _media(await executor.fetchrow(f"SELECT {_COLUMNS} FROM media WHERE id = $1", media_id))  # noqa: S608


def _media(row: Any) -> Media | None:
    return Media(**dict(row)) if row else None


async def mark_attached(executor: Executor, older: timedelta, limit: int) -> int:
    """Mark which of the files that were last touched `older` ago a message has; gives how many it marked.

    The messages decide, not those who write them: processes of older releases write messages too."""
    rows = await executor.fetch(
        """UPDATE media SET attached_at = now() WHERE id IN (
               SELECT f.id FROM media f
               WHERE f.attached_at IS NULL AND f.touched_at < now() - $1::interval AND (
                   EXISTS (SELECT FROM messages m WHERE m.contact_id = f.contact_id
                           AND m.content->'attachments' @> jsonb_build_array(jsonb_build_object('id', f.id::text)))
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
    """Forget files that were last touched `older` ago and that no message has; gives their names.

    Call `mark_attached` before, until it marks none."""
    rows = await executor.fetch(
        """DELETE FROM media WHERE id IN (
               SELECT f.id FROM media f
               WHERE f.attached_at IS NULL AND f.touched_at < now() - $1::interval
                 AND NOT EXISTS (SELECT FROM messages m WHERE m.contact_id = f.contact_id
                           AND m.content->'attachments' @> jsonb_build_array(jsonb_build_object('id', f.id::text)))
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
    """Those of the names that have a row."""
    rows = await executor.fetch(
        "SELECT file_name FROM media WHERE file_name = ANY($1::text[])", list(file_names)
    )
    return {row["file_name"] for row in rows}


async def list_names(executor: Executor, after: str, older: timedelta, limit: int) -> list[str]:
    """Names of files that were recorded `older` ago, in the order of their names, from `after` on."""
    rows = await executor.fetch(
        """SELECT file_name FROM media WHERE file_name > $1 AND created_at < now() - $2::interval
           ORDER BY file_name LIMIT $3""",
        after,
        older,
        limit,
    )
    return [row["file_name"] for row in rows]


async def delete_named(executor: Executor, file_names: Sequence[str]) -> None:
    """Forget the rows of these files."""
    await executor.execute("DELETE FROM media WHERE file_name = ANY($1::text[])", list(file_names))
