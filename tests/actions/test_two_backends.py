"""Two back ends over real sockets: questions and statuses come from the one that a service or a number belongs to."""

import json
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from aiohttp import web

from actions.context import Context, Desk
from actions.lookup.lookups import Lookups
from actions.phrases import Phrases
from actions.services import Services
from tests.support.fake_georeport import reply
from tests.support.stage import FakeBackend, Stage, responses
from tests.support.two_backends import NUMBER, Two, serve_two

ROOT = Path(__file__).parents[2]


@pytest.fixture
async def two() -> AsyncIterator[Two]:
    async with serve_two() as two:
        yield two


@pytest.fixture
def stage(two: Two) -> Stage:
    context = Context(
        languages=two.city.languages,
        zone=two.city.zone,
        services=Services(two.services, two.routes, two.backends),
        phrases=Phrases.load(ROOT / "content", two.city.language),
        backends=tuple(Desk(name, backend, NUMBER) for name, backend in two.backends.items()),
        answers=frozenset(),
        lookups=Lookups({}, {}, {}),
        clock=lambda: datetime.now(UTC),
    )
    return Stage(context, FakeBackend())


def record(number: str, status: str) -> object:
    return reply(
        json.dumps(
            [{"service_request_id": number, "status": status, "service_code": "001", "status_notes": "Note"}]
        )
    )


async def test_questions_come_from_the_back_end_of_the_service(two: Two, stage: Stage) -> None:
    two.environment.answers["GET services/001.json"] = reply(
        json.dumps(
            {
                "service_code": "001",
                "attributes": [
                    {"variable": True, "code": "HOURS", "datatype": "string", "required": True, "order": 1,
                     "description": "At which hours?"}
                ],
            }
        )
    )  # fmt: skip
    services = stage.context.services
    assert [one.code for one in await services.questions("noise", "en")][-1:] == ["HOURS"]
    assert "SIZE" in [one.code for one in await services.questions("pothole", "en")]
    assert await services.questions("graffiti", "en") == []


async def test_a_number_is_looked_for_at_each_back_end_whose_it_may_be(two: Two, stage: Stage) -> None:
    two.environment.answers["GET requests/222222.json"] = record("222222", "closed")  # type: ignore[assignment]  # a record in place of an answer
    said = await stage.run("action_status", "222222", "ask_status", reference="222222")
    assert responses(said) == ["utter_status_other_closed"]
    said = await stage.run("action_status", "999999", "ask_status", reference="999999")
    assert responses(said) == ["utter_reference_unknown"]


async def test_the_contacts_own_number_is_asked_for_at_its_own_back_end(two: Two, stage: Stage) -> None:
    two.roads.answers["GET requests/111111.json"] = record("111111", "open")  # type: ignore[assignment]  # a record in place of an answer
    two.environment.answers["GET requests/111111.json"] = record("111111", "closed")  # type: ignore[assignment]  # a record in place of an answer
    stage.metadata = {"own_requests": [{"reference": "111111", "backend": "environment"}]}
    said = await stage.run("action_status", "111111", "ask_status", reference="111111")
    assert responses(said) == ["utter_status_closed"]
    details = said[0]["reply"]["variables"]["details"]
    assert "Noise" in details and "Pothole" not in details
    assert not [call for call in two.roads.calls if "111111" in call]


async def test_somebody_elses_request_of_the_same_number_keeps_its_details(two: Two, stage: Stage) -> None:
    two.roads.answers["GET requests/111111.json"] = record("111111", "open")  # type: ignore[assignment]  # a record in place of an answer
    stage.metadata = {"own_requests": [{"reference": "111111", "backend": "environment"}]}
    # Our own back end has forgotten it; the other one's is a stranger's.
    said = await stage.run("action_status", "111111", "ask_status", reference="111111")
    assert responses(said) == ["utter_status_other_open"]
    assert said[0]["reply"]["variables"] == {"reference": "111111"}


async def test_unknown_at_one_and_down_at_the_other_is_not_unknown(two: Two, stage: Stage) -> None:
    async def down(request: web.Request) -> web.StreamResponse:
        return web.Response(status=503)

    two.environment.answers["GET requests/333333.json"] = down
    two.environment.answers["GET requests/333333.xml"] = down
    said = await stage.run("action_status", "333333", "ask_status", reference="333333")
    assert responses(said) == ["utter_status_unavailable"]


async def test_a_number_as_one_back_end_writes_it_is_no_part_of_another_s(two: Two, stage: Stage) -> None:
    async def down(request: web.Request) -> web.StreamResponse:
        return web.Response(status=503)

    roads, environment = stage.context.backends
    desks = (
        replace(roads, reference_pattern="SR-[0-9A-Z]{4}-[0-9A-Z]{4}"),
        replace(environment, reference_pattern="26-[0-9]{8}"),
    )
    for form in ("json", "xml"):
        two.environment.answers[f"GET requests/26-00000001.{form}"] = down
    stage = Stage(replace(stage.context, backends=desks), FakeBackend())
    said = await stage.run("action_status", "status of 26-00000001", "ask_status", reference="26-00000001")
    assert responses(said) == ["utter_status_unavailable"]
    assert said[0]["reply"]["variables"] == {"reference": "26-00000001"}
