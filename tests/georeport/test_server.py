"""Our GeoReport v2 server over HTTP, in JSON and XML, as the specification has it."""

import json
import re
from datetime import datetime, timedelta
from typing import Any
from xml.etree.ElementTree import Element

import aiohttp
import pytest
from defusedxml.ElementTree import fromstring
from yarl import URL

from desk.model import NotFound, Refused
from desk.requests.book import RequestBook
from desk.store.pool import Store
from gateway.georeport.render import GIVEN
from tests.georeport.conftest import Clock
from tests.georeport.serving import KEY, SERVICES, our_server

FORM = {
    "api_key": KEY,
    "service_code": "pothole",
    "lat": "40.71",
    "long": "-74.01",
    "address_string": "8 Elm Street",
    "description": "A hole",
    "first_name": "Ana",
    "last_name": "López",
    "email": "ana@example.org",
    "phone": "555-9999",
    "attribute[size]": "large",
}
HOSTILE = """<script>alert("x")</script>&amp; ]]> '; DROP TABLE georeport_requests;-- \u202e ﷽ 😀"""


async def get(
    http: aiohttp.ClientSession, url: str, expected: int = 200, /, key: str = KEY, **query: str
) -> Any:
    async with http.get(url, params=query, headers={"X-Api-Key": key}) as response:
        body = await response.text()
        assert response.status == expected, body
        kind = "application/json" if url.endswith(".json") else "text/xml"
        assert response.headers["Content-Type"] == f"{kind}; charset=utf-8"
        return json.loads(body) if url.endswith(".json") else fromstring(body, forbid_dtd=True)


async def post(
    http: aiohttp.ClientSession, base: str, status: int = 200, form: str = "json", **fields: str | None
) -> Any:
    data = {name: value for name, value in (FORM | fields).items() if value is not None}
    async with http.post(f"{base}/requests.{form}", data=data) as response:
        body = await response.text()
        assert response.status == status, body
        return json.loads(body) if form == "json" else fromstring(body, forbid_dtd=True)


async def file(http: aiohttp.ClientSession, base: str, **fields: str | None) -> str:
    (created,) = await post(http, base, **fields)
    return str(created["service_request_id"])


def texts(element: Element) -> dict[str, str | None]:
    return {child.tag: child.text for child in element}


async def test_discovery_says_where_and_what(http: aiohttp.ClientSession, base: str) -> None:
    document = await get(http, f"{base}/discovery.json")
    (endpoint,) = document["endpoints"]
    assert endpoint["url"] == "https://desk.example/open311/v2" and endpoint["type"] == "test"
    assert endpoint["specification"] == "http://wiki.open311.org/GeoReport_v2"
    assert endpoint["formats"] == ["text/xml", "application/json"]
    root = await get(http, f"{base}/discovery.xml")
    assert root.tag == "discovery" and root.findtext("endpoints/endpoint/url") == endpoint["url"]


async def test_services_are_the_city_s_own(http: aiohttp.ClientSession, base: str) -> None:
    rows = await get(http, f"{base}/services.json")
    assert [row["service_code"] for row in rows] == list(SERVICES)
    pothole = rows[0]
    assert pothole["metadata"] is True and pothole["type"] == "realtime" and pothole["group"] == "streets"
    root = await get(http, f"{base}/services.xml")
    assert root.tag == "services" and [texts(one)["service_code"] for one in root] == list(SERVICES)
    assert texts(root[0])["metadata"] == "true"


async def test_a_definition_lists_the_questions(http: aiohttp.ClientSession, base: str) -> None:
    document = await get(http, f"{base}/services/pothole.json")
    (size,) = document["attributes"]
    assert (size["code"], size["datatype"], size["required"]) == ("size", "singlevaluelist", False)
    assert [value["key"] for value in size["values"]] == ["small", "large"]
    root = await get(http, f"{base}/services/pothole.xml")
    assert root.tag == "service_definition"
    assert root.findtext("attributes/attribute/values/value/key") == "small"
    assert (await get(http, f"{base}/services/graffiti.json"))["attributes"] == []
    (refused,) = await get(http, f"{base}/services/nope.json", 404)
    assert refused["code"] == 404 and "service_code" in refused["description"]


