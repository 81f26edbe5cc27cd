"""A cable between the gateway and an engine, which a test can cut and mend: the engine itself is not touched."""

import asyncio
import contextlib
from collections.abc import Awaitable, Callable

Pipe = tuple[asyncio.StreamReader, asyncio.StreamWriter]


class Cable:
    """A TCP address on loopback that leads to `connect`. Cut: nobody gets through and every line is dropped."""

    def __init__(self, connect: Callable[[], Awaitable[Pipe]]) -> None:
        self._connect = connect
        self._server: asyncio.Server | None = None
        self._lines: dict[asyncio.Task[None], tuple[asyncio.StreamWriter, ...]] = {}
        self.port = 0

    async def mend(self) -> None:
        self._server = await asyncio.start_server(self._carry, "127.0.0.1", self.port)
        self.port = self._server.sockets[0].getsockname()[1]

    async def cut(self) -> None:
        assert self._server is not None
        self._server.close()
        for writers in list(self._lines.values()):
            for writer in writers:
                writer.transport.abort()
        await asyncio.gather(*self._lines, return_exceptions=True)
        await self._server.wait_closed()

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
