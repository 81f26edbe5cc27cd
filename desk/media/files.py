"""The folder of stored files: streamed in with a cap, checked, made anew, named at random."""

import asyncio
import hashlib
import os
import secrets
import tempfile
import time
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path

import structlog

from desk.media.photos import TO_KEEP, BadPhoto, Fit, Photo, clean_photo

log = structlog.get_logger("media")

CHUNK = 262_144
AT_ONCE = 2  # photos opened at the same moment: bounds memory and leaves a processor for conversations
LEFTOVER_AGE = 3_600  # seconds after which an unfinished upload of a killed process is removed


@dataclass(frozen=True, slots=True)
class Stored:
    """A photo on disk, flushed. `size` in bytes, `sha256` in hex."""

    file_name: str
    content_type: str
    size: int
    sha256: str


class MediaFiles:
    """Files under one folder. What is not finished is under `incoming/` and never has a row."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._incoming = folder / "incoming"
        self._decoding = asyncio.Semaphore(AT_ONCE)

    async def keep_photo(self, chunks: AsyncIterator[bytes], limit: int, fit: Fit = TO_KEEP) -> Stored:
        """Take a photo of at most `limit` bytes in. Raises BadPhoto; nothing half-written stays behind."""
        temporary: Path | None = None
        try:
            temporary = await asyncio.to_thread(self._temporary)
            await self._write(temporary, chunks, limit)
            async with self._decoding:
                photo = await asyncio.to_thread(clean_photo, temporary, fit)
            return await asyncio.to_thread(self._keep, photo)
        except OSError as error:
            log.error("media_not_written", error=type(error).__name__, errno=error.errno)
            raise BadPhoto(
                "no_room",
                "We cannot keep photos at the moment. Nothing of it was kept. Send your message without the photo.",
            ) from None
        finally:
            if temporary is not None:
                await asyncio.to_thread(temporary.unlink, missing_ok=True)

    async def read(self, file_name: str) -> bytes | None:
        """The bytes, or None where the file is gone."""
        try:
            return await asyncio.to_thread((self.folder / Path(file_name).name).read_bytes)
        except OSError:
            return None

    async def remove(self, file_name: str) -> None:
        """Forget a stored file."""
        await asyncio.to_thread((self.folder / Path(file_name).name).unlink, missing_ok=True)

    def sweep(self) -> None:
        """Remove what killed processes left behind. Blocking; call it once at start."""
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
            raise BadPhoto(
                "photo_empty", "The photo was empty. Nothing was kept. Choose it again and send it."
            )
        await asyncio.to_thread(_append, path, bytes(buffer))

    def _temporary(self) -> Path:
        self._incoming.mkdir(parents=True, exist_ok=True, mode=0o700)
        handle, name = tempfile.mkstemp(dir=self._incoming)
        os.close(handle)
        return Path(name)

    def _keep(self, photo: Photo) -> Stored:
        suffix = ".png" if photo.content_type == "image/png" else ".jpg"
        name = secrets.token_hex(16) + suffix
        temporary = self._temporary()
        try:
            with temporary.open("wb") as file:
                file.write(photo.data)
                file.flush()
                os.fsync(file.fileno())
            temporary.rename(self.folder / name)
        except OSError:
            temporary.unlink(missing_ok=True)
            raise
        return Stored(name, photo.content_type, len(photo.data), hashlib.sha256(photo.data).hexdigest())


def too_large(limit: int) -> BadPhoto:
    """The refusal of a file above `limit` bytes."""
    return BadPhoto(
        "photo_too_large",
        f"This photo is larger than {limit // 1_048_576} MB. Nothing was kept. Send a smaller one.",
    )


def _append(path: Path, data: bytes) -> None:
    with path.open("ab") as file:
        file.write(data)
