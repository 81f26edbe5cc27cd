"""Media: what is known of stored files; the bytes are in the media folder."""

from uuid import UUID

from desk.model import Media
from desk.store.pool import Executor


async def add(
    executor: Executor, contact_id: UUID, file_name: str, content_type: str, size: int, sha256: str
) -> Media:
    """Record a file of this contact."""
    raise NotImplementedError


async def of_contact(executor: Executor, contact_id: UUID, media_id: UUID) -> Media | None:
    """The file, if it is this contact's."""
    raise NotImplementedError


async def get(executor: Executor, media_id: UUID) -> Media | None:
    """The file, for callers that checked the right to see it."""
    raise NotImplementedError
