"""Media: what is known of stored files; the bytes are in the media folder."""

from collections.abc import Sequence
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


async def get_file(executor: Executor, media_id: UUID) -> Media | None:
    """The file, for callers that checked the right to see it."""
    return _media(await executor.fetchrow(f"SELECT {_COLUMNS} FROM media WHERE id = $1", media_id))  # noqa: S608


def _media(row: Any) -> Media | None:
    return Media(**dict(row)) if row else None