async def test_a_request_is_kept_and_read_back(http: aiohttp.ClientSession, base: str, clock: Clock) -> None:
    (created,) = await post(http, base)
    reference = created["service_request_id"]
    assert re.fullmatch(r"SR-[0-9A-HJKMNP-TV-Z]{4}-[0-9A-HJKMNP-TV-Z]{4}", reference)
    (row,) = await get(http, f"{base}/requests/{reference}.json")
    assert row == {
        "service_request_id": reference,
        "status": "open",
        "status_notes": None,
        "service_name": SERVICES["pothole"].name["en"],
        "service_code": "pothole",
        "description": "A hole",
        "agency_responsible": "Lindenport",
        "service_notice": None,
        "requested_datetime": "2026-11-22T07:00:00-05:00",
        "updated_datetime": "2026-11-22T07:00:00-05:00",
        "expected_datetime": (clock.now + timedelta(days=10) - timedelta(hours=5)).strftime("%FT%T-05:00"),
        "address": "8 Elm Street",
        "address_id": None,
        "zipcode": None,
        "lat": 40.71,
        "long": -74.01,
        "media_url": None,
    }
    root = await get(http, f"{base}/requests/{reference}.xml")
    assert root.tag == "service_requests" and texts(root[0])["service_request_id"] == reference
    assert texts(root[0])["status_notes"] is None and texts(root[0])["lat"] == "40.71"


@pytest.mark.parametrize("key", ["", "wrong", "demo-keys"])
async def test_what_citizens_gave_is_for_those_with_a_key(
    http: aiohttp.ClientSession, base: str, book: RequestBook, key: str
) -> None:
    reference = await file(http, base, media_url="https://desk.example/p.jpg", zipcode="12345")
    await book.set_status(reference, "closed", "Filled")
    for path in (f"requests/{reference}.json", "requests.json"):
        (whole,) = await get(http, f"{base}/{path}")
        (row,) = await get(http, f"{base}/{path}", key=key)
        for name in ("description", "address", "lat", "long", "media_url"):
            assert whole[name] is not None and row[name] is None, name
        assert {name: value for name, value in row.items() if value is not None} == {
            name: value for name, value in whole.items() if value is not None and name not in GIVEN
        }
        assert (row["status"], row["status_notes"]) == ("closed", "Filled")
        root = await get(http, f"{base}/{path.replace('json', 'xml')}", key=key)
        assert "Elm" not in "".join(root.itertext()) and "hole" not in (
            root.findtext("request/description") or ""
        )
    # Pages of others may read what is public, and never what is not.
    for given, shared in ((key, "*"), (KEY, None)):
        async with http.get(f"{base}/requests.json", headers={"X-Api-Key": given}) as response:
            assert response.headers.get("Access-Control-Allow-Origin") == shared


async def test_a_token_leads_to_the_number(http: aiohttp.ClientSession, base: str) -> None:
    (created,) = await post(http, base)
    (row,) = await get(http, f"{base}/tokens/{created['token']}.json")
    assert row == {"service_request_id": created["service_request_id"], "token": created["token"]}
    root = await get(http, f"{base}/tokens/{created['token']}.xml")
    assert root.findtext("request/service_request_id") == created["service_request_id"]
    await get(http, f"{base}/tokens/nope.json", 404)


async def test_a_create_in_xml(http: aiohttp.ClientSession, base: str) -> None:
    root = await post(http, base, form="xml")
    assert root.tag == "service_requests" and (root.findtext("request/service_request_id") or "").startswith(
        "SR-"
    )


@pytest.mark.parametrize("reference", ["{0}", "  {0}", "sr{1}", "{2}"])
async def test_a_number_is_found_as_people_write_it(
    http: aiohttp.ClientSession, base: str, reference: str
) -> None:
    number = await file(http, base)
    written = reference.format(
        number, number[2:].replace("-", " "), number.lower().replace("0", "o").replace("1", "l")
    )
    (row,) = await get(http, f"{base}/requests/{written}.json")
    assert row["service_request_id"] == number


