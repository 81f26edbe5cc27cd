"""The report form: what a message does to the draft, and that a report is filed once."""

from typing import Any

import pytest

from actions.report.answers.progress import progress
from actions.report.correction import reopen
from actions.report.draft import CONFIRM, QUESTION, Draft, next_step
from actions.report.step import Step
from actions.services import Asked
from backends.base import Question, Service
from tests.support.stage import Stage, directives, down, responses

FORM = "validate_report_form"


async def _begin(stage: Stage) -> None:
    stage.loop = {"name": "report_form"}
    await stage.run(
        FORM,
        "deep pothole right by 12 Elm Street",
        "report_problem",
        service="pothole",
        address="12 Elm Street",
    )
    assert stage.slots["requested_slot"] == "draft_photo"


async def test_what_is_told_first_is_not_asked_again(stage: Stage) -> None:
    await _begin(stage)
    assert stage.slots["draft_service"] == "pothole"
    assert stage.slots["draft_location"] == {"address": "12 Elm Street"}
    assert stage.slots["draft_description"] == "deep pothole right by 12 Elm Street"


async def test_a_bare_wish_to_report_is_no_description(stage: Stage) -> None:
    stage.loop = {"name": "report_form"}
    said = await stage.run(FORM, "I want to report a pothole", "report_problem", service="pothole")
    assert responses(said) == ["utter_report_begun", "utter_ask_report_description"]


async def test_a_confirmed_report_is_filed_once(stage: Stage) -> None:
    await _begin(stage)
    await stage.run(FORM, intent="skip")
    assert responses(await stage.run(FORM, "jo@example.com")) == ["utter_report_summary"]
    assert responses(await stage.run(FORM, "yes", "affirm")) == []
    assert stage.slots["requested_slot"] is None
    filed = directives(await stage.run("action_submit_report", "yes", "affirm"))
    assert [one["type"] for one in filed] == ["file_request"]
    assert filed[0]["email"] == "jo@example.com"
    again = await stage.run("action_submit_report", "yes", "affirm")
    assert directives(again) == []
    assert not any(value for name, value in stage.slots.items() if name.startswith("draft_"))


async def test_each_question_says_how_far_the_report_is_and_the_last_one_what_was_answered(
    stage: Stage,
) -> None:
    stage.loop = {"name": "report_form"}
    said = await stage.run(FORM, "I want to report a pothole", "report_problem", service="pothole")
    first = said[-1]["reply"]["report"]
    assert (first["step"], first["paused"], first["answers"]) == (2, False, [])
    await stage.run(FORM, "It is deep and very wide")
    await stage.run(FORM, "12 Elm Street", address="12 Elm Street")
    assert (await stage.run(FORM, intent="pause"))[-1]["reply"]["report"]["paused"]
    await stage.run(FORM, intent="skip")
    said = await stage.run(FORM, "jo@example.com")
    report = said[-1]["reply"]["report"]
    assert report["step"] == report["steps"] == first["steps"]
    told = {one["part"]: one["text"] for one in report["answers"]}
    assert list(told) == ["service", "description", "location", "photo", "contact"]
    assert told["location"] == "12 Elm Street" and told["contact"] == "jo@example.com"
    said = await stage.run(FORM, intent="correct", part="location")
    again = said[-1]["reply"]["report"]
    assert again["step"] == 3 and again["answers"] == [], "only this answer is asked again"
    said = await stage.run(FORM, "14 Elm Street", address="14 Elm Street")
    assert {one["part"]: one["text"] for one in said[-1]["reply"]["report"]["answers"]} == {
        **told,
        "location": "14 Elm Street",
    }


async def test_a_services_own_question_is_answered_again(stage: Stage) -> None:
    asked = Asked("depth", "How deep is it?", "singlevaluelist", (("a", "Shallow"), ("b", "Deep")))
    draft = Draft(
        service="pothole",
        description="A hole",
        location={"address": "12 Elm Street"},
        answers={"depth": ["b"]},
    )
    values = dict.fromkeys(("service", "description", "location", "photos", "contact"), "x")
    shown = progress(CONFIRM, Step(draft), [asked], values, photos=False, language="en")
    assert shown["answers"][3:] == [
        {"part": "depth", "title": "How deep is it?", "text": "Deep"},
        {"part": "contact", "text": "x"},
    ]
    opened = reopen(draft, "depth")
    assert next_step(opened, [asked], photos=False) == QUESTION
    assert progress(QUESTION, Step(opened), [asked], values, photos=False, language="en")["step"] == 4


