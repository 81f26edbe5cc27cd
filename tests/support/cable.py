"""A connection between the gateway and an engine that a test can cut and restore; the engine itself keeps running."""

import asyncio
import contextlib
from collections.abc import Awaitable, Callable
from urllib.parse import parse_qs, urlsplit

Pipe = tuple[asyncio.StreamReader, asyncio.StreamWriter]


class Cable:
    """A TCP address on loopback that leads to `connect`. Cut: nobody gets through and every line is dropped."""

    def __init__(self, connect: Callable[[], Awaitable[Pipe]]) -> None:
        self._connect = connect
        self._server: asyncio.Server | None = None
        self._lines: dict[asyncio.Task[None], tuple[asyncio.StreamWriter, ...]] = {}
        self.port = 0
        self.dropped = 0
        """How many connections drop() has closed."""

    async def mend(self) -> None:
        await self._listen(self._carry)

    async def drop(self) -> None:
        """In place of mend(): take each connection and close it at once."""
        await self._listen(self._drop)

    async def cut(self) -> None:
        assert self._server is not None
        self._server.close()
        for writers in list(self._lines.values()):
            for writer in writers:
                writer.transport.abort()
        await asyncio.gather(*self._lines, return_exceptions=True)
        await self._server.wait_closed()

    async def _listen(
        self, serve: Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]
    ) -> None:
        self._server = await asyncio.start_server(serve, "127.0.0.1", self.port)
        self.port = self._server.sockets[0].getsockname()[1]

    async def _drop(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.dropped += 1
        writer.transport.abort()

    async def _carry(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        self._lines[task] = (writer,)
        try:
            far_reader, far_writer = await self._connect()
            self._lines[task] = (writer, far_writer)
            await asyncio.gather(_pump(reader, far_writer), _pump(far_reader, writer))
        except OSError:
            pass
        finally:
            for one in self._lines.pop(task):
                one.close()
                with contextlib.suppress(OSError):
                    await one.wait_closed()


async def _pump(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    with contextlib.suppress(OSError):
        while data := await reader.read(65_536):
            writer.write(data)
            await writer.drain()
    with contextlib.suppress(OSError, RuntimeError):
        writer.write_eof()


def to_postgres(url: str) -> tuple[Cable, Callable[[int], str]]:
    """A cable to the server of this address, and the address at the cable's near end by its port."""
    parts = urlsplit(url)
    folder = parse_qs(parts.query).get("host", [None])[0]
    port = parts.port or 5432

    async def connect() -> Pipe:
        if folder:
            return await asyncio.open_unix_connection(f"{folder}/.s.PGSQL.{port}")
        return await asyncio.open_connection(parts.hostname or "127.0.0.1", port)

    who = f"{parts.username or 'postgres'}:{parts.password or ''}"
    return Cable(connect), lambda near: f"postgresql://{who}@127.0.0.1:{near}{parts.path}"