async def test_numbers_cannot_be_guessed_from_one_another(http: aiohttp.ClientSession, base: str) -> None:
    numbers = [await file(http, base) for _ in range(40)]
    assert len(set(numbers)) == 40
    assert numbers != sorted(numbers) and len({number[3:7] for number in numbers}) > 35


async def test_who_asked_is_never_given_out(http: aiohttp.ClientSession, base: str, store: Store) -> None:
    reference = await file(http, base, account_id="account-77", device_id="device-1")
    told = ""
    for path in (f"requests/{reference}.json", f"requests/{reference}.xml", "requests.json", "requests.xml"):
        async with http.get(f"{base}/{path}") as response:
            told += await response.text()
    assert reference in told
    for secret in ("Ana", "López", "ana@example.org", "555-9999", "account-77", "device-1"):
        assert secret not in told
    kept = await store.pool.fetchval("SELECT reporter FROM georeport_requests")
    assert kept["email"] == "ana@example.org" and "device_id" not in kept


@pytest.mark.parametrize("form", ["json", "xml"])
async def test_hostile_text_stays_text(http: aiohttp.ClientSession, base: str, form: str) -> None:
    reference = await file(http, base, description=HOSTILE + "\x00\x08", address_string=HOSTILE)
    document = await get(http, f"{base}/requests/{reference}.{form}")
    row = document[0] if form == "json" else texts(document[0])
    assert row["description"] == HOSTILE and row["address"] == HOSTILE


@pytest.mark.parametrize("key", [None, "", "wrong", KEY + "x", KEY[:-1], KEY.upper(), "schlüssel"])
async def test_without_our_key_nothing_is_filed(
    http: aiohttp.ClientSession, base: str, store: Store, key: str | None
) -> None:
    (refused,) = await post(http, base, 403, api_key=key)
    assert refused["code"] == 403 and "api_key" in refused["description"]
    assert await store.pool.fetchval("SELECT count(*) FROM georeport_requests") == 0


async def test_each_key_works_and_only_in_the_body(http: aiohttp.ClientSession, base: str) -> None:
    await post(http, base, api_key="other-key")
    async with http.post(f"{base}/requests.json?api_key={KEY}", data=FORM | {"api_key": ""}) as response:
        assert response.status == 403


async def test_a_server_without_keys_takes_nothing(
    http: aiohttp.ClientSession, store: Store, clock: Clock
) -> None:
    async with our_server(store, clock, keys=("",)) as base:
        await post(http, base, 403)
        await post(http, base, 403, api_key="")


@pytest.mark.parametrize(
    ("fields", "status", "words"),
    [
        ({"service_code": None}, 400, ["service_code was not provided"]),
        ({"service_code": "nope"}, 404, ["service_code was not found"]),
        ({"lat": None, "long": None, "address_string": None}, 400, ["A location is required"]),
        ({"lat": "95"}, 400, ["lat must be"]),
        ({"lat": "nan"}, 400, ["lat must be"]),
        ({"long": None}, 400, ["must come together"]),
        ({"attribute[size]": "huge"}, 400, ["not on its list"]),
        ({"attribute[colour]": "red"}, 400, ["no attribute of pothole"]),
        ({"attribute[": "red"}, 400, ["must be written"]),
        ({"email": "nobody"}, 400, ["no e-mail address"]),
        ({"description": "x" * 4001}, 400, ["longer than 4000"]),
        ({"media_url": "javascript:alert(1)"}, 400, ["media_url"]),
        ({"jurisdiction_id": "elsewhere"}, 404, ["jurisdiction_id"]),
        ({"service_code": "nope", "lat": "x", "email": "y"}, 400, ["service_code", "lat must", "e-mail"]),
    ],
)
async def test_everything_wrong_is_said_at_once(
    http: aiohttp.ClientSession,
    base: str,
    store: Store,
    fields: dict[str, str],
    status: int,
    words: list[str],
) -> None:
    errors = await post(http, base, status, **fields)
    assert [word in error["description"] for word, error in zip(words, errors, strict=True)] == [True] * len(
        words
    )
    root = await post(http, base, status, form="xml", **fields)
    assert root.tag == "errors" and [texts(one)["description"] for one in root] == [
        e["description"] for e in errors
    ]
    assert await store.pool.fetchval("SELECT count(*) FROM georeport_requests") == 0


