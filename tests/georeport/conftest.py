"""The database fixtures, our server and a session."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime

import aiohttp
import pytest

from desk.requests.book import RequestBook
from desk.store.pool import Store
from tests.georeport.serving import our_server
from tests.requests.database import database_url, store

__all__ = ["database_url", "store"]


class Clock:
    """The time of the test, moved by hand."""

    def __init__(self) -> None:
        self.now = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
async def base(store: Store, clock: Clock) -> AsyncIterator[str]:
    async with our_server(store, clock) as base:
        yield base


@pytest.fixture
def book(store: Store, clock: Clock) -> RequestBook:
    return RequestBook(store, clock)


@pytest.fixture
async def http() -> AsyncIterator[aiohttp.ClientSession]:
    async with aiohttp.ClientSession() as session:
        yield session
