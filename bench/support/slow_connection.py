"""A slow connection in front of a local server: bytes to the browser pass one after another, requests arrive late.

Chromium's own emulation counts every answer's head and every read in whole packets of 1,500 bytes, which adds half a
second to a page of five small files at 50 kbit/s. Here a byte costs what it costs on such a line.
"""

import asyncio
from collections.abc import Callable
from contextlib import suppress

PACKET = 1_460  # bytes


class SlowConnection:
    """`bits` per second towards the browser, for all its connections together, in the order in which the server sends;
    `latency` in seconds until a request arrives. `to`: host and port of the server."""

    def __init__(self, to: tuple[str, int], *, bits: int, latency: float) -> None:
        self._to = to
        self._bytes_per_second = bits / 8
        self._latency = latency
        self._free_at = 0.0

    async def start(self) -> tuple[asyncio.Server, int]:
        """Listens on a free port of this machine."""
        server = await asyncio.start_server(self._connect, "127.0.0.1", 0)
        return server, server.sockets[0].getsockname()[1]

    async def _connect(self, browser: asyncio.StreamReader, to_browser: asyncio.StreamWriter) -> None:
        server, to_server = await asyncio.open_connection(*self._to)
        with suppress(ConnectionError, asyncio.CancelledError):
            await asyncio.gather(
                self._pass(browser, to_server, lambda size, now: now + self._latency),
                self._pass(server, to_browser, self._passed_at),
            )

    async def _pass(
        self, source: asyncio.StreamReader, to: asyncio.StreamWriter, due: Callable[[int, float], float]
    ) -> None:
        """The time at which bytes arrive is decided when they are sent: a busy machine is not charged twice."""
        loop = asyncio.get_running_loop()
        sent: asyncio.Queue[tuple[float, bytes]] = asyncio.Queue()

        async def deliver() -> None:
            while True:
                at, some = await sent.get()
                await asyncio.sleep(max(0.0, at - loop.time()))
                if not some or to.is_closing():
                    break
                to.write(some)
            to.close()

        delivering = asyncio.create_task(deliver())
        while some := await source.read(PACKET):
            sent.put_nowait((due(len(some), loop.time()), some))
        sent.put_nowait((0.0, b""))
        await delivering

    def _passed_at(self, size: int, now: float) -> float:
        self._free_at = max(self._free_at, now) + size / self._bytes_per_second
        return self._free_at
