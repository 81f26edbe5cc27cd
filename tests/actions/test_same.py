"""Open requests near the place of a report: what is shown, what an answer means, and what a silent back end does."""

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest

from backends.base import BackendUnavailable, NearbyRequest
from tests.support.stage import FakeBackend, Stage, directives, responses

FORM = "validate_report_form"
METADATA = {"now": "2026-11-22T12:00:00-05:00"}


class Knowing(FakeBackend):
    """Has one open pothole, 12 m from wherever it is asked about."""

    def __init__(self) -> None:
        super().__init__()
        self.places: list[tuple[str, float, float, float]] = []

    async def nearby(
        self, service_code: str, latitude: float, longitude: float, metres: float
    ) -> list[NearbyRequest]:
        self.places.append((service_code, latitude, longitude, metres))
        await self._suffer()
        return [NearbyRequest("SR-0TH3-R000", 12.0, datetime(2026, 11, 20, 17, tzinfo=UTC))]


@pytest.fixture
def backend() -> FakeBackend:
    return Knowing()


async def _report(stage: Stage, text: str = "deep pothole by 12 Elm Street", **entities: Any) -> list[str]:
    stage.loop = {"name": "report_form"}
    stage.metadata = {**METADATA, **stage.metadata}
    told = {"service": "pothole", "address": "12 Elm Street", **entities}
    return responses(await stage.run(FORM, text, "report_problem", **told))


async def test_it_is_asked_once_for_a_place(stage: Stage, backend: Knowing) -> None:
    assert (await _report(stage))[-1] == "utter_ask_report_same"
    assert [(code, metres) for code, _, _, metres in backend.places] == [("pothole", 50)]
    assert responses(await stage.run(FORM, "no, it is new", "deny"))[-1] == "utter_ask_report_photo"
    await stage.run(FORM, intent="skip")
    assert len(backend.places) == 1
    said = await stage.run(FORM, "change it to 80 Elm Street", "correct", address="80 Elm Street")
    assert responses(said)[-1] == "utter_ask_report_same", "another place, another question"


async def test_a_back_end_that_fails_keeps_nobody_from_filing(stage: Stage, backend: Knowing) -> None:
    async def down() -> None:
        raise BackendUnavailable("503")

    backend.trouble = down
    assert (await _report(stage))[-1] == "utter_ask_report_photo"


async def test_what_people_have_at_home_is_shown_to_nobody(stage: Stage, backend: Knowing) -> None:
    await _report(stage, "my bin was not emptied at 12 Elm Street", service="missed_bin")
    assert backend.places == []


async def test_a_confirmed_one_is_filed_with_the_point_of_its_address(stage: Stage, backend: Knowing) -> None:
    await _report(stage)
    for text, intent in (("no", "deny"), ("", "skip"), ("", "skip"), ("yes", "affirm")):
        await stage.run(FORM, text, intent)
    (filed,) = directives(await stage.run("action_submit_report"))
    assert filed["address"] == "12 Elm Street"
    assert (filed["latitude"], filed["longitude"]) == backend.places[0][1:3]


async def test_a_number_that_was_not_shown_is_not_followed(stage: Stage) -> None:
    await _report(stage)
    said = await stage.run(FORM, intent="choose_option", option="SR-N0T1-SH0W")
    assert responses(said) == ["utter_ask_report_same"]
    await stage.run(FORM, intent="choose_option", option="SR-0TH3-R000")
    said = await stage.run("action_submit_report")
    assert [(one["type"], one["reference"]) for one in directives(said)] == [
        ("follow_request", "SR-0TH3-R000")
    ]


async def test_own_reports_are_compared_by_their_position(stage: Stage, backend: Knowing) -> None:
    here = {"latitude": 41.0539, "longitude": -73.5176}
    own = {"id": "1" * 8, "state": "filed", "service_code": "pothole", "status": "open"}
    stage.metadata = {"own_reports": [{**own, "at": "2026-11-20T12:00:00-05:00", "address": "a", **here}]}
    assert (await _report(stage, "a very deep pothole in the road", address="20 Cedar Street"))[
        -1
    ] == "utter_ask_report_same_own"
    stage.slots.clear()
    closed = {**own, "status": "closed", "at": "2026-11-20T12:00:00-05:00", **here}
    stage.metadata = {"own_reports": [closed]}
    assert (await _report(stage, "a very deep pothole in the road", address="20 Cedar Street"))[
        -1
    ] == "utter_ask_report_same"


async def test_a_shared_position_is_named_by_the_geocoder_once(stage: Stage) -> None:
    class Naming:
        asked = 0

        async def find(self, text: str) -> None:
            return None

        async def address_at(self, latitude: float, longitude: float) -> str:
            self.asked += 1
            return "3 Harbour Walk"

    naming = Naming()
    stage = Stage(replace(stage.context, geocoder=naming), stage.backend)
    stage.loop = {"name": "report_form"}
    stage.metadata = METADATA
    await stage.run(FORM, "the street light here is dark all night", "report_problem", service="street_light")
    said = await stage.run(FORM, intent="share_location", latitude=40.61, longitude=-73.91)
    assert responses(said)[-1] == "utter_ask_report_location_address"
    assert stage.slots["draft_pin"]["address"] == "3 Harbour Walk" and naming.asked == 1
