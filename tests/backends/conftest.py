"""A fake server, a client and a session."""

from collections.abc import AsyncIterator
from zoneinfo import ZoneInfo

import aiohttp
import pytest

from backends.open311.client import Open311
from tests.support.clock import NOW, Ticks
from tests.support.fake_georeport import FakeGeoReport, serve


@pytest.fixture
async def session() -> AsyncIterator[aiohttp.ClientSession]:
    async with aiohttp.ClientSession() as session:
        yield session


@pytest.fixture
async def fake() -> AsyncIterator[FakeGeoReport]:
    async with serve(FakeGeoReport()) as fake:
        yield fake


@pytest.fixture
def ticks() -> Ticks:
    return Ticks()


@pytest.fixture
def client(session: aiohttp.ClientSession, fake: FakeGeoReport, ticks: Ticks) -> Open311:
    return Open311(
        session,
        fake.url,
        key="s3cret",
        jurisdiction="city.example",
        zone=ZoneInfo("America/New_York"),
        read_timeout=5,
        clock=lambda: NOW,
        monotonic=ticks,
    )
