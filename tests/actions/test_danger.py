"""Somebody is in danger: what is said, whom to call, and a person urgently."""

import pytest

from actions.talk.danger import KINDS
from tests.support.stage import Stage, directives, responses


@pytest.mark.parametrize("kind", sorted(KINDS))
async def test_each_kind_has_its_words_and_is_urgent(stage: Stage, kind: str) -> None:
    stage.metadata = {"urgency": kind}
    said = await stage.run("action_emergency", "help, it happens now", "emergencies")
    assert responses(said) == [f"utter_danger_{kind}"]
    (directive,) = directives(said)
    assert (directive["reason"], directive["urgency"]) == ("distress", kind)
    assert "it happens now" in directive["summary"]


async def test_the_line_of_the_city_is_named_where_there_is_one(stage: Stage) -> None:
    stage.slots["language"] = "es"
    stage.metadata = {"urgency": "suicide"}
    said = await stage.run("action_distress", "quiero morir", "distress")
    assert said[0]["reply"]["variables"]["line"] == " Ayuda de día y de noche: 988."
    stage.metadata = {"urgency": "fire"}
    said = await stage.run("action_emergency", "hay fuego", "emergencies")
    assert said[0]["reply"]["variables"]["line"] == ""


async def test_a_question_about_emergencies_brings_nobody(stage: Stage) -> None:
    said = await stage.run("action_emergency", "what is the number of the fire brigade?", "emergencies")
    assert responses(said) == ["emergencies"] and directives(said) == []


async def test_danger_told_earlier_counts_when_a_person_is_asked_for(stage: Stage) -> None:
    stage.metadata = {"urgency": "missing"}
    await stage.run("action_emergency", "my child is missing", "emergencies")
    stage.metadata = {}
    assert responses(await stage.run("action_help", "help", "what_can_you_do")) == ["utter_distress_perhaps"]
    said = await stage.run("action_handoff", "I want a person", "talk_to_person")
    assert responses(said) == ["utter_distress"]
    assert (directives(said)[0]["reason"], directives(said)[0]["urgency"]) == ("distress", "missing")


async def test_help_without_danger_is_the_menu(stage: Stage) -> None:
    assert responses(await stage.run("action_help", "help", "what_can_you_do")) == ["utter_what_can_you_do"]


async def test_a_draft_that_is_interrupted_by_danger_is_in_the_summary(stage: Stage) -> None:
    stage.loop = {"name": "report_form"}
    await stage.run(
        "validate_report_form",
        "deep pothole right by 12 Elm Street",
        "report_problem",
        service="pothole",
        address="12 Elm Street",
    )
    stage.metadata = {"urgency": "medical"}
    text = "a cyclist fell into it and is bleeding"
    assert await stage.run("validate_report_form", text, "emergencies", 1.0) == []
    stage.returning = True
    said = await stage.run("action_emergency", text, "emergencies", 1.0)
    assert "12 Elm Street" in directives(said)[0]["summary"] and stage.loop == {}