@pytest.mark.parametrize(
    ("body", "kind"),
    [
        (b'{"service_code":"pothole"}', "application/json"),
        (b"service_code=%FF&api_key=demo-key", "application/x-www-form-urlencoded"),
        (b"\xff=1", "application/x-www-form-urlencoded"),
        (b"a=1&" * 600, "application/x-www-form-urlencoded"),
        (b"a=" + b"x" * 300_000, "application/x-www-form-urlencoded"),
    ],
)
async def test_a_body_that_is_no_form(http: aiohttp.ClientSession, base: str, body: bytes, kind: str) -> None:
    async with http.post(f"{base}/requests.json", data=body, headers={"Content-Type": kind}) as response:
        assert response.status == 400 and (await response.json())[0]["code"] == 400


async def test_the_same_create_sent_twice_is_one_request(
    http: aiohttp.ClientSession, base: str, store: Store
) -> None:
    first = await file(http, base, account_id="a-1", media_url="https://x.example/1?signature=1")
    again = await file(http, base, account_id="a-1", media_url="https://x.example/1?signature=2")
    assert first == again
    other = await file(http, base, account_id="a-1", description="Another hole")
    assert other != first, "one account may report two things"
    assert await file(http, base, account_id="a-2") not in (first, other)
    assert await file(http, base) != await file(http, base), "without an id nothing says that it is a repeat"


async def test_a_service_that_needs_no_place(http: aiohttp.ClientSession, base: str) -> None:
    nowhere = {"lat": None, "long": None, "address_string": None, "attribute[size]": None}
    await post(http, base, service_code="noise", **nowhere)


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


@pytest.mark.parametrize("path", ["requests/SR-0000-0000.json", "requests/%00.json", "requests/..%2F.json"])
async def test_a_number_that_nobody_has(http: aiohttp.ClientSession, base: str, path: str) -> None:
    async with http.get(URL(f"{base}/{path}", encoded=True)) as response:
        assert response.status == 404 and (await response.json())[0]["code"] == 404


async def test_another_format_is_not_found(http: aiohttp.ClientSession, base: str) -> None:
    async with http.get(f"{base}/requests/SR-0000-0000.csv") as response:
        assert response.status == 404 and "<errors>" in await response.text()


async def test_staff_close_a_request_and_everybody_sees_it(
    http: aiohttp.ClientSession, base: str, clock: Clock, book: RequestBook
) -> None:
    reference = await file(http, base)
    clock.now += timedelta(days=2)
    changed = await book.set_status(reference.lower(), "closed", " Filled with asphalt <b> \x00")
    assert changed.status == "closed"
    (row,) = await get(http, f"{base}/requests/{reference}.json")
    assert (row["status"], row["status_notes"]) == ("closed", "Filled with asphalt <b>")
    assert datetime.fromisoformat(row["updated_datetime"]) == clock.now
    with pytest.raises(NotFound):
        await book.set_status("SR-0000-0000", "closed")
    with pytest.raises(Refused):
        await book.set_status(reference, "fixed")
    with pytest.raises(Refused):
        await book.set_status(reference, "closed", "x" * 4001)


async def test_a_database_that_is_away_is_said_so(
    http: aiohttp.ClientSession, base: str, store: Store
) -> None:
    await store.close()
    (refused,) = await post(http, base, 503)
    assert refused["code"] == 503 and "Nothing was filed" in refused["description"]
    assert len(await get(http, f"{base}/services.json")) == len(SERVICES), (
        "what needs no database still works"
    )
