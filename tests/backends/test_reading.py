"""Reading from real GeoReport servers: every deviation from the specification that is known of one."""

import json
from datetime import UTC, datetime

import pytest

from backends.base import BackendUnavailable, NotPermitted, UnknownReference
from backends.open311.client import Open311
from tests.backends.samples import LISTED as REQUEST
from tests.support.clock import Ticks
from tests.support.fake_georeport import FakeGeoReport, reply

REQUEST_XML = (
    "<service_requests><request><service_request_id>638344</service_request_id><status>open</status>"
    "<service_code>001</service_code><address>Höhe 5</address></request></service_requests>"
)


async def test_json_that_is_no_json_is_asked_for_as_xml(client: Open311, fake: FakeGeoReport) -> None:
    # The specification's own example has a number with leading zeros.
    fake.answers["GET services.json"] = reply('[{"service_code":001,"service_name":"Pothole"}]')
    fake.answers["GET services.xml"] = reply(
        "<services><service><service_code>001</service_code><service_name>Pothole</service_name>"
        "<metadata>true</metadata><type>realtime</type></service></services>",
        kind="text/xml",
    )
    fake.answers["GET services/001.xml"] = reply(
        "<service_definition><service_code>001</service_code><attributes><attribute><variable>true</variable>"
        "<code>SIZE</code><datatype>singlevaluelist</datatype><required>true</required><order>1</order>"
        "<description>How big</description><values><value><key>1</key><name>Small</name></value></values>"
        "</attribute></attributes></service_definition>",
        kind="text/xml",
    )
    (service,) = await client.services()
    assert service.code == "001" and service.questions[0].values == (("1", "Small"),)


async def test_a_server_without_json_is_read_in_xml(client: Open311, fake: FakeGeoReport) -> None:
    fake.answers["GET requests/638344.xml"] = reply(REQUEST_XML, kind="text/xml")
    assert (await client.status("638344")).address == "Höhe 5"
    fake.calls.clear()
    await client.status("638344")
    assert fake.calls == ["GET requests/638344.xml"], "the format that worked is remembered"


@pytest.mark.parametrize(
    ("body", "kind"),
    [
        (REQUEST_XML, "application/json"),
        (json.dumps([REQUEST]), "text/xml"),
        (json.dumps([REQUEST]), "text/html; charset=utf-8"),
        (b"\xef\xbb\xbf" + json.dumps([REQUEST]).encode(), "application/json"),
        (b"\xff\xfe" + json.dumps([REQUEST]).encode("utf-16-le"), "application/json"),
        (json.dumps(REQUEST), "application/json"),
        (json.dumps({"service_requests": [REQUEST]}), "application/json"),
        (json.dumps({"service_requests": {"request": REQUEST}}), "application/json"),
        (json.dumps({"service_requests": {"request": [REQUEST]}}), "application/json"),
        ('<?xml version="1.0" encoding="utf-8"?>\n' + REQUEST_XML, "text/xml"),
        (
            b'<?xml version="1.0" encoding="utf-8"?>' + REQUEST_XML.encode("latin-1"),
            "text/xml; charset=utf-8",
        ),
        (
            REQUEST_XML.replace("<service_requests>", '<service_requests xmlns="http://x.example/">'),
            "text/xml",
        ),
        (json.dumps([{**REQUEST, "service_request_id": 638344}]), "application/json"),
        (json.dumps([{**REQUEST, "service_request_id": 638344.0}]), "application/json"),
    ],
)
async def test_one_request_in_every_disguise(
    client: Open311, fake: FakeGeoReport, body: str | bytes, kind: str
) -> None:
    fake.answers["GET requests/638344.json"] = reply(body, kind=kind)
    status = await client.status("638344")
    assert (status.reference, status.service_code) == ("638344", "001")


async def test_latin_1_keeps_its_letters(client: Open311, fake: FakeGeoReport) -> None:
    fake.answers["GET requests/638344.json"] = reply(
        REQUEST_XML.encode("latin-1"), kind="text/xml; charset=utf-8"
    )
    assert (await client.status("638344")).address == "Höhe 5"


async def test_a_status_says_all_it_knows(client: Open311, fake: FakeGeoReport) -> None:
    fake.answers["GET requests/638344.json"] = reply(json.dumps([REQUEST]))
    status = await client.status("638344")
    assert (status.status, status.raw_status, status.agency) == ("closed", "closed", "Streets")
    assert status.notes == "Duplicate of another & done"
    assert status.requested_at == datetime(2026, 11, 1, 11, 37, 38, tzinfo=UTC)
    assert status.updated_at == datetime(2026, 11, 2, 11, 37, 38, tzinfo=UTC)
    assert status.expected_at == datetime(2026, 11, 3, 11, 37, 38, tzinfo=UTC), "no zone means the city's"


@pytest.mark.parametrize(
    ("raw", "ours"),
    [
        ("open", "open"), ("Open", "open"), ("in progress", "open"), ("ACTION_SCHEDULED", "open"), ("reopen", "open"),
        ("CLOSED", "closed"), ("Fixed - council", "closed"), ("duplicate", "closed"),
        ("not_councils_responsibility", "closed"), ("Not council's responsibility", "closed"),
        ("no further action", "closed"), ("Completed (no fix)", "closed"), ("wibble", "open"), ("", "open"),
    ],
)  # fmt: skip
async def test_their_words_in_ours(client: Open311, fake: FakeGeoReport, raw: str, ours: str) -> None:
    fake.answers["GET requests/638344.json"] = reply(json.dumps([{**REQUEST, "status": raw}]))
    status = await client.status("638344")
    assert status.status == ours and status.raw_status == (raw or "open")


