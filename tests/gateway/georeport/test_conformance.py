"""The examples of the GeoReport v2 specification (wiki.open311.org/GeoReport_v2), in both directions: our server is sent what
the specification sends, and our client reads what it answers."""

import json
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from typing import Any

import aiohttp
import pytest
from defusedxml.ElementTree import fromstring

from backends.open311.client import Open311
from city.services import Choice, CityService, ServiceQuestion
from desk.store.pool import Store
from tests.gateway.georeport.serving import our_server
from tests.support.clock import Clock
from tests.support.fake_georeport import FakeGeoReport, reply, serve

KEY = "xyz"
CANS = CityService(
    code="001",
    group="sanitation",
    expected_days=3,
    name={"en": "Cans left out 24x7"},
    keywords={"en": ("lorem", "ipsum", "dolor")},
    questions=(
        ServiceQuestion(
            code="WHISPAWN", datatype="singlevaluelist", required=True, prompt={"en": "What is the ticket/tag/DL number?"},
            values=(Choice(key="123456", name={"en": "Ford"}), Choice(key="124", name={"en": "Chrysler"})),
        ),
        ServiceQuestion(code="WHISDORN", datatype="multivaluelist", required=False, prompt={"en": "Where?"},
                        values=(Choice(key="COISL001", name={"en": "Island"}), Choice(key="COISL002", name={"en": "Coast"}))),
    ),
)  # fmt: skip
CREATE = (
    "api_key=xyz&jurisdiction_id=lindenport.example&service_code=001&lat=37.76524078&long=-122.4212043"
    "&address_string=1234+5th+street&email=smit333%40sfgov.edu&device_id=tt222111&account_id=123456&first_name=john"
    "&last_name=smith&phone=111111111&description=A+large+sinkhole+is+destroying+the+street"
    "&media_url=http%3A%2F%2Ffarm3.static.flickr.com%2F2002%2F2212426634_5ed477a060.jpg"
    "&attribute[WHISPAWN]=123456&attribute[WHISDORN][]=COISL001&attribute[WHISDORN][]=COISL002"
)
FORM = {"Content-Type": "application/x-www-form-urlencoded; charset=utf-8"}
SERVICE = (
    ("service_code", "001"), ("service_name", "Cans left out 24x7"), ("metadata", "true"), ("type", "realtime"),
    ("keywords", "lorem, ipsum, dolor"), ("group", "sanitation"),
)  # fmt: skip


@pytest.fixture
async def spec(store: Store, clock: Clock) -> AsyncIterator[str]:
    async with our_server(store, clock, (KEY,), services={"001": CANS}) as base:
        yield base


async def asked(
    http: aiohttp.ClientSession, url: str, expected: int = 200, /, data: str | None = None, **query: str
) -> Any:
    method = "GET" if data is None else "POST"
    async with http.request(method, url, params=query, data=data, headers=FORM if data else {}) as answer:
        body = await answer.text()
        assert answer.status == expected, body
        return json.loads(body) if url.endswith("json") else fromstring(body, forbid_dtd=True)


