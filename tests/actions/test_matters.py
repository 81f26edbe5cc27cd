"""Reports that wait, details given early, corrections that adapt the description, and going back."""

from typing import Any

import pytest

from actions.report.draft import Draft
from actions.report.queue import MOST_WAITING
from actions.report.retelling import retell
from actions.report.swap import swap_number
from actions.report.told import take_details
from tests.support.stage import Stage, directives, responses

FORM = "validate_report_form"
PHOTO = "6f9619ff-8b86-d011-b42d-00cf4fc964ff"


def matter(text: str, service: str, address: str) -> dict[str, Any]:
    return {
        "text": text,
        "service": service,
        "entities": [{"entity": "service", "value": service}, {"entity": "address", "value": address}],
    }


HOLE = matter("a deep pothole at 12 Mill Lane", "pothole", "12 Mill Lane")
LAMP = matter("a broken street light at 3 Elm Street", "street_light", "3 Elm Street")


async def begin(stage: Stage, *matters: dict[str, Any]) -> list[dict[str, Any]]:
    stage.loop = {"name": "report_form"}
    stage.extra = {"matters": list(matters), "own": False}
    said = await stage.run(FORM, str(matters[0]["text"]), "report_problem")
    stage.extra = {}
    return said


async def test_the_second_waits_and_comes_next(stage: Stage) -> None:
    said = await begin(stage, HOLE, LAMP)
    assert responses(said) == ["utter_report_begun", "utter_report_noted", "utter_ask_report_photo"]
    await stage.run(FORM, intent="share_photo", media=[PHOTO])
    await stage.run(FORM, intent="skip")
    await stage.run(FORM, "yes", "affirm")
    said = await stage.run("action_submit_report", "yes", "affirm")
    assert responses(said) == ["utter_report_sending", "utter_report_next"]
    (filed,) = directives(said)
    assert (filed["service_code"], filed["address"], filed["media"]) == ("pothole", "12 Mill Lane", [PHOTO])
    assert filed["description"] == HOLE["text"]
    assert stage.loop == {"name": "report_form"}
    assert (stage.slots["draft_service"], stage.slots["draft_description"]) == ("street_light", LAMP["text"])
    assert stage.slots["draft_media"] is None
    assert stage.slots["report_queue"] is None


async def test_a_report_that_waits_is_not_noted_twice(stage: Stage) -> None:
    await begin(stage, HOLE, LAMP)
    stage.extra = {"matters": [LAMP], "own": False}
    said = await stage.run(FORM, str(LAMP["text"]), "report_problem")
    assert responses(said) == ["utter_ask_report_photo"]
    assert len(stage.slots["report_queue"]) == 1


async def test_what_is_too_much_is_said(stage: Stage) -> None:
    many = [matter(f"graffiti at {n} Elm Street", "graffiti", f"{n} Elm Street") for n in range(2, 10)]
    said = await begin(stage, HOLE, *many)
    assert "utter_report_queue_full" in responses(said)
    assert len(stage.slots["report_queue"]) == MOST_WAITING


async def test_the_answer_to_the_form_and_another_report(stage: Stage) -> None:
    stage.loop = {"name": "report_form"}
    await stage.run(FORM, "I want to report a pothole", "report_problem", service="pothole")
    await stage.run(FORM, "it is deep and full of water", "report_detail")
    stage.extra = {"matters": [LAMP], "own": True}
    said = await stage.run(FORM, "12 Mill Lane", address="12 Mill Lane")
    assert responses(said) == ["utter_report_noted", "utter_ask_report_photo"]
    assert stage.slots["draft_location"] == {"address": "12 Mill Lane"}
    assert stage.slots["draft_description"] == "it is deep and full of water"


async def test_stop_keeps_what_waits_until_it_is_dropped_too(stage: Stage) -> None:
    await begin(stage, HOLE, LAMP)
    said = await stage.run("action_stop", "stop", "stop")
    assert responses(said) == ["utter_report_one_stopped", "utter_report_rest"]
    assert stage.loop == {}
    said = await stage.run("action_continue_report", "continue", "continue_report")
    assert responses(said) == ["utter_report_next"]
    assert stage.slots["draft_service"] == "street_light"
    await stage.run("action_stop", "stop", "stop")
    assert responses(await stage.run("action_continue_report")) == ["utter_report_none_waiting"]