async def test_no_contact_data_is_filed_where_none_was_wished(stage: Stage) -> None:
    stage.metadata = {"contact": {"email": "known@example.com", "name": "Jo"}}
    await _begin(stage)
    await stage.run(FORM, intent="skip")
    await stage.run(FORM, intent="skip")
    await stage.run(FORM, "yes", "affirm")
    filed = directives(await stage.run("action_submit_report"))[0]
    assert not {"email", "phone", "name"} & set(filed)


@pytest.mark.parametrize(
    ("text", "intent", "entities", "field", "value"),
    [
        (
            "actually it is Oak Street 5",
            "nlu_fallback",
            {"address": "5 Oak Street"},
            "draft_location",
            {"address": "5 Oak Street"},
        ),
        ("no, the other street", "correct", {}, "draft_location", None),
        ("not a pothole, graffiti", "correct", {"service": "graffiti"}, "draft_service", "graffiti"),
        ("change the description", "correct", {}, "draft_description", None),
        ("", "correct", {"part": "location"}, "draft_location", None),
    ],
)
async def test_a_correction_in_the_middle(
    stage: Stage, text: str, intent: str, entities: dict[str, Any], field: str, value: Any
) -> None:
    await _begin(stage)
    await stage.run(FORM, text, intent, **entities)
    assert stage.slots[field] == value


@pytest.mark.parametrize(
    ("text", "intent", "confidence"),
    [
        ("how long does that take?", "report_duration", 0.7),
        ("I want to talk to a person", "talk_to_person", 0.6),
        ("forget it", "stop", 0.9),
        ("you idiot", "insult", 0.8),
    ],
)
async def test_free_text_does_not_swallow_what_is_no_answer(
    stage: Stage, text: str, intent: str, confidence: float
) -> None:
    stage.loop = {"name": "report_form"}
    await stage.run(FORM, "I want to report a pothole", "report_problem", service="pothole")
    before = dict(stage.slots)
    assert await stage.run(FORM, text, intent, confidence) == []
    assert stage.slots == before


@pytest.mark.parametrize(
    ("text", "intent"),
    [
        ("the lamps on this street are dark since we had the storm", "street_lights"),
        ("hello, it is deep and full of water and dangerous", "greet"),
        ("this damn hole is as deep as a bucket and eats tyres", "insult"),
    ],
)
async def test_a_description_is_kept_whatever_it_was_taken_for(stage: Stage, text: str, intent: str) -> None:
    stage.loop = {"name": "report_form"}
    await stage.run(FORM, "I want to report a pothole", "report_problem", service="pothole")
    await stage.run(FORM, text, intent)
    assert stage.slots["draft_description"] == text


async def test_after_a_digression_the_question_comes_again_and_nothing_is_processed_twice(
    stage: Stage,
) -> None:
    await _begin(stage)
    assert await stage.run(FORM, "how long?", "report_duration") == []
    before = dict(stage.slots)
    stage.events.append({"event": "action_execution_rejected", "name": "report_form"})
    stage.events.append({"event": "action", "name": "utter_report_duration"})
    stage.returning = True
    said = await stage.run(FORM, "how long?", "report_duration")
    assert responses(said) == ["utter_ask_report_photo"]
    assert stage.slots == before


async def test_a_question_only_the_back_end_has_is_asked(stage: Stage, a_question: Question) -> None:
    stage.backend.offered = [Service("pothole", "Pothole", "", None, "realtime", (a_question,))]
    stage.loop = {"name": "report_form"}
    said = await stage.run(
        FORM,
        "deep pothole right by 12 Elm Street",
        "report_problem",
        service="pothole",
        address="12 Elm Street",
    )
    assert said[-1]["reply"]["variables"] == {"question": "Which lane"}
    await stage.run(FORM, "the left one")
    assert stage.slots["draft_answers"] == {"lane": ["the left one"]}


