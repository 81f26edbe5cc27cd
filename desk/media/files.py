"""The folder of stored files: streamed in with a size limit, re-encoded by the decoder, named at random."""

import asyncio
import errno
import hashlib
import os
import secrets
import shutil
import tempfile
import time
from collections.abc import AsyncIterator, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

import structlog

from desk.media.decoder import BUSY_SECONDS, PhotoDecoder
from desk.media.documents import PDF, is_pdf
from desk.media.photos import TO_KEEP, BadPhoto, Fit, too_large
from desk.media.scanner import Scanner
from desk.media.waiting_line import Busy, Slots

log = structlog.get_logger("media")

CHUNK = 65_536
ARRIVING = 256  # uploads under way at once, each of which may hold a whole photo on disk
ARRIVING_OF_ONE = 8
LEFTOVER_AGE = 3_600  # seconds after which an unfinished upload of a killed process is removed
SUFFIXES: Mapping[str, str] = {"image/png": ".png", PDF: ".pdf"}  # of any other kind: .jpg
LISTED = 1_000  # files in one batch of a listing
FREE_BYTES = 268_435_456
"""Bytes to leave free on the disk. On a single machine the database uses it too: photos are refused before messages are."""


@dataclass(frozen=True, slots=True)
class Stored:
    """A photo, or a PDF, on disk, flushed. `size` in bytes, `sha256` in hex."""

    file_name: str
    content_type: str
    size: int
    sha256: str


class MediaFiles:
    """Files under one folder. Unfinished files are under `incoming/` and never have a row. `scanner` sees each PDF first."""

    def __init__(
        self,
        folder: Path,
        decoder: PhotoDecoder,
        *,
        free_bytes: int = FREE_BYTES,
        scanner: Scanner | None = None,
    ) -> None:
        self.folder = folder
        self._decoder = decoder
        self._incoming = folder / "incoming"
        self._arriving = Slots(ARRIVING, ARRIVING_OF_ONE)
        self._free_bytes = free_bytes
        self._scanner = scanner

    async def keep_photo(
        self,
        chunks: AsyncIterator[bytes],
        limit: int,
        *,
        who: str,
        fit: Fit = TO_KEEP,
        documents: bool = False,
    ) -> Stored:
        """Take a photo of at most `limit` bytes in. `who` sends it: an address, a contact or an agent, for a fair order.
        With `documents`, a PDF too: it is kept as it is, and nobody here opens it.

        Raises BadPhoto; nothing half-written stays behind."""
        temporaries: list[Path] = []
        try:
            with self._arriving.slot(who):
                sent = await asyncio.to_thread(self._temporary, temporaries)
                await self._write(sent, chunks, limit)
                if documents and await asyncio.to_thread(is_pdf, sent):
                    if self._scanner:
                        await self._scanner.check(sent, who)
                    return await asyncio.to_thread(self._keep, sent, PDF)
                made = await asyncio.to_thread(self._temporary, temporaries)
                content_type = await self._decoder.decode(sent, made, fit, who)
                return await asyncio.to_thread(self._keep, made, content_type)
        except Busy:
            raise BadPhoto("photo_busy", retry_after=BUSY_SECONDS) from None
        except OSError as error:
            log.error("media_not_written", error=type(error).__name__, errno=error.errno)
            raise BadPhoto("no_room") from None
        finally:
            for path in temporaries:
                await asyncio.to_thread(path.unlink, missing_ok=True)

    def takes_more(self) -> bool:
        """Whether another photo may come: on a single machine the database, which holds the parts of photos, is on the same
        disk. Blocking."""
        self._incoming.mkdir(parents=True, exist_ok=True, mode=0o700)
        return shutil.disk_usage(self._incoming).free >= self._free_bytes

    def arriving(self) -> Path:
        """Where to write what is not known to be a photo yet. Raises OSError if the disk is nearly full. Blocking."""
        if not self.takes_more():
            raise OSError(errno.ENOSPC, "too little space is left on the disk")
        return self._incoming

    def path(self, file_name: str) -> Path | None:
        """Where the file is, or None where it is gone. Blocking."""
        path = self.folder / Path(file_name).name
        return path if path.is_file() else None

    def open(self, file_name: str) -> BinaryIO | None:
        """The file, to be closed by the caller, or None where it is gone. Blocking."""
        try:
            return (self.folder / Path(file_name).name).open("rb")
        except OSError:
            return None

    async def read(self, file_name: str) -> bytes | None:
        """The bytes, or None where the file is gone."""
        try:
            return await asyncio.to_thread((self.folder / Path(file_name).name).read_bytes)
        except OSError:
            return None

    async def remove(self, file_name: str) -> None:
        """Delete a stored file."""
        await asyncio.to_thread((self.folder / Path(file_name).name).unlink, missing_ok=True)

    def stored(self) -> Iterator[list[tuple[str, float]]]:
        """(name, Unix time of the last change) of every stored file, in batches. Blocking."""
        if not self.folder.is_dir():
            return
        batch: list[tuple[str, float]] = []
        with os.scandir(self.folder) as entries:
            for entry in entries:
                if entry.is_file(follow_symlinks=False):
                    batch.append((entry.name, entry.stat(follow_symlinks=False).st_mtime))
                if len(batch) == LISTED:
                    yield batch
                    batch = []
        yield batch

    def sweep(self) -> None:
        """Remove what killed processes left behind. Blocking."""
        if not self._incoming.is_dir():
            return
        for path in self._incoming.iterdir():
            try:
                if path.stat().st_mtime < time.time() - LEFTOVER_AGE:
                    path.unlink()
            except OSError as error:
                log.warning("media_not_swept", errno=error.errno)

    async def _write(self, path: Path, chunks: AsyncIterator[bytes], limit: int) -> None:
        size = 0
        buffer = bytearray()
        async for chunk in chunks:
            size += len(chunk)
            if size > limit:
                raise too_large(limit)
            buffer += chunk
            if len(buffer) >= CHUNK:
                await asyncio.to_thread(_append, path, bytes(buffer))
                buffer.clear()
        if not size:
            raise BadPhoto("photo_empty")
        await asyncio.to_thread(_append, path, bytes(buffer))

    def _temporary(self, made: list[Path]) -> Path:
        descriptor, name = tempfile.mkstemp(dir=self.arriving())
        os.close(descriptor)
        made.append(Path(name))
        return made[-1]

    def _keep(self, made: Path, content_type: str) -> Stored:
        name = secrets.token_hex(16) + SUFFIXES.get(content_type, ".jpg")
        with made.open("rb") as file:
            digest = hashlib.file_digest(file, "sha256").hexdigest()
            size = file.tell()
            os.fsync(file.fileno())
        made.rename(self.folder / name)
        return Stored(name, content_type, size, digest)


def _append(path: Path, data: bytes) -> None:
    with path.open("ab") as file:
        file.write(data)
