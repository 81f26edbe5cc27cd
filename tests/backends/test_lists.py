"""Long lists from GeoReport servers: pages, windows of time, updates."""

import json
from datetime import datetime, timedelta

import pytest
from aiohttp import web

from backends.base import BackendUnavailable
from backends.open311.client import Open311
from tests.backends.samples import LISTED as REQUEST
from tests.support.clock import NOW
from tests.support.fake_georeport import FakeGeoReport, HttpResponse, reply


def pages(total: int, size: int, paging: bool = True) -> HttpResponse:
    """A list of requests as a server with this page size gives it."""

    async def answer(request: web.Request) -> web.StreamResponse:
        rows = [
            {**REQUEST, "service_request_id": n, "updated_datetime": "2026-11-21T00:00:00Z"}
            for n in range(total)
        ]
        first = (int(request.query.get("page", "1")) - 1) * size if paging else 0
        return await reply(json.dumps(rows[first : first + size]))(request)

    return answer


@pytest.mark.parametrize(
    ("total", "size", "paging"), [(3, 50, True), (120, 50, True), (50, 50, True), (70, 1000, False)]
)
async def test_pages_are_read_to_the_end_and_no_further(
    client: Open311, fake: FakeGeoReport, total: int, size: int, paging: bool
) -> None:
    fake.answers["GET requests.json"] = pages(total, size, paging)
    updates = await client.updates(NOW - timedelta(days=2))
    assert {update.reference for update in updates} == {str(n) for n in range(total)}
    assert len(fake.calls) <= 3 * (total // size + 2), "three lists, each read to its end"


async def test_a_list_cut_at_the_limit_is_never_taken_for_the_whole(
    client: Open311, fake: FakeGeoReport
) -> None:
    fake.answers["GET requests.json"] = pages(2000, 1000, paging=False)
    with pytest.raises(BackendUnavailable, match="to its end"):
        await client.updates(NOW - timedelta(days=2))


async def test_long_times_are_asked_for_in_windows_of_90_days(client: Open311, fake: FakeGeoReport) -> None:
    fake.answers["GET requests.json"] = reply("[]")
    await client.updates(NOW - timedelta(days=200))
    spans = [
        (datetime.fromisoformat(query["start_date"]), datetime.fromisoformat(query["end_date"]))
        for query in fake.queries
        if "start_date" in query
    ]
    assert spans[0][0] == NOW - timedelta(days=290) and spans[-1][1] == NOW
    assert all(timedelta(0) < end - start <= timedelta(days=90) for start, end in spans)
    assert all(spans[n][1] == spans[n + 1][0] for n in range(len(spans) - 1))


async def test_updates_are_those_since_then_oldest_first(client: Open311, fake: FakeGeoReport) -> None:
    rows = [
        {**REQUEST, "service_request_id": "new", "updated_datetime": "2026-11-22T11:00:00Z"},
        {**REQUEST, "service_request_id": "old", "updated_datetime": "2026-11-01T11:00:00Z"},
        {**REQUEST, "service_request_id": "newer", "updated_datetime": "2026-11-22T11:30:00Z"},
        {**REQUEST, "service_request_id": None, "updated_datetime": "2026-11-22T11:30:00Z"},
    ]
    fake.answers["GET requests.json"] = reply(json.dumps(rows[::-1]))
    updates = await client.updates(NOW - timedelta(hours=2))
    assert [update.reference for update in updates] == ["new", "newer"]
    assert updates[0].status.status == "closed"
