"""A channel whose photos are fetched from a file server, and a worker that fetches them."""

from collections.abc import AsyncIterator, Callable
from pathlib import Path
from typing import Any

import msgspec
import pytest
from aiohttp import web

from channels.base import Capabilities, MediaRef, MediaSource, RetryLater, Undeliverable
from city import InboxConfig
from desk.media.decoder import PhotoDecoder
from desk.media.fetch import Fetcher
from desk.media.files import MediaFiles
from desk.media.quotas import PhotoQuotas
from desk.runtime.clock import utc_now
from desk.runtime.timing import FetchTiming
from desk.turns.attachments import Attachments
from tests.support.desk import Desk
from tests.support.fake_bot import says
from tests.support.photos import jpeg, jpeg_with_place, png
from tests.support.providers import Provider


class Gallery(Provider):
    """A channel whose files are had by asking for their place first. `late` tries are asked to come back."""

    def __init__(self, port: int, late: int = 0) -> None:
        super().__init__()
        self.capabilities = Capabilities(1000)  # type: ignore[misc]  # a constant of the class, changed for the test
        self.port = port
        self.late = late
        self.asked: list[str] = []

    async def media(self, ref: MediaRef) -> MediaSource:
        self.asked.append(ref.id)
        if ref.id == "gone":
            raise Undeliverable("expired")
        if self.late > 0:
            self.late -= 1
            raise RetryLater("wait")
        if ref.id == "in-hand":
            return MediaSource("", (), content=jpeg())
        return MediaSource(
            f"http://127.0.0.1:{self.port}/{ref.id}", ("127.0.0.1",), {"Authorization": "Bearer t"}
        )


@pytest.fixture
async def files() -> AsyncIterator[int]:
    """The port of the provider's file server."""
    bodies = {
        "/place": jpeg_with_place(),
        "/png": png(),
        "/page": b"<html>",
        "/huge": b"\xff\xd8" + b"0" * 11_000_000,
    }

    async def serve(request: web.Request) -> web.Response:
        assert request.headers["authorization"] == "Bearer t"
        if request.path not in bodies:
            raise web.HTTPNotFound
        return web.Response(body=bodies[request.path])

    app = web.Application()
    app.router.add_get("/{path:.*}", serve)
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    yield runner.addresses[0][1]
    await runner.cleanup()


@pytest.fixture
def tg(desk: Desk) -> Desk:
    desk.city = msgspec.structs.replace(
        desk.city, inboxes=(*desk.city.inboxes, InboxConfig(name="tg", channel="telegram"))
    )
    desk.bot.behaviour = says({"text": "answer"})
    return desk


How = Callable[[Gallery], dict[str, Any]]


@pytest.fixture
def how(tg: Desk, decoder: PhotoDecoder, tmp_path: Path) -> How:
    """How a worker runs that fetches photos into `tmp_path`."""

    def make(channel: Gallery) -> dict[str, Any]:
        files, fetcher = MediaFiles(tmp_path, decoder), Fetcher(["127.0.0.1"])
        quotas = PhotoQuotas(tg.store, utc_now, "a-secret-of-the-tests")
        timing = FetchTiming(pause=0.01)
        arriving = Attachments(tg.store, {"tg": channel}, files, fetcher, quotas, timing)
        return {"city": tg.city, "channels": {"tg": channel}, "arriving": arriving}

    return make
