"""A create whose answer is lost, cut off or unreadable: whether it was accepted, and how it is found again."""

import json
from datetime import timedelta

import aiohttp
import pytest
from aiohttp import web

from backends.base import BackendUnavailable
from backends.open311.client import Open311
from tests.backends.samples import MARKER, PLAIN, REQUEST
from tests.support.clock import NOW
from tests.support.fake_georeport import FakeGeoReport, never, reply


@pytest.mark.parametrize(
    ("body", "status", "unknown"),
    [
        ("<html>502 Bad Gateway</html>", 502, True),
        ("<html>504</html>", 504, True),
        ('[{"code":500,"description":"database"}]', 500, True),
        ('[{"code":500,"description":"database"}]', 200, True),
        ("<html>Thank you!</html>", 200, True),
        ("", 200, True),
        ("[]", 200, True),
        ("<service_requests/>", 200, True),
        ('[{"service_request_id":001}]', 200, True),
        ('[{"code":429,"description":"slow down"}]', 429, False),
        ("<html>no such page</html>", 404, False),
        ("<html>blocked</html>", 405, False),
    ],
)
async def test_whether_an_unusable_answer_may_mean_yes(
    client: Open311, fake: FakeGeoReport, body: str, status: int, unknown: bool
) -> None:
    fake.answers["POST requests.json"] = reply(body, status)
    with pytest.raises(BackendUnavailable) as failure:
        await client.file(PLAIN)
    assert failure.value.outcome_unknown is unknown
    assert len(fake.creates) == 1, "a create is never repeated by the client itself"


@pytest.mark.parametrize(
    ("status", "unknown"), [(301, False), (302, True), (303, True), (307, False), (308, False)]
)
async def test_a_create_is_never_redirected(
    client: Open311, fake: FakeGeoReport, status: int, unknown: bool
) -> None:
    fake.answers["POST requests.json"] = reply("", status, headers={"Location": "/v2/elsewhere.json"})
    with pytest.raises(BackendUnavailable, match="redirects") as failure:
        await client.file(PLAIN)
    assert failure.value.outcome_unknown is unknown
    assert not any("elsewhere" in call for call in fake.calls)


async def test_silence_after_a_create_is_unknown(session: aiohttp.ClientSession, fake: FakeGeoReport) -> None:
    impatient = Open311(session, fake.url, read_timeout=0.2)
    fake.answers["POST requests.json"] = never
    with pytest.raises(BackendUnavailable) as failure:
        await impatient.file(PLAIN)
    assert failure.value.outcome_unknown and len(fake.creates) == 1


async def test_a_cut_connection_is_unknown_too(client: Open311, fake: FakeGeoReport) -> None:
    async def cut(request: web.Request) -> web.StreamResponse:
        assert request.transport is not None
        request.transport.close()
        return web.Response()

    fake.answers["POST requests.json"] = cut
    with pytest.raises(BackendUnavailable) as failure:
        await client.file(PLAIN)
    assert failure.value.outcome_unknown and len(fake.creates) == 1


async def test_connection_refused_is_certainly_not_accepted(
    session: aiohttp.ClientSession, client: Open311, fake: FakeGeoReport, unused_tcp_port: int
) -> None:
    await client.services()
    gone = Open311(session, f"http://127.0.0.1:{unused_tcp_port}/v2", key="s3cret")
    gone._services, gone._format = client._services, "json"
    with pytest.raises(BackendUnavailable) as failure:
        await gone.file(PLAIN)
    assert not failure.value.outcome_unknown


def listed(**fields: object) -> dict[str, object]:
    return {
        "service_request_id": "501",
        "service_code": "002",
        "status": "open",
        "description": f"A deep hole {MARKER}",
        "requested_datetime": "2026-11-22T12:03:00Z",
        "lat": 40.7,
        "long": -74.25,
    } | fields


@pytest.mark.parametrize(
    ("rows", "found"),
    [
        ([listed()], "501"),
        ([listed(service_request_id="1", description="another"), listed()], "501"),
        ([listed(description=MARKER.upper().replace(" ", "\n"))], "501"),
        ([listed(description="gone", account_id=REQUEST.id)], "501"),
        ([listed(description=None)], "501"),
        ([listed(description=None), listed(description=None, service_request_id="502")], None),
        ([listed(description=None, lat=40.7004)], None),
        ([listed(description=None, requested_datetime="2026-11-22T13:00:00Z")], None),
        ([listed(description="A deep hole, 3 < 4")], None),
        ([listed(service_code="001")], None),
        ([], None),
    ],
)
async def test_a_request_whose_answer_was_lost_is_found(
    client: Open311, fake: FakeGeoReport, rows: list[dict[str, object]], found: str | None
) -> None:
    fake.answers["GET requests.json"] = reply(json.dumps(rows))
    filed = await client.lookup(PLAIN, NOW)
    assert (filed.reference if filed else None) == found
    assert fake.queries[-1]["service_code"] == "002"
    assert fake.queries[-1]["start_date"] == "2026-11-22T11:45:00Z"


async def test_a_request_that_is_there_without_a_number_is_not_absent(
    client: Open311, fake: FakeGeoReport
) -> None:
    # Chicago lists requests before they have a number.
    fake.answers["GET requests.json"] = reply(json.dumps([listed(service_request_id=None)]))
    with pytest.raises(BackendUnavailable):
        await client.lookup(PLAIN, NOW - timedelta(minutes=1))
