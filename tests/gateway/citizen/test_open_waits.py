"""Streams and long polls: limited for each session and address; whoever is over the limit still gets new messages."""

import asyncio
import contextlib
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from desk.store.pool import Store
from gateway.citizen.open_waits import ADDRESS_FULL, OF_A_SESSION, SESSION_FULL, OpenWaits
from tests.support.gateway import Citizen, RunningGateway, next_event, running_gateway


def test_a_wait_over_the_limit_is_counted_nowhere_and_one_that_ends_makes_room() -> None:
    waits = OpenWaits(session=2, address=3)
    with contextlib.ExitStack() as stack:
        for session, address, full in (
            ("a", "one", None),
            ("a", "one", None),
            ("a", "two", SESSION_FULL),
            ("b", "one", None),
            ("b", "one", ADDRESS_FULL),
            ("b", "two", None),
        ):
            assert stack.enter_context(waits.slot(session, address)) == full
    with waits.slot("a", "one") as full:
        assert full is None
    assert not waits._sessions and not waits._addresses, "nothing is kept of who has gone"


async def test_a_hundred_and_fifty_polls_of_one_session_hold_ten(
    gateway: RunningGateway, citizen: Citizen
) -> None:
    contact = await citizen.contact_id()
    polls = [asyncio.create_task(citizen.poll(wait=25)) for _ in range(150)]
    answered: set[asyncio.Task[dict[str, Any]]] = set()
    async with asyncio.timeout(30):
        while len(answered) < 150 - OF_A_SESSION:
            answered, _ = await asyncio.wait(polls, timeout=0.1)
    assert gateway.live_readers(contact) <= OF_A_SESSION
    await gateway.say(contact, "for every window")
    async with asyncio.timeout(20):
        pages = await asyncio.gather(*polls)
    assert sum(bool(page["messages"]) for page in pages) == OF_A_SESSION
    assert [message["text"] for message in (await citizen.poll())["messages"]] == ["for every window"]


@pytest.fixture
async def narrow(pg_url: str, redis_url: str, store: Store, tmp_path: Path) -> AsyncIterator[RunningGateway]:
    """A gateway behind a trusted proxy that takes three waits of an address."""
    async with running_gateway(
        pg_url, redis_url, tmp_path, store=store, CIVICDESK_RATE_SCALE="1000", CIVICDESK_TRUSTED_PROXIES="1"
    ) as gateway:
        gateway.app.ctx.waits._most_of_address = 3
        yield gateway


async def test_one_address_cannot_take_what_another_needs(narrow: RunningGateway) -> None:
    def come_from(citizen: Citizen, address: str) -> Citizen:
        citizen.headers["x-forwarded-for"] = address
        return citizen

    crowd = [come_from(await narrow.citizen(), "192.0.2.1") for _ in range(4)]
    async with contextlib.AsyncExitStack() as stack:
        for citizen in crowd[:3]:
            await next_event(await stack.enter_async_context(citizen.stream()), "state")
        late = crowd[3]
        async with narrow.http.get(f"{narrow.base}/chat/v1/stream", headers=late.headers) as answer:
            assert answer.status == 429 and int(answer.headers["retry-after"]) >= 1
            assert (await answer.json())["error"]["code"] == "too_many_chats"
        await narrow.say(await late.contact_id(), "by polling")
        assert [one["text"] for one in (await late.poll(wait=25))["messages"]] == ["by polling"]
        last = (await late.poll())["last_seq"]
        async with asyncio.timeout(10):
            assert (await late.poll(after=last, wait=25))["messages"] == [], "answered at once"
        elsewhere = come_from(await narrow.citizen(), "192.0.2.2")
        async with elsewhere.stream() as stream:
            assert await next_event(stream, "state")


async def test_the_page_without_scripts_does_not_wait_either(
    gateway: RunningGateway, citizen: Citizen
) -> None:
    cookie = {"cookie": f"civicdesk_chat={citizen.token}", "accept": "text/html"}
    contact = await citizen.contact_id()
    async with contextlib.AsyncExitStack() as stack:
        for _ in range(OF_A_SESSION):
            await next_event(await stack.enter_async_context(citizen.stream()), "state")
        page = asyncio.create_task(_get(gateway, "/chat?seen=0", cookie))
        async with asyncio.timeout(20):
            assert await page == 200
        assert gateway.live_readers(contact) == OF_A_SESSION


async def _get(gateway: RunningGateway, path: str, headers: dict[str, str]) -> int:
    async with gateway.http.get(gateway.base + path, headers=headers) as answer:
        return answer.status
