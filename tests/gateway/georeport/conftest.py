"""The database fixtures, our server and a session."""

from collections.abc import AsyncIterator

import aiohttp
import pytest

from desk.requests.book import RequestBook
from desk.store.pool import Store
from tests.gateway.georeport.serving import our_server
from tests.support.clock import Clock
from tests.support.database import database_url, store

__all__ = ["database_url", "store"]


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
