"""Our client reads servers that deviate: ten cities' shapes, status words, invented cases, keys, broken stretches."""

import json
from datetime import UTC, datetime, timedelta
from urllib.parse import quote
from zoneinfo import ZoneInfo

import aiohttp
import pytest
from aiohttp import web

from backends.base import BackendUnavailable, UnknownReference
from backends.open311.client import Open311
from backends.open311.status import StatusWords
from tests.backends.city_answers import CITIES, CityAnswer
from tests.backends.samples import LISTED, PLAIN
from tests.support.clock import NOW, Ticks
from tests.support.fake_georeport import FakeGeoReport, HttpResponse, reply


def ours(session: aiohttp.ClientSession, fake: FakeGeoReport, **further: object) -> Open311:
    return Open311(session, fake.url, zone=ZoneInfo("America/New_York"), clock=lambda: NOW, **further)  # type: ignore[arg-type]  # the keys are those of its parameters


@pytest.mark.parametrize("city", CITIES, ids=lambda city: city.name)
async def test_a_city_s_answers_are_read(
    session: aiohttp.ClientSession, fake: FakeGeoReport, city: CityAnswer
) -> None:
    def said(text: str) -> HttpResponse:
        return reply(text.encode(city.encoding), kind=city.kind)

    fake.answers = {
        f"GET services.{city.form}": said(city.services),
        f"GET requests/{quote(city.reference, safe='')}.{city.form}": said(city.request),
        f"GET requests.{city.form}": said(city.request),
    }
    client = ours(session, fake, statuses=city.statuses)
    assert tuple(service.code for service in await client.services()) == city.codes
    status = await client.status(city.reference)
    assert (status.reference, status.status, status.raw_status) == (city.reference, city.status, city.raw)
    assert status.understood == city.understood
    assert (status.service_code, status.address) == (city.service_code, city.address)
    assert (status.requested_at.isoformat() if status.requested_at else None) == city.requested
    since = datetime(2026, 10, 31, tzinfo=UTC)
    assert [one.reference for one in await client.updates(since)] == [city.reference]


@pytest.mark.parametrize(
    ("raw", "table", "meaning"),
    [
        ("Cerrada", {"Cerrada": "closed"}, ("closed", True)),
        ("CERRADA.", {"cerrada": "closed"}, ("closed", True)),
        ("Cerrada", {}, ("open", False)),
        ("Erledigt", {}, ("open", False)),
        ("Fixed", {"fixed": "open"}, ("open", True)),
        ("Duplicate (open)", {"Duplicate (open)": "closed"}, ("closed", True)),
        ("Duplicate (open)", {}, ("open", False)),
        ("Closed, then reopened", {}, ("open", False)),
        ("完了", {"完了": "closed"}, ("closed", True)),
        ("完了", {}, ("open", False)),
        ("???", {}, ("open", False)),
        ("", {}, ("open", True)),
        ("Re-Opened", {}, ("open", True)),
    ],
)
def test_the_city_s_own_table_comes_first_and_an_unknown_word_is_never_closed(
    raw: str, table: dict[str, str], meaning: tuple[str, bool]
) -> None:
    assert StatusWords(table).read(raw) == meaning


@pytest.mark.parametrize(
    "invented",
    [
        {"service_request_id": "999", "status": "open"},
        {"service_request_id": "999", "status": "open", "service_code": None, "description": "", "lat": 0, "long": 0},
        {"service_request_id": ["999"], "status": ["open"], "address": [None], "service_name": [""]},
    ],
)  # fmt: skip
async def test_a_case_without_content_is_no_request(
    client: Open311, fake: FakeGeoReport, invented: dict[str, object]
) -> None:
    fake.answers["GET requests/999.json"] = reply(json.dumps([invented]))
    with pytest.raises(UnknownReference):
        await client.status("999")


