"""A fake server, a client and a session."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import aiohttp
import pytest

from backends.open311.client import Open311
from tests.backends.fake_georeport import FakeGeoReport, serve

NOW = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)


class Ticks:
    """A monotonic clock that the test moves."""

    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


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
