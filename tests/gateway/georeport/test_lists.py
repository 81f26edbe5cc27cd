"""Lists of our GeoReport v2 server: filters, pages, windows, and questions that cannot be answered."""

from datetime import timedelta

import aiohttp
import pytest

from desk.requests.book import RequestBook
from tests.gateway.georeport.calls import file, get
from tests.support.clock import Clock


async def test_lists_filter_page_and_window(
    http: aiohttp.ClientSession, base: str, clock: Clock, book: RequestBook
) -> None:
    now = clock.now
    numbers = []
    for days, code in ((100, "pothole"), (50, "graffiti"), (10, "pothole"), (1, "noise")):
        clock.now = now - timedelta(days=days)
        numbers.append(
            await file(
                http, base, service_code=code, **{} if code == "pothole" else {"attribute[size]": None}
            )
        )
    clock.now = now
    await book.set_status(numbers[2], "closed", "Filled")

    async def ids(**query: str) -> list[int]:
        rows = await get(http, f"{base}/requests.json", **query)
        return [numbers.index(row["service_request_id"]) for row in rows]

    assert await ids() == [3, 2, 1], "the last 90 days, newest first"
    assert await ids(service_code="pothole") == [2]
    assert await ids(service_code="pothole,graffiti") == [2, 1]
    assert await ids(service_code="nope") == []
    assert await ids(status="closed") == [2]
    assert await ids(status="Open,closed") == [3, 2, 1]
    assert await ids(start_date=(now - timedelta(days=101)).isoformat()) == [1, 0]
    assert await ids(start_date="2026-08-01", end_date="2026-09-01T00:00:00Z") == [0]
    assert await ids(end_date=(now - timedelta(days=40)).isoformat()) == [1, 0]
    assert await ids(updated_after=(now - timedelta(hours=1)).isoformat()) == [2]
    assert await ids(page="1", page_size="2") == [3, 2]
    assert await ids(page="2", page_size="2") == [1]
    assert await ids(page="3", page_size="2") == []
    asked = f"{numbers[0]},SR-0000-0000, {numbers[3]}"
    assert await ids(service_request_id=asked, status="closed", service_code="noise") == [0, 3]


@pytest.mark.parametrize(
    ("query", "word"),
    [
        ({"start_date": "2026-01-01", "end_date": "2026-06-01"}, "90 days"),
        ({"start_date": "2026-02-01", "end_date": "2026-01-01"}, "before"),
        ({"start_date": "yesterday"}, "start_date"),
        ({"updated_after": "9999-12-31T23:59:59-23:00"}, "updated_after"),
        ({"status": "fixed"}, "status"),
        ({"page": "0"}, "page"),
        ({"page_size": "-1"}, "page_size"),
        ({"page": "9" * 30}, "page"),
    ],
)
async def test_a_query_that_cannot_be_answered(
    http: aiohttp.ClientSession, base: str, query: dict[str, str], word: str
) -> None:
    (refused,) = await get(http, f"{base}/requests.json", 400, **query)
    assert word in refused["description"]
    assert (await get(http, f"{base}/requests.xml", 400, **query)).tag == "errors"
