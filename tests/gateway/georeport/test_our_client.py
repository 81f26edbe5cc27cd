"""Our own client against our own server: the path of the demo city, over a real socket."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta

import aiohttp
import pytest

from backends.base import NewRequest, NotPermitted, RequestRefused, UnknownReference
from backends.open311.client import Open311
from desk.requests.book import RequestBook
from desk.store.pool import Store
from tests.gateway.georeport.serving import KEY, SERVICES
from tests.support.clock import Clock

REQUEST = NewRequest(
    id="00000000-0000-5000-8000-000000000001",
    service_code="pothole",
    description="Un trou <b>profond</b> & large ﷽ 😀",
    address="8 Elm Street",
    latitude=40.71,
    longitude=-74.01,
    attributes={"size": ("Larger than a plate",)},
    media_urls=("https://desk.example/media/1?signature=x",),
    name="Ana López",
    email="ana@example.org",
)


@pytest.fixture
async def client(http: aiohttp.ClientSession, base: str, clock: Clock) -> AsyncIterator[Open311]:
    yield Open311(http, base, key=KEY, jurisdiction="lindenport.example", clock=clock)


async def test_services(client: Open311) -> None:
    services = await client.services()
    assert [service.code for service in services] == list(SERVICES)
    assert services[0].questions[0].values[0] == (
        "small",
        SERVICES["pothole"].questions[0].values[0].name["en"],
    )


async def test_file_ask_close_follow(client: Open311, book: RequestBook, clock: Clock) -> None:
    filed = await client.file(REQUEST)
    assert filed.reference is not None
    status = await client.status(filed.reference.lower())
    assert (status.status, status.service_code, status.address) == ("open", "pothole", "8 Elm Street")
    assert status.expected_at == clock.now + timedelta(days=SERVICES["pothole"].expected_days)
    before = clock.now = clock.now + timedelta(days=1)
    assert await client.updates(before) == []
    clock.now += timedelta(days=100)
    await book.set_status(filed.reference, "closed", "Filled")
    (update,) = await client.updates(clock.now - timedelta(hours=1))
    assert (update.reference, update.status.status, update.status.notes) == (
        filed.reference,
        "closed",
        "Filled",
    )


async def test_the_same_request_again_is_the_same_number(client: Open311, store: Store) -> None:
    numbers = {(await client.file(REQUEST)).reference for _ in range(3)}
    numbers |= {filed.reference for filed in await asyncio.gather(*(client.file(REQUEST) for _ in range(5)))}
    assert len(numbers) == 1
    assert await store.pool.fetchval("SELECT count(*) FROM georeport_requests") == 1


async def test_a_lost_answer_is_found_again(client: Open311, clock: Clock) -> None:
    assert await client.lookup(REQUEST, clock.now) is None
    filed = await client.file(REQUEST)
    other = await client.file(replace(REQUEST, id="00000000-0000-5000-8000-000000000002"))
    found = await client.lookup(REQUEST, clock.now - timedelta(minutes=5))
    assert found is not None and found.reference == filed.reference != other.reference


async def test_refusals_come_through(client: Open311, http: aiohttp.ClientSession, base: str) -> None:
    with pytest.raises(UnknownReference):
        await client.status("SR-0000-0000")
    with pytest.raises(RequestRefused, match="location"):
        await client.file(replace(REQUEST, address=None, latitude=None))
    with pytest.raises(NotPermitted):
        await Open311(http, base, key="wrong").file(REQUEST)
    assert await client.resolve_token("nope") is None