async def test_questions_in_lists_of_lists(client: Open311, fake: FakeGeoReport) -> None:
    fake.answers["GET services/001.json"] = reply(
        '{"service_definition":[{"service_code":["001"],"attributes":[{"attribute":[{"variable":["true"],"code":["SIZE"],'
        '"datatype":["singlevaluelist"],"required":["true"],"order":["2"],"description":["How big"],"values":[{"value":'
        '[{"key":["1"],"name":["Small"]},{"key":["2"],"name":["Large"]}]}]},{"variable":["false"],"code":["INFO"],'
        '"order":["1"],"description":["Read this"]}]}]}]}'
    )
    (question,) = next(one for one in await client.services() if one.code == "001").questions
    assert (question.code, question.required, question.datatype) == ("SIZE", True, "singlevaluelist")
    assert question.values == (("1", "Small"), ("2", "Large"))


async def test_a_key_for_reads_goes_where_the_server_reads_it(session: aiohttp.ClientSession) -> None:
    seen: list[tuple[str | None, str | None]] = []

    async def answer(request: web.Request) -> web.StreamResponse:
        seen.append((request.headers.get("X-Api-Key"), request.query.get("api_key")))
        return web.json_response([{**LISTED, "service_request_id": "1"}])

    app = web.Application()
    app.router.add_get("/v2/requests/1.json", answer)
    server = aiohttp.test_utils.TestServer(app)
    await server.start_server()
    try:
        url = str(server.make_url("/v2"))
        await Open311(session, url, key="s3cret").status("1")
        await Open311(session, url, key="s3cret", key_in_query=True).status("1")
        await Open311(session, url, key_in_query=True).status("1")
    finally:
        await server.close()
    assert seen == [("s3cret", None), (None, "s3cret"), (None, None)]


def broken_between(start: datetime, end: datetime, found: datetime) -> HttpResponse:
    """A list with one request filed at `found`, which is a 500 for every window that touches start to end."""

    async def answer(request: web.Request) -> web.StreamResponse:
        if "start_date" not in request.query:
            return web.Response(status=500)
        asked = [datetime.fromisoformat(request.query[name]) for name in ("start_date", "end_date")]
        if asked[0] < end and asked[1] > start:
            return web.Response(status=500, text="<html>")
        rows = [
            {**LISTED, "updated_datetime": found.isoformat(), "account_id": PLAIN.id, "service_code": "002"}
        ]
        return web.json_response(rows if asked[0] <= found <= asked[1] else [])

    return answer


@pytest.mark.parametrize("days", [0, 1, 40, 85])
async def test_a_broken_stretch_of_dates_is_narrowed_and_the_rest_is_read(
    client: Open311, fake: FakeGeoReport, days: int
) -> None:
    start = NOW - timedelta(days=92) + timedelta(days=days)
    broken = broken_between(start, start + timedelta(hours=30), NOW - timedelta(hours=1))
    fake.answers["GET requests.json"] = broken
    for _ in range(4):  # the breaker stays closed
        updates = await client.updates(NOW - timedelta(days=2))
        assert [one.reference for one in updates] == ["638344"]
    assert len(fake.calls) < 4 * 80


async def test_a_lost_create_in_a_broken_stretch_stays_unknown(client: Open311, fake: FakeGeoReport) -> None:
    broken = broken_between(NOW - timedelta(days=3), NOW - timedelta(days=2), NOW - timedelta(hours=1))
    fake.answers["GET requests.json"] = broken
    filed = await client.lookup(PLAIN, NOW - timedelta(days=5))
    assert filed is not None and filed.reference == "638344"
    fake.answers["GET requests.json"] = broken_between(
        NOW - timedelta(days=3), NOW - timedelta(days=2), NOW - timedelta(days=2, hours=12)
    )
    with pytest.raises(BackendUnavailable):
        await client.lookup(PLAIN, NOW - timedelta(days=5))


async def test_a_server_that_always_fails_is_left_alone(
    client: Open311, fake: FakeGeoReport, ticks: Ticks
) -> None:
    async def down(request: web.Request) -> web.StreamResponse:
        return web.Response(status=500)

    fake.answers["GET requests.json"] = down
    for _ in range(4):
        with pytest.raises(BackendUnavailable):
            await client.updates(NOW - timedelta(days=2))
    fake.calls.clear()
    with pytest.raises(BackendUnavailable, match="left alone"):
        await client.updates(NOW - timedelta(days=2))
    assert fake.calls == []