async def test_cancel_everything(stage: Stage) -> None:
    await begin(stage, HOLE, LAMP)
    said = await stage.run("action_stop", "cancel everything", "stop")
    assert responses(said) == ["utter_report_all_stopped"]
    assert stage.slots["report_queue"] is None


async def test_undo_goes_back_one_answer_at_a_time(stage: Stage) -> None:
    await begin(stage, HOLE)
    await stage.run(FORM, intent="skip")
    await stage.run(FORM, "jo@example.org")
    assert stage.slots["requested_slot"] == "draft_confirm"
    assert responses(await stage.run(FORM, "undo", "undo")) == [
        "utter_report_taken_back",
        "utter_ask_report_contact",
    ]
    assert stage.slots["draft_contact"] is None
    await stage.run(FORM, "undo", "undo")
    assert stage.slots["requested_slot"] == "draft_photo"
    assert responses(await stage.run(FORM, "undo", "undo")) == [
        "utter_report_first_question",
        "utter_ask_report_photo",
    ]


async def test_a_pause_asks_nothing(stage: Stage) -> None:
    await begin(stage, HOLE)
    assert responses(await stage.run(FORM, "wait", "pause")) == ["utter_report_paused"]
    assert stage.slots["requested_slot"] == "draft_photo"


async def test_details_in_the_slot_are_taken_and_not_asked_for(stage: Stage) -> None:
    stage.slots["told_details"] = {"email": "jo@example.org", "name": "Jo", "unit": "flat 3"}
    await begin(stage, HOLE)
    said = await stage.run(FORM, intent="skip")
    assert responses(said) == ["utter_report_summary"]
    variables = said[-1]["reply"]["variables"]
    assert (variables["contact"], variables["location"]) == ("Jo, jo@example.org", "12 Mill Lane, flat 3")
    assert stage.slots["told_details"] is None
    await stage.run(FORM, "yes", "affirm")
    (filed,) = directives(await stage.run("action_submit_report", "yes", "affirm"))
    assert (filed["email"], filed["name"], filed["address"]) == (
        "jo@example.org",
        "Jo",
        "12 Mill Lane, flat 3",
    )
    assert filed["description"] == HOLE["text"]


def test_what_is_told_later_replaces_what_was_told_before() -> None:
    known = take_details(Draft(), {"email": "a@example.org", "name": "Ana"})
    assert take_details(known, {"phone": "555 123 4567"}).contact == {
        "wish": "phone",
        "value": "555 123 4567",
    }
    hidden = take_details(known, {"anonymous": True, "name": "Ana"})
    assert (hidden.contact, hidden.name) == ({"wish": "none", "value": None}, None)


@pytest.mark.parametrize(
    ("language", "text", "address"),
    [
        ("en", "the number is 7 not 12", "7 Elm Street"),
        ("en", "not 12 but 7", "7 Elm Street"),
        ("en", "7 instead of 12", "7 Elm Street"),
        ("en", "it is number 7", "7 Elm Street"),
        ("es", "el número es 7 y no 12", "7 Elm Street"),
        ("es", "no es el 12 sino el 7", "7 Elm Street"),
        ("es", "7 en vez de 12", "7 Elm Street"),
        ("fr", "c'est le 7 et pas le 12", "7 Elm Street"),
        ("fr", "pas le 12 mais le 7", "7 Elm Street"),
        ("fr", "le 7 au lieu du 12", "7 Elm Street"),
        ("en", "7 not 13", None),
        ("en", "no number at all", None),
    ],
)
def test_the_right_number_takes_the_place_of_the_wrong_one(
    language: str, text: str, address: str | None
) -> None:
    draft = swap_number(text, language, Draft(service="pothole", location={"address": "12 Elm Street"}))
    assert (draft.location or {}).get("address") == address if draft else address is None


def test_the_words_follow_a_corrected_place(stage: Stage) -> None:
    services = stage.context.services
    before = Draft(
        service="pothole", description="a hole at 12 Elm Street", location={"address": "12 Elm Street"}
    )
    moved = Draft(service="pothole", description=before.description, location={"address": "5 Oak Street"})
    assert retell(before, moved, services).description == "a hole at 5 Oak Street"
    told = Draft(
        service="pothole", description="a hole, Elm Street is closed", location={"address": "12 Elm Street"}
    )
    moved = Draft(service="pothole", description=told.description, location={"address": "5 Oak Street"})
    assert retell(told, moved, services).description is None


