"""Filer and client against a server that keeps creates and loses its answers: one request in the end.

The server knows no idempotency at all: every create that reaches it is one more request.
"""

import asyncio
import json
from collections.abc import AsyncIterator, Awaitable, Callable

import aiohttp
import pytest
from aiohttp import web

from backends.open311.client import Open311
from desk.requests.filing import Filer
from desk.runtime.timing import FilingTiming
from desk.store.pool import Store
from tests.support.clock import Clock
from tests.support.fake_georeport import FakeGeoReport, never, reply, serve
from tests.support.filing import ROUTES, Voice, recorded, row_of


class Registry:
    """Keeps every create and lists it; answers a create as the next of `moods` says."""

    def __init__(self, clock: Clock, moods: list[str]) -> None:
        self.clock = clock
        self.moods = moods
        self.kept: list[dict[str, object]] = []
        self.fake = FakeGeoReport()
        self.fake.answers["GET services.json"] = reply('[{"service_code":"pothole","metadata":false}]')
        self.fake.answers["GET requests.json"] = self.list
        self.fake.answers["POST requests.json"] = self.create

    async def list(self, request: web.Request) -> web.StreamResponse:
        return await reply(json.dumps(self.kept))(request)

    async def create(self, request: web.Request) -> web.StreamResponse:
        mood = self.moods.pop(0) if self.moods else "well"
        if mood == "broken":
            return await reply("<html>500</html>", 500)(request)
        form = self.fake.form()
        number = f"N-{len(self.kept)}"
        self.kept.append(
            {
                "service_request_id": number,
                "service_code": form["service_code"],
                "description": form["description"],
                "requested_datetime": self.clock.now.isoformat(),
                "status": "open",
            }
        )
        answers: dict[str, Callable[[web.Request], Awaitable[web.StreamResponse]]] = {
            "silent": never,
            "gateway": reply("<html>504 Gateway Time-out</html>", 504),
            "gibberish": reply("<html>Thank you for your report!</html>", 200),
            "redirect": reply("", 302, headers={"Location": "/v2/thanks.html"}),
            "cut": _cut,
            "well": reply(json.dumps([{"service_request_id": number}])),
        }
        return await answers[mood](request)


async def _cut(request: web.Request) -> web.StreamResponse:
    assert request.transport is not None
    request.transport.close()
    return web.Response()


@pytest.fixture
async def session() -> AsyncIterator[aiohttp.ClientSession]:
    async with aiohttp.ClientSession() as session:
        yield session


@pytest.mark.parametrize(
    "moods",
    [
        ["silent"],
        ["gateway"],
        ["gibberish"],
        ["redirect"],
        ["cut"],
        ["broken", "well"],
        ["broken", "broken", "silent"],
        ["broken", "cut"],
    ],
)
async def test_one_request_in_the_end(
    store: Store, clock: Clock, voice: Voice, session: aiohttp.ClientSession, moods: list[str]
) -> None:
    registry = Registry(clock, moods)
    async with serve(registry.fake) as fake:
        client = Open311(
            session, fake.url, read_timeout=0.5, clock=clock, monotonic=lambda: clock.now.timestamp()
        )
        filer = Filer(
            store,
            {"requests": client},
            ROUTES,
            voice,
            clock,
            media_url=str,
            timing=FilingTiming(),
            jitter=lambda most: most,
        )
        id = await recorded(store, clock)
        for _ in range(20):
            await filer.step()
            if (await row_of(store, id)).state == "filed":
                break
            clock.forward(minutes=20)
    assert len(registry.kept) == 1
    assert (await row_of(store, id)).reference == "N-0"
    assert voice.keys == ["filing_delayed", "filed"]


async def test_a_server_that_comes_up_late_gets_everything_once(
    store: Store, clock: Clock, voice: Voice, session: aiohttp.ClientSession, unused_tcp_port: int
) -> None:
    registry = Registry(clock, [])
    client = Open311(
        session,
        f"http://127.0.0.1:{unused_tcp_port}/v2",
        clock=clock,
        monotonic=lambda: clock.now.timestamp(),
    )
    filer = Filer(store, {"requests": client}, ROUTES, voice, clock, media_url=str, jitter=lambda most: most)
    for _ in range(5):
        await recorded(store, clock)
        await filer.step()
    assert voice.keys == ["filing_delayed"] * 5 and registry.kept == []
    app = web.Application()
    app.router.add_route("*", "/{tail:.*}", registry.fake.handle)
    runner = web.AppRunner(app)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", unused_tcp_port).start()
    try:
        clock.forward(hours=1)
        await asyncio.gather(*(filer.step() for _ in range(5)))
    finally:
        await runner.cleanup()
    assert len({row["description"] for row in registry.kept}) == len(registry.kept) == 5
    assert voice.keys.count("filed") == 5
