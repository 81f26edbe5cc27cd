"""Keeps the photos of a create, re-encoded like a citizen's, and makes links to them."""

from collections.abc import AsyncIterator, Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from uuid import UUID

import structlog

from desk.media.files import MediaFiles
from desk.media.photos import BadPhoto
from desk.store import media
from desk.store.pool import Store
from forms.form import FormFile
from gateway.georeport.upload import PHOTO_BYTES

log = structlog.get_logger("gateway")

OURS = "media:"
"""Before the id of a photo that we keep, in a request's list of photos; any other entry is an address elsewhere."""


@dataclass(frozen=True, slots=True)
class Kept:
    """`urls` for the request, and how many files could not be kept."""

    urls: tuple[str, ...] = ()
    refused: int = 0


class ReportPhotos:
    """`link` makes an address from a media id, which is valid for a limited time."""

    def __init__(self, store: Store, files: MediaFiles, link: Callable[[str], str]) -> None:
        self._store = store
        self._files = files
        self._link = link

    def arriving(self) -> Path:
        """Where the files of a form are written until its key is known. Raises OSError if the disk is nearly full."""
        return self._files.arriving()

    async def keep(self, files: Sequence[FormFile], who: str) -> Kept:
        """Keep the files that are photos. Until `attach` they expire like any upload that is never sent."""
        urls = []
        for file in files:
            try:
                stored = await self._files.keep_photo(_content(file), PHOTO_BYTES, who=who)
            except BadPhoto as refused:
                log.info("georeport_photo_refused", code=refused.code)
                continue
            row = await media.add_file(
                self._store.pool, None, stored.file_name, stored.content_type, stored.size, stored.sha256
            )
            urls.append(f"{OURS}{row.id}")
        return Kept(tuple(urls), len(files) - len(urls))

    async def attach(self, urls: Sequence[str]) -> None:
        """The request is stored: its photos stay."""
        ids = [UUID(one.removeprefix(OURS)) for one in urls if one.startswith(OURS)]
        if ids:
            await media.mark_kept(self._store.pool, ids)

    def address(self, url: str) -> str:
        """The address of the photo, for anybody who may read the request."""
        return self._link(url.removeprefix(OURS)) if url.startswith(OURS) else url


async def _content(file: FormFile) -> AsyncIterator[bytes]:
    for chunk in file.chunks:
        yield chunk
