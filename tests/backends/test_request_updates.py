"""`servicerequestupdates`: changes and news by mySociety's extension, against a strict server."""

import json
from dataclasses import replace
from datetime import timedelta

import aiohttp
import pytest

from backends.base import BackendUnavailable, Change, RequestChange, RequestRefused, UnknownReference
from backends.open311.client import Open311
from tests.support.clock import NOW
from tests.support.fake_georeport import FakeGeoReport, reply

WORDS: dict[Change, str] = {"complement": "OPEN", "withdraw": "CLOSED", "reopen": "REOPEN"}
POST, GET = "POST servicerequestupdates.json", "GET servicerequestupdates.json"
CHANGE = RequestChange("0b6b1c52-0000-4000-8000-000000000001", "It grows.", ("https://desk.example/p/1",))
TAKEN = reply('{"service_request_updates": [{"update_id": "77"}]}')


@pytest.fixture
def client(session: aiohttp.ClientSession, fake: FakeGeoReport) -> Open311:
    return Open311(
        session,
        fake.url,
        key="s3cret",
        updates_as=WORDS,
        read_updates=True,
        read_timeout=5,
        clock=lambda: NOW,
    )


def listed(*rows: dict[str, object]) -> str:
    return json.dumps({"service_request_updates": rows})


def row(number: str, status: str, minutes: int, **more: object) -> dict[str, object]:
    at = (NOW - timedelta(minutes=minutes)).isoformat()
    named = {"update_id": f"{number}_{minutes}", "service_request_id": number, "status": status}
    return {**named, "updated_datetime": at, "description": "", "media_url": "", **more}


async def test_capabilities_are_those_that_the_city_names(session: aiohttp.ClientSession) -> None:
    plain, adds = (
        Open311(session, "http://x"),
        Open311(session, "http://x", updates_as={"complement": "OPEN"}),
    )
    assert (plain.capabilities.complement, plain.capabilities.repeatable) == (False, True)
    can = adds.capabilities
    assert (can.complement, can.withdraw, can.reopen, can.repeatable) == (True, False, False, False)


@pytest.mark.parametrize(("kind", "word"), WORDS.items())
async def test_a_change_is_posted_in_the_published_form(
    client: Open311, fake: FakeGeoReport, kind: str, word: str
) -> None:
    fake.answers[POST] = TAKEN
    await getattr(client, kind)("SR-1", CHANGE)
    form = fake.form()
    assert (form["service_request_id"], form["update_id"], form["status"]) == ("SR-1", CHANGE.id, word)
    assert form["description"].startswith("It grows.") and form["media_url"] == "https://desk.example/p/1"
    assert form["api_key"] == "s3cret" and form["updated_datetime"].endswith("Z")


async def test_what_is_added_leaves_the_status_as_it_is(
    session: aiohttp.ClientSession, fake: FakeGeoReport
) -> None:
    client = Open311(session, fake.url, key="k", updates_as={"complement": "current"}, clock=lambda: NOW)
    fake.answers[POST] = TAKEN
    fake.answers["GET requests/SR-1.json"] = reply(
        '[{"service_request_id": "SR-1", "status": "In progress", "service_code": "001"}]'
    )
    await client.complement("SR-1", CHANGE)
    assert fake.form()["status"] == "IN_PROGRESS"
    fake.answers["GET requests/SR-1.json"] = reply("down", 503)
    with pytest.raises(BackendUnavailable) as failed:
        await client.complement("SR-1", CHANGE)
    assert not failed.value.outcome_unknown and len(fake.creates) == 1, "nothing was sent"


async def test_refusals_and_failures_have_their_types(client: Open311, fake: FakeGeoReport) -> None:
    for body, status, error in (
        ('[{"code": 404, "description": "no such request"}]', 404, UnknownReference),
        ('[{"code": 400, "description": "closed for good"}]', 400, RequestRefused),
        ("<html>Bad gateway</html>", 502, BackendUnavailable),
    ):
        fake.answers[POST] = reply(body, status)
        with pytest.raises(error):
            await client.complement("SR-1", CHANGE)


async def test_after_a_lost_answer_nothing_is_added_twice(client: Open311, fake: FakeGeoReport) -> None:
    again = replace(CHANGE, since=NOW - timedelta(minutes=5))
    fake.answers[GET] = reply(listed(row("SR-1", "open", 4, update_id=CHANGE.id)))
    await client.complement("SR-1", again)
    assert not fake.creates, "the back end has it under our id"
    fake.answers[GET] = reply(
        listed(row("SR-1", "open", 4, description=f"It grows. [civicdesk {CHANGE.id}]"))
    )
    await client.complement("sr 1", again)
    assert not fake.creates, "or with our marker"
    fake.answers[GET] = reply(listed())
    with pytest.raises(RequestRefused, match="may have this already"):
        await client.complement("SR-1", again)
    fake.answers[POST] = TAKEN
    await client.withdraw("SR-1", again)
    assert len(fake.creates) == 1, "closing twice has one effect"


async def test_updates_are_read_beside_the_requests(client: Open311, fake: FakeGeoReport) -> None:
    fake.answers["GET requests.json"] = reply("[]")
    fake.answers[GET] = reply(
        listed(
            row("SR-1", "planned", 30, description="<b>On Friday</b>"),
            row("SR-1", "investigating", 60),
            row("SR-2", "unchanged", 10, description="We have ordered the part."),
            row("SR-3", "not_councils_responsibility", 5),
            row("SR-4", "fixed", 3, media_url="https://city.example/after.jpg"),
            row("SR-5", "open", 2, description="Mine. [civicdesk 0b6b1c52-0000-4000-8000-000000000009]"),
        )
    )
    found = {one.reference: one.status for one in await client.updates(NOW - timedelta(hours=2))}
    assert set(found) == {"SR-1", "SR-2", "SR-3", "SR-4"}, "what came from us is no news"
    assert (found["SR-1"].stage, found["SR-1"].notes) == ("planned", "On Friday")
    assert found["SR-2"].unchanged and found["SR-2"].notes == "We have ordered the part."
    assert found["SR-3"].not_ours and found["SR-3"].status == "closed"
    assert (found["SR-4"].status, found["SR-4"].photo) == ("closed", "https://city.example/after.jpg")
    asked = next(query for query in fake.queries if "start_date" in query and "updated_after" not in query)
    assert set(asked) == {"start_date", "end_date"}