async def test_the_published_calls_in_xml(http: aiohttp.ClientSession, spec: str) -> None:
    jurisdiction = {"jurisdiction_id": "lindenport.example"}
    services = await asked(http, f"{spec}/services.xml", **jurisdiction)
    assert services.tag == "services" and [one.tag for one in services] == ["service"]
    assert all(services.findtext(f"service/{name}") == value for name, value in SERVICE)
    definition = await asked(http, f"{spec}/services/001.xml", **jurisdiction)
    assert definition.tag == "service_definition" and definition.findtext("service_code") == "001"
    first, second = definition.findall("attributes/attribute")
    assert [first.findtext(name) for name in ("variable", "code", "datatype", "required", "order")] == [
        "true", "WHISPAWN", "singlevaluelist", "true", "1",
    ]  # fmt: skip
    assert [(one.findtext("key"), one.findtext("name")) for one in second.findall("values/value")] == [
        ("COISL001", "Island"), ("COISL002", "Coast"),
    ]  # fmt: skip
    created = await asked(http, f"{spec}/requests.xml", data=CREATE)
    assert created.tag == "service_requests" and created.findtext("request/account_id") == "123456"
    number = created.findtext("request/service_request_id")
    assert created.find("request/token") is None, "one of the two, never both"
    one = await asked(http, f"{spec}/requests/{number}.xml", **jurisdiction)
    listed = await asked(http, f"{spec}/requests.xml", status="open", service_code="001", **jurisdiction)
    for document in (one, listed):
        assert document.tag == "service_requests" and len(document) == 1
        names = [child.tag for child in document[0]]
        assert names == [
            "service_request_id", "status", "status_notes", "service_name", "service_code", "agency_responsible",
            "service_notice", "requested_datetime", "updated_datetime", "expected_datetime", "description", "address",
            "address_id", "zipcode", "lat", "long", "media_url",
        ]  # fmt: skip
        assert document.findtext("request/service_name") == "Cans left out 24x7"
        assert datetime.fromisoformat(document.findtext("request/requested_datetime") or "").tzinfo


async def test_the_published_calls_in_json(http: aiohttp.ClientSession, spec: str) -> None:
    (service,) = await asked(http, f"{spec}/services.json")
    assert service["metadata"] is True and service["service_code"] == "001"
    definition = await asked(http, f"{spec}/services/001.json")
    assert [one["code"] for one in definition["attributes"]] == ["WHISPAWN", "WHISDORN"]
    (created,) = await asked(http, f"{spec}/requests.json", data=CREATE)
    (one,) = await asked(http, f"{spec}/requests/{created['service_request_id']}.json", api_key=KEY)
    assert (one["address"], one["lat"], one["long"]) == ("1234 5th street", 37.76524078, -122.4212043)
    assert one["media_url"] == "http://farm3.static.flickr.com/2002/2212426634_5ed477a060.jpg"
    assert one["status_notes"] is None, "empty is null"
    pages = [
        await asked(http, f"{spec}/requests.json", page_size="1", page=str(page), service_code="001")
        for page in (1, 2)
    ]
    assert [len(page) for page in pages] == [1, 0]


@pytest.mark.parametrize("form", ["json", "xml"])
async def test_the_published_refusals(http: aiohttp.ClientSession, spec: str, form: str) -> None:
    def codes(document: Any) -> list[int]:
        if form == "json":
            return [one["code"] for one in document]
        assert document.tag == "errors" and all(one.findtext("description") for one in document)
        return [int(one.findtext("code") or 0) for one in document]

    for data, status, expected in (
        (CREATE.replace("api_key=xyz&", ""), 403, [403]),
        (CREATE.replace("=xyz", "=wrong"), 403, [403]),
        (CREATE.replace("lindenport.example", "cityname.gov"), 404, [404]),
        (CREATE.replace("service_code=001", "service_code=999"), 404, [404]),
        (CREATE.replace("service_code=001&", ""), 400, [400]),
        (
            CREATE.replace("long=-122.4212043", "long=x").replace("=123456&attribute", "=&attribute"),
            400,
            [400, 400],
        ),
    ):
        assert codes(await asked(http, f"{spec}/requests.{form}", status, data=data)) == expected, data
    for path in ("services/999", "requests/999", "tokens/999"):
        assert codes(await asked(http, f"{spec}/{path}.{form}", 404)) == [404]
    assert codes(await asked(http, f"{spec}/services.{form}", 404, jurisdiction_id="cityname.gov")) == [404]


