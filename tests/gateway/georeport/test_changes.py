"""Withdrawing a filed request and adding to it: our client against our server, once in effect."""

import asyncio
from collections.abc import AsyncIterator

import aiohttp
import pytest

from backends.base import NotPermitted, RequestChange, RequestRefused, UnknownReference
from backends.reference.client import Reference
from desk.requests.book import RequestBook
from tests.gateway.georeport.calls import file
from tests.gateway.georeport.serving import KEY
from tests.support.clock import Clock

MORE = RequestChange(
    "11111111-1111-4111-8111-111111111111", "It grows. <b>Fast</b>", ("https://desk.example/p/1",)
)


@pytest.fixture
async def client(http: aiohttp.ClientSession, base: str, clock: Clock) -> AsyncIterator[Reference]:
    yield Reference(http, base, key=KEY, jurisdiction="lindenport.example", clock=clock)


async def test_a_note_is_added_once_however_often_it_arrives(
    http: aiohttp.ClientSession, base: str, client: Reference, book: RequestBook
) -> None:
    number = await file(http, base)
    await asyncio.gather(*(client.complement(number.lower(), MORE) for _ in range(4)))
    (kept,) = await book.find([number])
    assert (kept.status, kept.description) == ("open", "A hole\nIt grows. Fast")
    assert kept.media_urls == ["https://desk.example/p/1"]


async def test_a_corrected_place_is_the_request_s_from_then_on(
    http: aiohttp.ClientSession, base: str, client: Reference, book: RequestBook
) -> None:
    number = await file(http, base)
    there = RequestChange(
        "change-0009", "It is at number 14.", address="14 Elm Street", latitude=40.71, longitude=-74.01
    )
    await client.complement(number, there)
    await client.complement(number, MORE)
    (kept,) = await book.find([number])
    assert (kept.address, kept.latitude, kept.longitude) == ("14 Elm Street", 40.71, -74.01)
    await client.complement(number, RequestChange("change-0010", "Elsewhere.", address="Unknown Lane"))
    (kept,) = await book.find([number])
    assert (kept.address, kept.latitude) == ("Unknown Lane", None), "the point belonged to the former address"


async def test_a_withdrawn_request_is_closed_and_says_why(
    http: aiohttp.ClientSession, base: str, client: Reference, clock: Clock
) -> None:
    number = await file(http, base)
    before = clock.now
    clock.forward(minutes=5)
    await client.withdraw(number, RequestChange("change-0001"))
    await client.withdraw(number, RequestChange("change-0001"))
    status = await client.status(number)
    assert (status.status, status.notes) == ("closed", "Withdrawn by the person who reported it.")
    (update,) = await client.updates(before)
    assert update.reference == number


async def test_what_the_city_wrote_when_it_closed_a_request_stays(
    http: aiohttp.ClientSession, base: str, client: Reference, book: RequestBook
) -> None:
    number = await file(http, base)
    await book.set_status(number, "closed", "Filled.")
    await client.withdraw(number, RequestChange("change-0002"))
    assert (await client.status(number)).notes == "Filled."


async def test_no_key_no_change(http: aiohttp.ClientSession, base: str, book: RequestBook) -> None:
    number = await file(http, base)
    for key in (None, "wrong"):
        with pytest.raises(NotPermitted):
            await Reference(http, base, key=key).withdraw(number, RequestChange("change-0003"))
    (kept,) = await book.find([number])
    assert kept.status == "open"


@pytest.mark.parametrize("number", ["SR-0000-0000", "..", "x" * 200, "a\nb"])
async def test_an_unknown_number(client: Reference, number: str) -> None:
    with pytest.raises(UnknownReference):
        await client.complement(number, MORE)


@pytest.mark.parametrize(
    "change",
    [
        RequestChange("short"),
        RequestChange("bad id with spaces"),
        RequestChange("change-0004", media_urls=("ftp://x/1",)),
        RequestChange("change-0005", media_urls=tuple(f"https://x.example/{n}" for n in range(11))),
    ],
)
async def test_what_cannot_be_a_change_is_refused(
    http: aiohttp.ClientSession, base: str, client: Reference, change: RequestChange
) -> None:
    number = await file(http, base)
    with pytest.raises(RequestRefused):
        await client.complement(number, change)


async def test_a_request_takes_no_more_than_it_can_hold(
    http: aiohttp.ClientSession, base: str, client: Reference, book: RequestBook
) -> None:
    number = await file(http, base)
    for place in range(4):
        await client.complement(number, RequestChange(f"change-001{place}", "x" * 4000))
    with pytest.raises(RequestRefused, match="nothing more"):
        await client.complement(number, RequestChange("change-0020", "x" * 4000))
    (kept,) = await book.find([number])
    assert len(kept.description) < 20_000
