"""A number or a title, typed where buttons are shown, presses that button; a house number does not."""

from collections.abc import Sequence
from typing import Any

import pytest

from desk.turns.choice import names_title, number_counts
from tests.support.desk import Desk
from tests.support.fake_bot import says


def offer(title: str, intent: str, **entities: Any) -> dict[str, Any]:
    return {"title": title, "key": None, "intent": intent, "entities": entities}


CHOICES = [
    offer("At the kerb", "choose_option", option="kerb"),
    offer("In a yard", "choose_option", option="yard"),
    offer("Do not report it", "stop"),
]
WAY_OUT = [offer("I do not know", "skip"), offer("Do not report it", "stop")]


async def _asked(
    desk: Desk, buttons: list[dict[str, Any]], text: str, before: Sequence[dict[str, Any]] = ()
) -> dict[str, Any]:
    first = [{"text": "Look there.", "buttons": list(before)}] if before else []
    desk.bot.behaviour = says(*first, {"text": "Where?", "buttons": buttons})
    contact = await desk.contact()
    async with desk.working():
        await desk.send(contact, "hello")
        await desk.settled(contact)
        await desk.send(contact, text)
        await desk.settled(contact)
    return desk.bot.asked[-1]


@pytest.mark.parametrize(
    "text", ["2", "two", "the second one", "el segundo", "la deuxième", "2️⃣", "in a yard", "In a yard."]
)
async def test_a_choice_is_pressed(desk: Desk, text: str) -> None:
    asked = await _asked(desk, CHOICES, text)
    assert (asked["kind"], asked["intent"], asked["entities"]) == (
        "payload",
        "choose_option",
        {"option": "yard"},
    )


@pytest.mark.parametrize("text", ["4", "2 Market Square", "12", "two sofas", "somewhere else"])
async def test_what_is_no_choice_stays_text(desk: Desk, text: str) -> None:
    asked = await _asked(desk, CHOICES, text)
    assert (asked["kind"], asked["text"]) == ("text", text)


@pytest.mark.parametrize(
    ("text", "intent"), [("2", "choose_option"), ("Rent help", "ask_rent"), ("rent help.", "ask_rent")]
)
async def test_of_two_lists_in_one_turn_the_earlier_is_chosen_from_by_title(
    desk: Desk, text: str, intent: str
) -> None:
    before = [offer("Emergency shelter", "ask_shelter"), offer("Rent help", "ask_rent")]
    asked = await _asked(desk, CHOICES, text, before)
    assert (asked["kind"], asked["intent"]) == ("payload", intent)


async def test_a_number_under_a_free_question_is_its_answer(desk: Desk) -> None:
    asked = await _asked(desk, WAY_OUT, "2")
    assert (asked["kind"], asked["text"]) == ("text", "2")


async def test_the_title_of_a_way_out_presses_it(desk: Desk) -> None:
    asked = await _asked(desk, WAY_OUT, "do not report it")
    assert (asked["kind"], asked["intent"]) == ("payload", "stop")


def test_where_buttons_are_shown_as_numbers_only_giving_up_needs_its_words() -> None:
    assert number_counts("skip", ["skip", "stop"], numbered=True)
    assert not number_counts("stop", ["skip", "stop"], numbered=True)
    assert not number_counts("skip", ["skip", "stop"], numbered=False)
    assert number_counts("stop", ["affirm", "correct", "stop"], numbered=False)


def test_a_title_with_its_number() -> None:
    assert names_title("2. In a yard", "In a yard") and names_title("IN A YARD!", "In a yard")
    assert not names_title("2", "In a yard") and not names_title("yard", "In a yard")