async def test_a_back_end_that_is_down_does_not_stop_a_report(stage: Stage) -> None:
    stage.backend.trouble = down
    await _begin(stage)


async def test_stop_empties_the_draft(stage: Stage) -> None:
    await _begin(stage)
    assert responses(await stage.run("action_stop", "stop", "stop")) == ["utter_report_stopped"]
    assert stage.loop == {}
    assert not any(value for name, value in stage.slots.items() if name.startswith("draft_"))


@pytest.mark.parametrize("wrong", ["jo@@example", "jo@", "12345", "jo@example"])
async def test_a_wrong_address_is_asked_again(stage: Stage, wrong: str) -> None:
    await _begin(stage)
    await stage.run(FORM, intent="skip")
    assert responses(await stage.run(FORM, wrong)) == ["utter_report_contact_invalid"]
    assert not stage.slots["draft_contact"]


async def test_an_e_mail_wished_without_its_address(stage: Stage) -> None:
    await _begin(stage)
    await stage.run(FORM, intent="skip")
    assert responses(await stage.run(FORM, "by e-mail")) == ["utter_report_contact_email"]
    assert responses(await stage.run(FORM, "Jo@Example.com")) == ["utter_report_summary"]
    assert stage.slots["draft_contact"] == {"wish": "email", "value": "jo@example.com"}


async def test_photos_are_kept_once_and_few(stage: Stage) -> None:
    await _begin(stage)
    await stage.run(FORM, intent="share_photo", media=["a", "b", "a", "c", "d", "e", "f"])
    assert stage.slots["draft_media"] == ["a", "b", "c", "d", "e"]


async def test_an_address_does_not_change_the_language(stage: Stage) -> None:
    stage.loop = {"name": "report_form"}
    stage.slots["language"] = "fr"
    stage.metadata = {"language": "fr"}
    await stage.run(FORM, "je veux signaler un nid-de-poule", "report_problem", service="pothole")
    await stage.run(FORM, "il est profond et plein d'eau")
    stage.slots["language"] = "en"  # what the bot made of "12 Elm Street"
    await stage.run(FORM, "12 Elm Street", address="12 Elm Street")
    assert stage.slots["language"] == "fr"


async def test_words_of_another_language_change_it(stage: Stage) -> None:
    await _begin(stage)
    stage.metadata = {"language": "en"}
    stage.slots["language"] = "fr"
    await stage.run(FORM, "je n'ai pas de photo ici", "skip")
    assert stage.slots["language"] == "fr"


@pytest.mark.parametrize(
    ("intent", "confidence"), [("report_problem", 0.9), ("report_detail", 0.9), ("emergencies", 0.8)]
)
async def test_more_about_the_problem_joins_the_description(
    stage: Stage, intent: str, confidence: float
) -> None:
    await _begin(stage)
    said = await stage.run(FORM, "es muy profundo y peligroso", intent, confidence)
    assert responses(said) == ["utter_report_added", "utter_ask_report_photo"]
    assert stage.slots["draft_description"].endswith("12 Elm Street\nes muy profundo y peligroso")


async def test_a_description_at_the_question_where_is_no_address(stage: Stage) -> None:
    stage.loop = {"name": "report_form"}
    await stage.run(FORM, "a deep pothole full of water", "report_problem", service="pothole")
    stage.metadata = {"ranking": [("emergencies", 0.8)]}
    said = await stage.run(FORM, "it is very deep and dangerous", "emergencies", 0.8)
    assert responses(said) == ["utter_report_added", "utter_ask_report_location"]
    assert stage.slots["draft_location"] is None


async def test_a_sure_emergency_leaves_the_report(stage: Stage) -> None:
    await _begin(stage)
    assert await stage.run(FORM, "there is a fire in my house", "emergencies", 0.97) == []


async def test_an_urgent_problem_gets_the_emergency_number(stage: Stage) -> None:
    stage.loop = {"name": "report_form"}
    said = await stage.run(FORM, "a burst pipe floods the road", "report_problem", service="water_leak")
    assert responses(said)[:2] == ["utter_report_begun", "utter_report_urgent"]
