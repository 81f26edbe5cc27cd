"""A load balancer for several copies of a process, which can also misbehave on request.

It takes the copies in turn, skips one that does not accept connections, and closes the connection when a copy dies in the middle of an
answer. With no copy left it answers 503.
"""

import asyncio
import itertools
from collections.abc import Awaitable, Callable, Sequence

import aiohttp
from aiohttp import web

Pass = Callable[[], Awaitable[web.Response]]
Behavior = Callable[[web.Request, bytes, Pass], Awaitable[web.StreamResponse]]
"""Receives the request, its body and a function that forwards them to a copy; returns the answer."""

HOP = frozenset({"connection", "keep-alive", "transfer-encoding", "content-length", "host", "date", "server"})


class LoadBalancer:
    """Listens on a free port for `copies` (their base URLs). `behavior` applies to `path` alone."""

    def __init__(self, copies: Sequence[str], path: str = "/") -> None:
        self.copies = list(copies)
        self.url = ""
        self.behavior: Behavior | None = None
        self.last = -1  # which copy got the latest request
        self._path = path
        self._turn = itertools.count()
        self._runner: web.AppRunner | None = None
        self._session: aiohttp.ClientSession | None = None

    async def start(self) -> None:
        """Start listening."""
        self._session = aiohttp.ClientSession(
            connector=aiohttp.TCPConnector(limit=0), timeout=aiohttp.ClientTimeout(), auto_decompress=False
        )
        app = web.Application(client_max_size=1 << 24)
        app.router.add_route("*", "/{path:.*}", self._handle)
        self._runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1)
        await self._runner.setup()
        await web.TCPSite(self._runner, "127.0.0.1", 0).start()
        self.url = f"http://127.0.0.1:{self._runner.addresses[0][1]}"

    async def stop(self) -> None:
        """Close."""
        if self._runner:
            await self._runner.cleanup()
        if self._session:
            await self._session.close()

    async def _handle(self, request: web.Request) -> web.StreamResponse:
        body = await request.read()

        async def on() -> web.Response:
            return await self._forward(request, body)

        if self.behavior is not None and request.path.startswith(self._path):
            return await self.behavior(request, body, on)
        return await on()

    async def _forward(self, request: web.Request, body: bytes) -> web.Response:
        assert self._session is not None
        headers = {name: value for name, value in request.headers.items() if name.lower() not in HOP}
        start = next(self._turn)
        for place in range(len(self.copies)):
            number = (start + place) % len(self.copies)
            self.last = number
            try:
                async with self._session.request(
                    request.method,
                    self.copies[number] + request.raw_path,
                    data=body,
                    headers=headers,
                    allow_redirects=False,
                ) as answer:
                    kept = {n: v for n, v in answer.headers.items() if n.lower() not in HOP}
                    return web.Response(status=answer.status, body=await answer.read(), headers=kept)
            except aiohttp.ClientConnectorError:
                continue
            except aiohttp.ClientError:
                hang_up(request)
                return web.Response(status=502)  # nobody receives it: the connection is closed
        return web.json_response({"error": "nobody is there"}, status=503)


def hang_up(request: web.Request) -> None:
    """Close the connection without an answer."""
    if request.transport is not None:
        request.transport.abort()


async def silence(request: web.Request, _body: bytes, _on: Pass) -> web.StreamResponse:
    """Never answers."""
    await asyncio.sleep(3_600)
    return web.Response(status=500)
