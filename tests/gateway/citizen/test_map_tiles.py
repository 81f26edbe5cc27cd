"""The city's map: one tile server, fetched by the gateway, only of the city, and nothing without a setting."""

import asyncio
import math
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from pathlib import Path

import msgspec
import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer

from city.boundary import MapConfig
from desk.media.tiles import AT_ONCE, LARGEST, tile_at
from desk.store.pool import Store
from tests.support import photos
from tests.support.gateway import CITY, RunningGateway, running_gateway


@dataclass
class TileServer:
    """What it was asked, and with what; `body` is what it gives."""

    body: bytes = field(default_factory=photos.png)
    asked: list[tuple[str, dict[str, str]]] = field(default_factory=list)
    answers: asyncio.Event = field(default_factory=asyncio.Event)

    async def give(self, request: web.Request) -> web.Response:
        self.asked.append((request.path, dict(request.headers)))
        await self.answers.wait()
        return web.Response(body=self.body, content_type="text/html")


@pytest.fixture
async def tiles() -> AsyncIterator[tuple[TileServer, str]]:
    server = TileServer()
    server.answers.set()
    app = web.Application()
    app.router.add_get("/{z}/{x}/{y}.png", server.give)
    async with TestServer(app) as running:
        yield server, f"http://127.0.0.1:{running.port}/{{z}}/{{x}}/{{y}}.png"


@pytest.fixture
async def mapped(
    pg_url: str, redis_url: str, store: Store, tmp_path: Path, tiles: tuple[TileServer, str]
) -> AsyncIterator[RunningGateway]:
    city = msgspec.structs.replace(CITY, map=MapConfig(tiles=tiles[1], credit="Map: the city"))
    async with running_gateway(
        pg_url, redis_url, tmp_path, store=store, city=city, CIVICDESK_PRIVATE_HOSTS="127.0.0.1"
    ) as running:
        yield running


@pytest.mark.parametrize(
    ("latitude", "longitude"), [(51.50735, -0.12776), (-33.86, 151.21), (0.0001, 0.0001)]
)
def test_the_tile_of_a_point_is_where_every_map_has_it(latitude: float, longitude: float) -> None:
    """By the other form in which the projection is written."""
    angle = math.radians(latitude)
    down = (1 - math.log(math.tan(angle) + 1 / math.cos(angle)) / math.pi) / 2
    assert tile_at(latitude, longitude) == (int((longitude + 180) / 360 * 2**17), int(down * 2**17))


async def test_tiles_of_the_city_are_fetched_once_and_nobody_is_told_for_whom(
    mapped: RunningGateway, tiles: tuple[TileServer, str]
) -> None:
    server, _ = tiles
    x, y = tile_at(*CITY.boundary[0])
    url = f"{mapped.base}/chat/v1/tiles/{x}/{y}"
    for _ in range(2):
        async with mapped.http.get(url, headers={"cookie": "a=b", "referer": "https://a.example"}) as answer:
            assert answer.status == 200 and answer.content_type == "image/png", "known by its content"
            assert await answer.read() == server.body
            assert answer.headers["access-control-allow-origin"] == "*"
            assert "sandbox" in answer.headers["content-security-policy"]
    ((path, headers),) = server.asked
    assert path == f"/17/{x}/{y}.png"
    assert {name.lower() for name in headers} <= {
        "host",
        "accept",
        "accept-encoding",
        "user-agent",
        "connection",
    }

    async with mapped.http.get(f"{mapped.base}/chat/v1/tiles/1/1") as answer:
        assert answer.status == 404, "not of this city"
    for wrong in (b"<svg onload=alert(1)>", photos.png() + b"x" * LARGEST):
        server.body = wrong
        async with mapped.http.get(f"{mapped.base}/chat/v1/tiles/{x + 1}/{y}") as answer:
            assert answer.status == 404
    assert len(server.asked) == 3
    async with mapped.http.get(f"{mapped.base}/chat/v1/config") as answer:
        assert (await answer.json())["map_credit"] == "Map: the city"


async def test_a_slow_tile_server_is_not_called_for_everybody_at_once(
    mapped: RunningGateway, tiles: tuple[TileServer, str]
) -> None:
    server, _ = tiles
    server.answers.clear()
    x, y = tile_at(*CITY.boundary[0])
    places = [(x + number % 10, y + number // 10) for number in range(2 * AT_ONCE)]

    async def ask(x: int, y: int) -> int:
        async with mapped.http.get(f"{mapped.base}/chat/v1/tiles/{x}/{y}") as answer:
            return answer.status

    asked = [asyncio.create_task(ask(*place)) for place in places]
    done, waiting = set[asyncio.Task[int]](), set(asked)
    while len(done) < AT_ONCE:
        new, waiting = await asyncio.wait(waiting, return_when=asyncio.FIRST_COMPLETED)
        done |= new
    assert [one.result() for one in done] == [404] * AT_ONCE, "the rest is told at once that there is no map"
    server.answers.set()
    assert [await one for one in waiting] == [200] * AT_ONCE
    assert len(server.asked) == AT_ONCE


async def test_without_a_setting_there_is_no_map(gateway: RunningGateway) -> None:
    x, y = tile_at(*CITY.boundary[0])
    async with gateway.http.get(f"{gateway.base}/chat/v1/tiles/{x}/{y}") as answer:
        assert answer.status == 404
    async with gateway.http.get(f"{gateway.base}/chat/v1/config") as answer:
        assert (await answer.json())["map_credit"] is None
