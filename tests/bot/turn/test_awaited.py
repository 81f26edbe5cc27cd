"""After "which street?", a street is the answer; anything else is read as usual."""

from typing import Any

import pytest

from bot.turn.awaited import as_place

WAITS = {"lookup": "bin_day"}


def parse(
    text: str, intent: str, *entities: str, question: bool = False, alarm: bool = False
) -> dict[str, Any]:
    return {
        "text": text,
        "intent": {"name": intent, "confidence": 0.9},
        "entities": [{"entity": name, "value": "x"} for name in entities],
        "question": question,
        "alarm": alarm,
        "reason": "unsure" if intent == "nlu_fallback" else None,
    }


@pytest.mark.parametrize(
    "said",
    [
        parse("12 Mill Lane", "report_problem", "street", "address"),
        parse("Mill Lane", "nlu_fallback", "street"),
        parse("I live on Mill Lane", "moving_here", "street"),
        parse("Foobar Street", "nlu_fallback"),
        parse("en la calle Foo", "report_detail"),
    ],
)
@pytest.mark.parametrize("last_action", ["action_look_up", "action_choose_answer", "action_follow_up"])
def test_a_street_is_the_answer(said: dict[str, Any], last_action: str) -> None:
    assert as_place(said, WAITS, last_action)["intent"]["name"] == "give_place"


@pytest.mark.parametrize(
    "said",
    [
        parse("there is a pothole on Mill Lane", "report_problem", "street", "service"),
        parse("how do I renew my passport?", "passport", question=True),
        parse("is Harbour Street open?", "road_closures", "street", question=True),
        parse("I want a person", "talk_to_person"),
        parse("my house burns on Mill Lane", "emergencies", "street", alarm=True),
        parse("what?", "nlu_fallback", question=True),
        parse(
            "I moved to Mill Lane a week ago and nobody has collected anything since",
            "nlu_fallback",
            "street",
        ),
    ],
)
def test_everything_else_stays(said: dict[str, Any]) -> None:
    assert as_place(said, WAITS, "action_look_up") == said


def test_only_right_after_our_question() -> None:
    said = parse("12 Mill Lane", "report_problem", "street", "address")
    assert as_place(said, None, "action_look_up") == said
    assert as_place(said, WAITS, "action_submit_report") == said
