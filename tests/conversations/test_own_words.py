"""The product's own words work: typing a suggestion has the same effect as pressing its button."""

from typing import Any
from uuid import uuid4

import pytest

from desk.turns.choice import choose
from desk.turns.leaving import leaving
from tests.conversations import own_words
from tests.conversations.own_words import Words
from tests.support.bot import LANGUAGES, METADATA, Bot

pytestmark = pytest.mark.slow
UNDERSTOOD_NOTHING = frozenset(
    {
        "utter_unsure",
        "utter_out_of_scope",
        "utter_still_unsure",
        "utter_foreign_language",
        "utter_foreign_language_own",
    }
)
OF_THE_DESK = frozenset(
    {
        "cancel_handoff",
        "back_to_bot",
        "hold_place",
        "request_fixed",
        "request_not_fixed",
        "request_news",
        "request_news_off",
        "answer_helpful",
        "answer_unhelpful",
        "answer_complete",
    }
)  # outside the queue there is nothing to leave, and the desk asks whether a request was fixed or an answer helped, and sends news


def _turn(bot: Bot, language: str, **message: Any) -> dict[str, Any]:
    body = {"text": None, "entities": {}, **message, "language": language, "metadata": METADATA}
    return bot.turn(str(uuid4()), body)


def _outcome(answer: dict[str, Any]) -> tuple[Any, ...]:
    """What a turn did: the answers it gave, the form it opened and for which service, and whether a person comes."""
    replies = answer["replies"]
    service = next(
        (one["variables"].get("service") for one in replies if one["variables"].get("service")), None
    )
    answers = tuple(one["answer"] for one in replies if one["answer"])
    done = (answers, answer["form"], service, bool(answer["directives"]))
    return done if any(done) else (*done, tuple(one["response"] for one in replies))


def _wrong(bot: Bot, all_words: list[Words]) -> list[str]:
    found = []
    for words in all_words:
        typed = _turn(bot, words.language, kind="text", text=words.text)
        pressed = _turn(bot, words.language, kind="payload", intent=words.intent, entities=words.entities)
        if _outcome(typed) != _outcome(pressed):
            found.append(
                f"{words.place} ({words.language}): {words.text!r}: {_outcome(typed)} and not {_outcome(pressed)}"
            )
    return found


@pytest.mark.parametrize("source", ["tiles", "starters", "answers", "dialogue"])
def test_what_is_offered_does_what_it_says(bot: Bot, source: str) -> None:
    offered = list(getattr(own_words, source)())
    assert {words.language for words in offered} >= LANGUAGES
    assert _wrong(bot, offered) == []


def test_every_button_is_understood_where_it_is_pressed(bot: Bot) -> None:
    wrong, checked = [], 0
    for place, intent, entities in own_words.pressed():
        if intent in OF_THE_DESK:
            continue
        answer = _turn(bot, "en", kind="payload", intent=intent, entities=entities)
        if {one["response"] for one in answer["replies"]} & UNDERSTOOD_NOTHING:
            wrong.append((place, intent, entities))
        checked += 1
    assert wrong == []
    assert checked > 60


def test_a_person_can_be_asked_for_in_every_language_that_we_show(bot: Bot) -> None:
    words = list(own_words.for_a_person())
    assert {"en", "es", "fr", "ar", "zh", "uk"} <= {one.language for one in words}
    wrong = []
    for one in words:
        answer = _turn(bot, "en", kind="text", text=one.text)
        if [directive["type"] for directive in answer["directives"]] != ["handoff"]:
            wrong.append((one.place, one.language, one.text, answer["replies"][-1]["response"]))
    assert wrong == []


def test_a_starter_in_a_language_that_the_city_does_not_speak_leads_to_a_person(bot: Bot) -> None:
    starters = list(own_words.foreign_starters())
    assert {language for language, _ in starters} == {"ar", "zh", "uk"}
    for language, text in starters:
        (reply,) = _turn(bot, "en", kind="text", text=text)["replies"]
        assert reply["response"] == "utter_foreign_language_own", (language, text, reply)
        assert "talk_to_person" in [button["intent"] for button in reply["buttons"]]


def test_what_ends_a_wait_does_so_when_it_is_typed() -> None:
    texts = list(own_words.leaving_texts())
    assert len(texts) > 20
    assert [(language, text) for language, text in texts if leaving(text) != "ending"] == []


def test_every_example_is_understood(bot: Bot) -> None:
    examples = list(own_words.examples())
    assert {language for language, _ in examples} == LANGUAGES and len(examples) >= 15
    wrong = [
        (language, text)
        for language, text in examples
        if {one["response"] for one in _turn(bot, language, kind="text", text=text)["replies"]}
        & UNDERSTOOD_NOTHING
    ]
    assert wrong == []


def test_a_title_that_is_typed_below_its_buttons_names_one_of_them() -> None:
    checked = 0
    for place, titles in own_words.titles_together():
        for number, title in enumerate(titles):
            assert choose(title, titles) == number, f"{place}: {title}"
            checked += 1
    assert checked > 300
