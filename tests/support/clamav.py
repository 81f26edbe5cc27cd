"""A virus scanner as ClamAV's daemon is over TCP: strict about INSTREAM, and with one signature, EICAR's."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass

COMMAND = b"zINSTREAM\0"
EICAR = rb"X5O!P%@AP[4\PZX54(P^)7CC)7}$EICAR-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*"
LARGEST = 20_000_000


@dataclass
class Clamd:
    """`answer` replaces what it says, and an empty one hangs up. `scanned` counts the files it was sent whole."""

    port: int = 0
    scanned: int = 0
    answer: bytes | None = None

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """One connection."""
        try:
            assert await reader.readexactly(len(COMMAND)) == COMMAND
            data = bytearray()
            while size := int.from_bytes(await reader.readexactly(4), "big"):
                data += await reader.readexactly(size)
                assert len(data) <= LARGEST
            self.scanned += 1
            verdict = b"stream: Eicar-Signature FOUND\0" if EICAR in data else b"stream: OK\0"
            writer.write(verdict if self.answer is None else self.answer)
        finally:
            writer.close()


@asynccontextmanager
async def clamd() -> AsyncIterator[Clamd]:
    """A daemon on a free port."""
    daemon = Clamd()
    server = await asyncio.start_server(daemon.serve, "127.0.0.1", 0)
    daemon.port = server.sockets[0].getsockname()[1]
    async with server:
        yield daemon