async def test_zero_is_a_reference(client: Open311, fake: FakeGeoReport) -> None:
    fake.answers["GET requests/0.json"] = reply(json.dumps([{**REQUEST, "service_request_id": 0}]))
    assert (await client.status("0")).reference == "0"


@pytest.mark.parametrize(
    ("body", "status"),
    [
        ("[]", 200),
        ("<service_requests/>", 200),
        ('[{"code":404,"description":"not found"}]', 404),
        ('[{"code":404,"description":"not found"}]', 200),
        ('{"errors":[{"code":"404","description":"x"}]}', 400),
        ("<errors><error><code>404</code><description>x</description></error></errors>", 200),
        (json.dumps([{**REQUEST, "service_request_id": "999"}]), 200),
    ],
)
async def test_an_unknown_reference(client: Open311, fake: FakeGeoReport, body: str, status: int) -> None:
    fake.answers["GET requests/638344.json"] = reply(body, status)
    with pytest.raises(UnknownReference):
        await client.status("638344")


@pytest.mark.parametrize("reference", ["", "..", "a\x00b", "x" * 101, "\n"])
async def test_what_is_no_reference_is_never_asked_for(
    client: Open311, fake: FakeGeoReport, reference: str
) -> None:
    with pytest.raises(UnknownReference):
        await client.status(reference)
    assert fake.calls == []


async def test_a_reference_cannot_escape_its_path_segment(client: Open311, fake: FakeGeoReport) -> None:
    with pytest.raises(UnknownReference):
        await client.status("../services?x=1#")
    assert fake.calls == [
        "GET requests/..%2Fservices%3Fx%3D1%23.json",
        "GET requests/..%2Fservices%3Fx%3D1%23.xml",
    ]


@pytest.mark.parametrize("status", [200, 500, 502, 503])
async def test_html_is_no_answer(client: Open311, fake: FakeGeoReport, status: int) -> None:
    page = reply("<!DOCTYPE html><html><body>Bad gateway</body></html>", status, "application/json")
    fake.answers |= {"GET requests/1.json": page, "GET requests/1.xml": page}
    with pytest.raises(BackendUnavailable):
        await client.status("1")


async def test_entities_are_never_expanded(client: Open311, fake: FakeGeoReport) -> None:
    bomb = '<!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b "&a;&a;">]><service_requests><request>&b;</request></service_requests>'
    fake.answers |= {"GET requests/1.json": reply(bomb), "GET requests/1.xml": reply(bomb)}
    with pytest.raises(BackendUnavailable):
        await client.status("1")


async def test_an_endless_body_is_cut_off(client: Open311, fake: FakeGeoReport) -> None:
    fake.answers["GET requests/1.json"] = fake.answers["GET requests/1.xml"] = reply(
        b"[" + b" " * (17 * 1024 * 1024)
    )
    with pytest.raises(BackendUnavailable, match="16 MB"):
        await client.status("1")


async def test_a_key_that_may_not_read(client: Open311, fake: FakeGeoReport) -> None:
    fake.answers["GET requests/1.json"] = reply('[{"code":403,"description":"no"}]', 403)
    with pytest.raises(NotPermitted):
        await client.status("1")


async def test_a_redirect_on_the_same_host_is_followed(client: Open311, fake: FakeGeoReport) -> None:
    fake.answers["GET requests/1.json"] = reply("", 301, headers={"Location": "/v2/requests/638344.json"})
    fake.answers["GET requests/638344.json"] = reply(json.dumps([{**REQUEST, "service_request_id": "1"}]))
    assert (await client.status("1")).reference == "1"


@pytest.mark.parametrize(
    "location", ["http://elsewhere.example/requests/1.json", "file:///etc/passwd", "", "1.json"]
)
async def test_other_redirects_are_not(client: Open311, fake: FakeGeoReport, location: str) -> None:
    fake.answers["GET requests/1.json"] = reply("", 302, headers={"Location": location} if location else {})
    with pytest.raises(BackendUnavailable, match=r"redirects|ValueError"):
        await client.status("1")


async def test_a_token_becomes_a_reference_when_the_server_says_so(
    client: Open311, fake: FakeGeoReport
) -> None:
    fake.answers["GET tokens/t1.json"] = reply("<service_requests/>")
    assert await client.resolve_token("t1") is None
    fake.answers["GET tokens/t1.json"] = reply('[{"token":"t1","service_request_id":null}]')
    assert await client.resolve_token("t1") is None
    fake.answers["GET tokens/t1.json"] = reply('[{"token":"t1","service_request_id":0}]')
    assert await client.resolve_token("t1") == "0"


async def test_a_back_end_that_keeps_failing_is_not_called(
    client: Open311, fake: FakeGeoReport, ticks: Ticks
) -> None:
    fake.answers["GET requests/638344.json"] = reply("<html>", 500)
    for _ in range(5):
        with pytest.raises(BackendUnavailable):
            await client.status("638344")
    fake.calls.clear()
    ticks.now += 10
    with pytest.raises(BackendUnavailable, match="left alone") as refused:
        await client.status("638344")
    assert fake.calls == []
    assert refused.value.resting == 20
    ticks.now += 21
    fake.answers["GET requests/638344.json"] = reply(json.dumps([REQUEST]))
    assert (await client.status("638344")).reference == "638344"
    assert (await client.status("638344")).reference == "638344"
