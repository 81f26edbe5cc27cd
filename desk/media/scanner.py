"""Scans PDFs for malware before they are kept. A client for ClamAV's daemon: its INSTREAM command, over TCP.

Photos are decoded and encoded anew, so nothing in them survives; a PDF is kept as it was sent. Fails closed: what the daemon
has not called clean is not kept.
"""

import asyncio
from pathlib import Path

import structlog

from desk.media.photos import BadPhoto
from desk.media.waiting_line import Busy, Slots

log = structlog.get_logger("media")

SECONDS = 30.0
AT_ONCE, OF_ONE = 8, 2
CHUNK = 65_536
LONGEST_ANSWER = 1_024
CLEAN, FOUND = b"stream: OK", b" FOUND"
AGAIN_AFTER = 60.0


class Scanner:
    """`host` and `port` of a clamd."""

    def __init__(self, host: str, port: int, *, seconds: float = SECONDS) -> None:
        self._host = host
        self._port = port
        self._seconds = seconds
        self._slots = Slots(AT_ONCE, OF_ONE)

    async def check(self, path: Path, who: str) -> None:
        """Return if the file is clean. `who` sends it, as in MediaFiles. Raises BadPhoto: document_unsafe, photo_busy, or
        not_scanned where the daemon is down, slow, or has an answer that is not known."""
        try:
            with self._slots.slot(who):
                async with asyncio.timeout(self._seconds):
                    answer = await self._ask(path)
        except Busy:
            raise BadPhoto("photo_busy", retry_after=AGAIN_AFTER) from None
        except (OSError, TimeoutError, EOFError, asyncio.LimitOverrunError) as error:
            log.error("not_scanned", error=type(error).__name__)
            raise BadPhoto("not_scanned", retry_after=AGAIN_AFTER) from None
        if answer == CLEAN:
            return
        if answer.endswith(FOUND):
            # The daemon's own name for it; the file's name and its sender stay out of the log.
            log.warning("malware_refused", found=answer.decode("ascii", "replace")[:100])
            raise BadPhoto("document_unsafe")
        log.error("not_scanned", error=answer.decode("ascii", "replace")[:100])
        raise BadPhoto("not_scanned", retry_after=AGAIN_AFTER)

    async def _ask(self, path: Path) -> bytes:
        reader, writer = await asyncio.open_connection(self._host, self._port, limit=LONGEST_ANSWER)
        try:
            writer.write(b"zINSTREAM\0")
            with await asyncio.to_thread(path.open, "rb") as file:
                while data := await asyncio.to_thread(file.read, CHUNK):
                    writer.write(len(data).to_bytes(4, "big") + data)
                    await writer.drain()
            writer.write(bytes(4))
            await writer.drain()
            answer = await reader.readuntil(b"\0")
        finally:
            writer.close()
        return answer.rstrip(b"\0").strip()
