"""How long it takes: right after a report its own service's days, otherwise the table."""

from typing import Any

import pytest

from tests.support.stage import OWN, Stage, responses

REPORT = {
    "id": "11111111-1111-4111-8111-111111111111",
    "state": "filed",
    "reference": OWN,
    "backend": "requests",
    "service_code": "pothole",
    "description": "A deep hole",
    "address": "5 Mill Lane",
    "at": "2026-11-22T16:55:00+00:00",
    "here": True,
}
NOW = "2026-11-22T17:00:00+00:00"


async def asked(stage: Stage, now: str = NOW, **entities: Any) -> list[str]:
    stage.metadata = {"own_reports": [REPORT], "now": now}
    return responses(
        await stage.run("action_expected", "when will it be fixed?", "report_duration", **entities)
    )


async def test_right_after_a_report_its_own_days(stage: Stage) -> None:
    assert await asked(stage) == ["utter_expected_days"]
    variables = stage.events[-1]["data"]["custom"]["reply"]["variables"]
    assert variables["days"] == 10 and OWN in variables["report"]


async def test_crews_that_work_every_day_promise_days(stage: Stage) -> None:
    stage.metadata = {"own_reports": [{**REPORT, "service_code": "water_leak"}], "now": NOW}
    said = await stage.run("action_expected", "when will it be fixed?", "report_duration")
    assert responses(said) == ["utter_expected_day_all"]


@pytest.mark.parametrize("state", ["filing", "filed"])
async def test_without_a_number_yet(stage: Stage, state: str) -> None:
    stage.metadata = {"own_reports": [{**REPORT, "reference": None, "state": state}], "now": NOW}
    said = await stage.run("action_expected", "when will it be fixed?", "report_duration")
    assert responses(said) == ["utter_expected_days"]


async def test_otherwise_the_table(stage: Stage) -> None:
    assert await asked(stage, "2026-11-23T17:00:00+00:00") == ["report_duration"]
    assert await asked(stage, service="graffiti") == ["report_duration"]
    assert await asked(stage, service="pothole") == ["utter_expected_days"]
    stage.loop = {"name": "report_form"}
    assert await asked(stage) == ["report_duration"]
    stage.loop, stage.metadata = {}, {}
    said = await stage.run("action_expected", "how long do repairs take?", "report_duration")
    assert responses(said) == ["report_duration"]