def test_words_that_name_the_old_service_are_asked_for_again(stage: Stage) -> None:
    services = stage.context.services
    before = Draft(service="pothole", description="a deep pothole")
    assert (
        retell(before, Draft(service="graffiti", description="a deep pothole"), services).description is None
    )
    plain = Draft(service="pothole", description="it is ugly")
    changed = retell(plain, Draft(service="graffiti", description="it is ugly"), services)
    assert changed.description == "it is ugly"


def test_what_was_taken_back_is_remembered_until_there_is_something_new(stage: Stage) -> None:
    services = stage.context.services
    before = Draft(
        service="pothole",
        description="a deep pothole at 12 Elm Street",
        location={"address": "12 Elm Street"},
    )
    reopened = retell(before, Draft(service="pothole", description=before.description), services)
    assert reopened.description == before.description
    placed = Draft(
        service="pothole",
        description=before.description,
        location={"address": "5 Oak Street"},
        was=reopened.was,
    )
    assert retell(reopened, placed, services).description == "a deep pothole at 5 Oak Street"


@pytest.mark.parametrize(
    ("wish", "services"),
    [
        ("do the street light first", ["street_light"]), ("the lamp first please", ["street_light"]),
        ("please take the light first", []), ("do the second first", []), ("the last one first", []), ("the other first", []),
        ("primero la farola por favor", []), ("el segundo primero", []), ("empiece por la otra", []),
        ("d'abord le lampadaire", []), ("commencez par le deuxième", []), ("le dernier d'abord svp", []),
    ],
)  # fmt: skip
async def test_the_message_itself_says_which_comes_first(
    stage: Stage, wish: str, services: list[str]
) -> None:
    words = "a broken street light (farola, lampadaire) at 3 Elm Street"
    stage.loop = {"name": "report_form"}
    lamp = {**LAMP, "text": words}
    stage.extra = {"matters": [HOLE, lamp], "own": False, "order": {"text": wish, "services": services}}
    said = await stage.run(FORM, str(HOLE["text"]), "report_problem")
    assert responses(said) == ["utter_report_begun", "utter_report_noted", "utter_ask_report_photo"]
    assert (stage.slots["draft_service"], stage.slots["draft_description"]) == ("street_light", words)
    (waiting,) = stage.slots["report_queue"]
    assert (waiting["service"], waiting["description"]) == ("pothole", HOLE["text"])


async def test_the_report_that_is_noted_may_come_first(stage: Stage) -> None:
    await begin(stage, HOLE)
    stage.extra = {"matters": [LAMP], "own": False, "order": {"text": "The light first", "services": []}}
    said = await stage.run(FORM, f"also {LAMP['text']}", "report_problem")
    assert responses(said) == ["utter_report_next", "utter_ask_report_photo"]
    assert (stage.slots["draft_service"], stage.slots["draft_description"]) == ("street_light", LAMP["text"])
    assert [one["service"] for one in stage.slots["report_queue"]] == ["pothole"]


@pytest.mark.parametrize(
    "words",
    [
        "first I saw it last week",
        "safety first",
        "it broke first",
        "do the fifth first",
        "start with anything",
    ],
)
async def test_words_about_no_report_change_no_order_and_are_kept(stage: Stage, words: str) -> None:
    stage.loop = {"name": "report_form"}
    stage.extra = {"matters": [HOLE, LAMP], "own": False, "order": {"text": words, "services": []}}
    await stage.run(FORM, str(HOLE["text"]), "report_problem")
    assert stage.slots["draft_service"] == "pothole"
    assert stage.slots["draft_description"] == f"{words}, {HOLE['text']}"
    assert stage.slots["report_queue"][0]["description"] == LAMP["text"]


async def test_going_back_after_a_change_of_order_loses_no_report(stage: Stage) -> None:
    await begin(stage, HOLE, LAMP)
    stage.extra = {}
    await stage.run(FORM, intent="skip")
    await stage.run(FORM, "the street light first", "street_lights", service="street_light")
    said = await stage.run(FORM, "undo", "undo")
    assert responses(said) == ["utter_report_first_question", "utter_ask_report_photo"]
    assert stage.slots["draft_service"] == "street_light"
    assert [one["service"] for one in stage.slots["report_queue"]] == ["pothole"]
