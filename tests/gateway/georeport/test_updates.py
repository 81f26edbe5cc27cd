"""`servicerequestupdates` of our server: our client, the form that FixMyStreet sends, and what strangers read."""

from datetime import timedelta
from typing import Any

import aiohttp

from backends.base import RequestChange
from backends.open311.client import Open311
from city.boundary import Boundary
from desk.requests.book import RequestBook
from desk.store.pool import Store
from tests.gateway.georeport.calls import file, get, post
from tests.gateway.georeport.serving import KEY, our_server
from tests.support.clock import Clock


async def send(http: aiohttp.ClientSession, base: str, expected: int = 200, **fields: str) -> Any:
    form = {"api_key": KEY, "status": "OPEN", "updated_datetime": "2026-01-01T00:00:00Z", **fields}
    async with http.post(f"{base}/servicerequestupdates.json", data=form) as response:
        assert response.status == expected, await response.text()
        return await response.json()


async def test_fixmystreet_adds_closes_and_reopens(
    http: aiohttp.ClientSession, base: str, book: RequestBook
) -> None:
    number, other = await file(http, base), await file(http, base, description="Another hole")
    added = await send(http, base, service_request_id=number, update_id="7", description="It grows.")
    assert added == {"service_request_updates": [{"update_id": f"{number}.7"}]}
    await send(http, base, service_request_id=number, update_id="7", description="It grows.")
    await send(http, base, service_request_id=other, update_id="7", description="Here too.")
    (kept,) = await book.find([number])
    assert (kept.status, kept.description) == ("open", "A hole\nIt grows."), "once, however often it comes"
    for word, status in (("FIXED", "closed"), ("IN_PROGRESS", "closed"), ("REOPEN", "open")):
        await send(
            http, base, service_request_id=number, update_id=word, status=word, description="Seen today."
        )
        (kept,) = await book.find([number])
        assert kept.status == status, word


async def test_what_is_wrong_is_said(http: aiohttp.ClientSession, base: str) -> None:
    errors = await send(http, base, 400, status="open!", description="")
    assert [one["description"].partition(" ")[0] for one in errors] == [
        "service_request_id",
        "update_id",
        "status",
        "description",
    ]
    await send(http, base, 404, service_request_id="SR-0000-0000", update_id="1", description="x")
    await send(http, base, 403, api_key="wrong", service_request_id="SR-1", update_id="1")
    await get(http, f"{base}/servicerequestupdates.json", 400, start_date="2026-01-01", end_date="2025-01-01")


async def test_strangers_read_what_the_city_says_and_nothing_else(
    http: aiohttp.ClientSession, base: str, book: RequestBook, clock: Clock
) -> None:
    number = await file(http, base)
    await send(http, base, service_request_id=number, update_id="1", description="I live at number 8.")
    clock.forward(minutes=1)
    await book.set_status(number, "closed", "Filled.")
    url = f"{base}/servicerequestupdates.json"
    whole = (await get(http, url))["service_request_updates"]
    assert [one["description"] for one in whole] == ["I live at number 8.", "Filled."]
    (public,) = (await get(http, url, key=""))["service_request_updates"]
    assert (public["status"], public["description"]) == ("closed", "Filled.")
    clock.forward(days=2)
    assert (await get(http, url))["service_request_updates"] == [], "the last day"
    document = await get(
        http, f"{base}/servicerequestupdates.xml", start_date=(clock.now - timedelta(days=5)).isoformat()
    )
    assert document.tag == "service_request_updates"
    assert [one.findtext("service_request_id") for one in document.iter("request_update")] == [number] * 2


async def test_our_client_as_any_other(
    http: aiohttp.ClientSession, base: str, book: RequestBook, clock: Clock
) -> None:
    number = await file(http, base)
    client = Open311(
        http,
        base,
        key=KEY,
        updates_as={"complement": "OPEN", "withdraw": "CLOSED", "reopen": "REOPEN"},
        read_updates=True,
        clock=clock,
    )
    change = RequestChange("0b6b1c52-0000-4000-8000-000000000001", "It grows.")
    await client.complement(number, change)
    await client.complement(number, RequestChange(change.id, change.text, (), clock.now))
    (kept,) = await book.find([number])
    assert kept.description.count("It grows.") == 1
    clock.forward(minutes=5)
    await book.set_status(number, "closed", "Filled.")
    (update,) = await client.updates(clock.now - timedelta(minutes=1))
    assert (update.status.status, update.status.notes) == ("closed", "Filled.")
    await client.reopen(number, RequestChange("0b6b1c52-0000-4000-8000-000000000002", "No."))
    assert (await client.status(number)).status == "open"


async def test_a_place_in_another_country_is_refused(
    http: aiohttp.ClientSession, store: Store, clock: Clock
) -> None:
    around = Boundary([(40.0, -75.0), (40.0, -73.0), (41.0, -73.0), (41.0, -75.0)])
    async with our_server(store, clock, inside=around.contains) as base:
        (error,) = await post(http, base, 400, lat="48.85", long="2.35")
        assert error["code"] == 400 and "outside the city's boundary" in error["description"]
        assert await file(http, base) and await file(http, base, lat=None, long=None)
