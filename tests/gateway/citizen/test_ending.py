"""Ending a chat ends its token: in every window, in every gateway, with Redis and without."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from desk.store.pool import Store
from gateway.citizen import stream as stream_module
from tests.support import servers
from tests.support.gateway import Citizen, RunningGateway, next_event, running_gateway
from tests.support.page_browser import Browser


@pytest.fixture
async def second(pg_url: str, redis_url: str, store: Store, tmp_path: Path) -> AsyncIterator[RunningGateway]:
    """Another gateway of the same city."""
    async with running_gateway(
        pg_url, redis_url, tmp_path, store=store, CIVICDESK_RATE_SCALE="1000"
    ) as running:
        yield running


async def test_the_widget_ends_it_for_every_window_of_every_gateway(
    gateway: RunningGateway, second: RunningGateway, citizen: Citizen
) -> None:
    elsewhere = Citizen(second, citizen.token)
    contact = await citizen.contact_id()
    async with citizen.stream() as here, elsewhere.stream() as there:
        await next_event(here, "state")
        await next_event(there, "state")
        polls = [asyncio.create_task(one.get("/chat/v1/messages?wait=25")) for one in (citizen, elsewhere)]
        async with asyncio.timeout(20):
            while gateway.live_readers(contact) < 2 or second.live_readers(contact) < 2:
                await asyncio.sleep(0.01)
        async with gateway.http.post(f"{gateway.base}/chat/v1/end", headers=citizen.headers) as answer:
            assert answer.status == 204
        async with asyncio.timeout(9):  # well before anybody looks without being woken
            assert [one for stream in (here, there) async for one in stream] == []
            assert [(await poll)[0] for poll in polls] == [401, 401]
    for one in (citizen, elsewhere):
        for path in ("/chat/v1/messages", "/chat/v1/stream"):
            assert (await one.get(path))[0] == 401
        assert (await one.post(text="after the end"))[0] == 401
    assert await gateway.events() == []


async def test_the_page_ends_it_too_and_a_copied_cookie_opens_nothing(gateway: RunningGateway) -> None:
    browser = Browser(gateway, gateway.http)
    await browser.open("/chat")
    await browser.send(text="mine")
    copied = Citizen(gateway, browser.cookie("civicdesk_chat") or "")
    assert (await copied.get("/chat/v1/messages"))[0] == 200
    await browser.send("/chat/end")
    assert (await copied.get("/chat/v1/messages"))[0] == 401


async def test_nobody_ends_a_chat_without_its_token(gateway: RunningGateway, citizen: Citizen) -> None:
    for headers in ({}, {"authorization": "Bearer " + "A" * 43}):
        async with gateway.http.post(f"{gateway.base}/chat/v1/end", headers=headers) as answer:
            assert answer.status == 401
    assert (await citizen.get("/chat/v1/messages"))[0] == 200


async def test_without_redis_an_idle_window_finds_out_by_looking(
    pg_url: str,
    mortal_redis: servers.PrivateRedis,
    store: Store,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(stream_module, "QUIET", 0.2)
    async with running_gateway(pg_url, mortal_redis.url, tmp_path, store=store) as gateway:
        citizen = await gateway.citizen()
        async with citizen.stream() as stream:
            await next_event(stream, "state")
            # As another gateway does whose wake-up is lost.
            await store.pool.execute("DELETE FROM web_sessions")
            async with asyncio.timeout(30):
                assert [kind async for kind, _ in stream if kind] == []