@pytest.mark.parametrize("form", ["json", "xml"])
async def test_our_client_reads_the_published_answers(http: aiohttp.ClientSession, form: str) -> None:
    told = {
        "services": (
            "<services><service><service_code>DMV66</service_code><service_name>Cans left out 24x7</service_name>"
            "<description>Garbage cans</description><metadata>true</metadata><type>batch</type><keywords>lorem, ipsum</keywords>"
            "<group>sanitation</group></service></services>",
            '[{"service_code":"DMV66","service_name":"Cans left out 24x7","description":"Garbage cans","metadata":true,'
            '"type":"batch","keywords":"lorem, ipsum","group":"sanitation"}]',
        ),
        "services/DMV66": (
            "<service_definition><service_code>DMV66</service_code><attributes><attribute><variable>true</variable>"
            "<code>WHISHETN</code><datatype>singlevaluelist</datatype><required>true</required><datatype_description/>"
            "<order>1</order><description>What is the ticket/tag/DL number?</description><values><value><key>123</key>"
            "<name>Ford</name></value><value><key>124</key><name>Chrysler</name></value></values></attribute></attributes>"
            "</service_definition>",
            '{"service_code":"DMV66","attributes":[{"variable":true,"code":"WHISHETN","datatype":"singlevaluelist",'
            '"required":true,"datatype_description":null,"order":1,"description":"What is the ticket/tag/DL number?",'
            '"values":[{"key":123,"name":"Ford"},{"key":124,"name":"Chrysler"}]}]}',
        ),
        "tokens/12345": (
            "<service_requests><request><service_request_id>638344</service_request_id><token>12345</token></request>"
            "</service_requests>",
            '[{"service_request_id":638344,"token":12345}]',
        ),
        "requests/638344": (
            "<service_requests><request><service_request_id>638344</service_request_id><status>closed</status>"
            "<status_notes>Duplicate request.</status_notes><service_name>Sidewalk and Curb Issues</service_name>"
            "<service_code>006</service_code><description/><agency_responsible/><service_notice/>"
            "<requested_datetime>2010-04-14T06:37:38-08:00</requested_datetime>"
            "<updated_datetime>2010-04-14T06:37:38-08:00</updated_datetime>"
            "<expected_datetime>2010-04-15T06:37:38-08:00</expected_datetime><address>8TH AVE and JUDAH ST</address>"
            "<address_id>545483</address_id><zipcode>94122</zipcode><lat>37.762221815</lat><long>-122.4651145</long>"
            "<media_url>http://city.gov.s3.amazonaws.com/requests/media/638344.jpg</media_url></request></service_requests>",
            '[{"service_request_id":638344,"status":"closed","status_notes":"Duplicate request.","service_name":'
            '"Sidewalk and Curb Issues","service_code":"006","description":null,"agency_responsible":null,'
            '"service_notice":null,"requested_datetime":"2010-04-14T06:37:38-08:00","updated_datetime":'
            '"2010-04-14T06:37:38-08:00","expected_datetime":"2010-04-15T06:37:38-08:00","address":"8TH AVE and JUDAH ST",'
            '"address_id":545483,"zipcode":94122,"lat":37.762221815,"long":-122.4651145,'
            '"media_url":"http://city.gov.s3.amazonaws.com/requests/media/638344.jpg"}]',
        ),
    }
    async with serve(FakeGeoReport()) as fake:
        kind = "text/xml" if form == "xml" else "application/json"
        fake.answers = {
            f"GET {path}.{form}": reply(both[form == "json"], kind=kind) for path, both in told.items()
        }
        client = Open311(http, fake.url)
        (service,) = await client.services()
        assert (service.code, service.flow, service.keywords) == ("DMV66", "batch", ("lorem", "ipsum"))
        assert service.questions[0].values == (("123", "Ford"), ("124", "Chrysler"))
        assert await client.resolve_token("12345") == "638344"
        status = await client.status("638344")
        assert (status.status, status.notes, status.service_code) == ("closed", "Duplicate request.", "006")
        assert status.expected_at == datetime(2010, 4, 15, 14, 37, 38, tzinfo=UTC)
