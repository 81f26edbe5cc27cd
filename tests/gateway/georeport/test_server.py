"""Our GeoReport v2 server over HTTP, in JSON and XML, as the specification has it."""

import re
from datetime import datetime, timedelta

import aiohttp
import pytest
from yarl import URL

from desk.model import NotFound, Refused
from desk.requests.book import RequestBook
from desk.store.pool import Store
from gateway.georeport.render import GIVEN
from tests.gateway.georeport.calls import file, get, post, texts
from tests.gateway.georeport.serving import KEY, SERVICES
from tests.support.clock import Clock

HOSTILE = """<script>alert("x")</script>&amp; ]]> '; DROP TABLE georeport_requests;-- \u202e ﷽ 😀"""


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


async def test_a_number_comes_without_a_token_and_an_old_token_leads_to_the_number(
    http: aiohttp.ClientSession, base: str, book: RequestBook
) -> None:
    """The specification: one of the two. Tokens that were given before are still good."""
    (created,) = await post(http, base)
    assert created == {
        "service_request_id": created["service_request_id"],
        "service_notice": None,
        "account_id": None,
    }
    (kept,) = await book.find([created["service_request_id"]])
    (row,) = await get(http, f"{base}/tokens/{kept.token}.json")
    assert row == {"service_request_id": created["service_request_id"], "token": kept.token}
    root = await get(http, f"{base}/tokens/{kept.token}.xml")
    assert root.findtext("request/service_request_id") == created["service_request_id"]
    await get(http, f"{base}/tokens/nope.json", 404)


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


async def test_the_reporter_is_never_disclosed(http: aiohttp.ClientSession, base: str, store: Store) -> None:
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
