"""A JSON service over a real socket whose answers a test sets."""

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

from aiohttp import web
from aiohttp.test_utils import TestServer

from tests.support.waiting import forever

Say = Callable[[web.Request], Awaitable[web.StreamResponse]]


@dataclass
class JsonPeer:
    """`say` answers every call; `paths` are what was asked for, as it was written in the request line."""

    url: str = ""
    say: Say | None = None
    paths: list[str] = field(default_factory=list)

    def answers(self, body: str | bytes, status: int = 200, headers: dict[str, str] | None = None) -> None:
        """From now on, exactly this."""
        data = body.encode() if isinstance(body, str) else body

        async def say(request: web.Request) -> web.StreamResponse:
            return web.Response(
                body=data, status=status, headers=headers or {"Content-Type": "application/json"}
            )

        self.say = say

    def hangs(self) -> None:
        """From now on, nothing at all."""

        async def say(request: web.Request) -> web.StreamResponse:
            await forever()

        self.say = say

    def trickles(self) -> None:
        """From now on, a document that never ends, byte by byte."""

        async def say(request: web.Request) -> web.StreamResponse:
            response = web.StreamResponse()
            await response.prepare(request)
            await response.write(b'{"day": "')
            await forever()

        self.say = say


@asynccontextmanager
async def json_peer() -> AsyncIterator[JsonPeer]:
    """The service, running; `url` has no slash at its end."""
    peer = JsonPeer()

    async def serve(request: web.Request) -> web.StreamResponse:
        peer.paths.append(request.raw_path)
        assert peer.say is not None
        return await peer.say(request)

    app = web.Application()
    app.router.add_route("*", "/{rest:.*}", serve)
    server = TestServer(app)
    await server.start_server()
    peer.url = f"http://127.0.0.1:{server.port}"
    try:
        yield peer
    finally:
        await server.close()
