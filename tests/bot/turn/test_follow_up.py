"""Follow-ups: when a short question is about the last answer, and about which part of it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

import pytest

from bot.turn.follow_up import FALLBACK, FOLLOW_UP, OF_NOTHING, FollowUps
from bot.turn.last_topic import LIFE, LastTopic, after_turn, moment
from bot.understanding.topics import DOUBT, Topic

NOW = datetime.fromisoformat("2026-11-29T12:00:00+00:00")
THRESHOLDS = {"lenient": 0.3, "sure": 0.6, "strict": 0.9}
LANGUAGES = ("en", "es", "fr")


def entry(title: str, text: str, **parts: str) -> dict[str, Any]:
    return {
        "en": {"title": title, "text": text, "parts": {name: {"text": said} for name, said in parts.items()}}
    }


TOPICS = {
    "permit": entry(
        "Parking permit",
        "Apply for your vehicle. Bring a photo. It costs 60.",
        cost="It costs 60.",
        cost_visitors="A visitor pays 3.",
        visitors="Visitors can park.",
        documents="Bring a photo.",
        lost="Report it.",
    ),
    "passport": entry(
        "Passport", "It takes six weeks and costs 110.", cost="It costs 110.", duration="Six weeks."
    ),
    "repairs": entry("Repairs", "Ten days.", duration="Ten days."),
    "fine": entry("Parking fine", "You can pay a ticket online."),
    "school": entry("School enrolment", "Enrol your child.", documents="Bring proof of the child's address."),
}


@pytest.fixture(scope="module")
def follow_ups() -> FollowUps:
    return FollowUps(
        {name: Topic.of(one, LANGUAGES) for name, one in TOPICS.items()},
        lambda text: text.lower().replace("mcuh", "much"),
        lambda word: word in {"car", "later", "cousin", "photo"},
    )


def read(intent: str = FALLBACK, confidence: float = 0.5, **more: Any) -> dict[str, Any]:
    return {
        "intent": {"name": intent, "confidence": confidence},
        "language": "en",
        "thresholds": THRESHOLDS,
        **more,
    }


def last(*topics: str, part: str | None = None) -> LastTopic:
    return LastTopic(topics or ("permit",), part, NOW)


def found(parse: Mapping[str, Any] | None) -> tuple[list[str], list[str]] | None:
    """(answers, parts) of a follow-up that is sure."""
    if parse is None or parse["reason"] == DOUBT:
        return None
    assert parse["intent"] == {"name": FOLLOW_UP, "confidence": 1.0}
    return tuple(
        [e["value"] for e in parse["entities"] if e["entity"] == name] for name in ("answer", "part")
    )  # type: ignore[return-value]  # exactly two: one for each name


@pytest.mark.parametrize(
    ("text", "language", "parts"),
    [
        ("how much?", "en", ["cost"]),
        ("how mcuh is it", "en", ["cost"]),
        ("documetns?", "en", ["documents"]),
        ("what do I need and how much is it", "en", ["documents", "cost"]),
        ("how much for visitors?", "en", ["cost_visitors"]),
        ("and for visitors?", "en", ["visitors"]),
        ("¿y cuánto cuesta?", "es", ["cost"]),
        ("c'est combien ?", "fr", ["cost"]),
        ("how long is it valid?", "en", ["validity"]),
        ("how much is the permit?", "en", ["cost"]),
        ("I lost it, what do I do?", "en", ["lost"]),
        ("until when is it valid?", "en", ["validity"]),
    ],
)
def test_a_part_of_the_last_topic(follow_ups: FollowUps, text: str, language: str, parts: list[str]) -> None:
    parse = follow_ups(text, read(question=True), last(), language, in_form=False)
    assert found(parse) == (["permit"], parts)
    assert parse is not None and parse["language"] == language


def test_the_question_before_is_narrowed(follow_ups: FollowUps) -> None:
    parse = follow_ups("and for visitors?", read(), last(part="cost"), "en", in_form=False)
    assert found(parse) == (["permit"], ["cost_visitors"])


def test_what_an_answer_is_about_does_not_narrow(follow_ups: FollowUps) -> None:
    parse = follow_ups(
        "what documents does my child need?", read(question=True), last("school"), "en", in_form=False
    )
    assert found(parse) == (["school"], ["documents"])


@pytest.mark.parametrize(
    ("text", "intent", "confidence"),
    [
        ("how much is a passport?", "passport", 0.95),
        ("where do I pay a parking fine?", "fine", 0.7),  # "parking" is a word of the permit too
        ("how do I enrol my child?", "school", 0.7),
        ("there is a pothole, how long will it take?", "report_problem", 0.6),
    ],
)
def test_a_topic_of_its_own_wins(follow_ups: FollowUps, text: str, intent: str, confidence: float) -> None:
    assert follow_ups(text, read(intent, confidence, question=True), last(), "en", in_form=False) is None


@pytest.mark.parametrize("intent", ["fine", "distress", "emergencies", "goodbye", "talk_to_person", "skip"])
def test_a_question_of_follow_up_words_alone_is_one_whatever_the_model_says(
    follow_ups: FollowUps, intent: str
) -> None:
    parse = follow_ups(
        "what if I lose it?", read(intent, 0.8, question=True, alarm=True), last(), "en", in_form=False
    )
    assert found(parse) == (["permit"], ["lost"])
    assert parse is not None and parse["alarm"] is False


def test_an_alarm_of_words_takes_precedence(follow_ups: FollowUps) -> None:
    asked = read("talk_to_person", 1.0, question=True, alarm=True, only=False)
    assert follow_ups("who can I call?", asked, last(), "en", in_form=False) is None


@pytest.mark.parametrize("text", ["I lost my child", "I lost my baby, what do I do?", "my son is lost!"])
def test_a_lost_child_is_no_lost_document(follow_ups: FollowUps, text: str) -> None:
    asked = read("distress", 0.5, question="?" in text, alarm=True)
    assert follow_ups(text, asked, last(), "en", in_form=False) is None


@pytest.mark.parametrize(
    "text", ["how are you?", "thanks", "and?", "tell me a joke", "how much " * 10, "?!", ""]
)
def test_no_follow_up(follow_ups: FollowUps, text: str) -> None:
    assert follow_ups(text, read(), last(), "en", in_form=False) is None


def test_words_that_nobody_knows_are_asked_about(follow_ups: FollowUps) -> None:
    parse = follow_ups("how much for my cousin?", read(question=True), last(), "en", in_form=False)
    assert parse is not None and parse["reason"] == DOUBT
    assert [(e["entity"], e["value"]) for e in parse["entities"]] == [("answer", "permit"), ("part", "cost")]


def test_another_topic_that_the_words_do_not_name_is_offered_and_not_answered(follow_ups: FollowUps) -> None:
    parse = follow_ups(
        "how much for my cousin?", read("fine", 0.7, question=True), last(), "en", in_form=False
    )
    assert parse is not None and parse["reason"] == DOUBT
    assert [e["value"] for e in parse["entities"]] == ["permit", "fine", "cost"]


def test_a_word_of_a_part_finds_it(follow_ups: FollowUps) -> None:
    parse = follow_ups("what about the photo?", read(), last(), "en", in_form=False)
    assert found(parse) == (["permit"], ["documents"])


def test_a_real_word_is_no_slip(follow_ups: FollowUps) -> None:
    assert found(follow_ups("can I do it later?", read(question=True), last(), "en", in_form=False)) is None
    parse = follow_ups("and for a second car?", read(), last(part="cost"), "en", in_form=False)
    assert parse is not None and parse["reason"] == DOUBT  # "car" is no "card"


def test_of_two_topics_the_one_that_has_it(follow_ups: FollowUps) -> None:
    both = last("permit", "passport")
    assert found(follow_ups("how long does it take?", read(question=True), both, "en", in_form=False)) == (
        ["passport"],
        ["duration"],
    )
    parse = follow_ups("how much?", read(), both, "en", in_form=False)
    assert parse is not None and parse["reason"] == DOUBT


def test_in_a_form_only_a_question_is_one(follow_ups: FollowUps) -> None:
    assert follow_ups("the price", read(), last(), "en", in_form=True) is None
    assert found(follow_ups("the price?", read(question=True), last(), "en", in_form=True)) == (
        ["permit"],
        ["cost"],
    )


def test_in_a_form_no_second_question_is_asked(follow_ups: FollowUps) -> None:
    assert follow_ups("how much for my cousin?", read(question=True), last(), "en", in_form=True) is None


def test_without_a_topic_there_is_nothing_to_follow(follow_ups: FollowUps) -> None:
    for before in (None, last("gone")):
        parse = follow_ups("how much?", read("fine", 0.95), before, "en", in_form=False)
        assert parse is not None and parse["reason"] == OF_NOTHING and parse["candidates"] == ["fine"]
        assert follow_ups("how much?", read("fine", 0.95), before, "en", in_form=True) is None


@pytest.mark.parametrize(
    ("text", "intent"),
    [
        ("how do I do that?", "what_can_you_do"),  # asked of the assistant itself
        ("who can get one?", "nlu_fallback"),
        ("how long does it take?", "repairs"),  # an answer of one part is about that part
        ("is there a fine?", "fine"),  # it names the topic
        ("when will it be ready?", "ask_status"),
        ("how much is a passport?", "passport"),
    ],
)
def test_a_question_that_stands_alone(follow_ups: FollowUps, text: str, intent: str) -> None:
    assert follow_ups(text, read(intent, 0.95, question=True), None, "en", in_form=False) is None


def test_a_topic_lives_an_hour() -> None:
    value = last(part="cost").write()
    assert LastTopic.read(value, NOW + LIFE) == last(part="cost")
    assert LastTopic.read(value, NOW + LIFE + timedelta(seconds=1)) is None
    assert LastTopic.read(None, NOW) is None


def test_what_is_remembered_after_a_turn() -> None:
    answer = [{"answer": "passport"}]
    assert after_turn(last(), answer, [read("passport")], "cost", NOW) == last("passport", part="cost")
    assert after_turn(last(part="cost"), [{"answer": "permit"}], [], None, NOW) == last(part="cost")
    assert after_turn(last(part="cost"), answer, [], None, NOW) == last("passport")
    assert after_turn(last(), [{"response": "utter_thanks"}], [read("thanks")], None, NOW) == last()
    assert after_turn(last(), [], [read("report_problem")], None, NOW) is None


def test_the_moment_of_a_message() -> None:
    assert moment({"now": "2026-11-29T12:00:00Z"}) == NOW
    assert moment({"now": "2026-11-29T12:00:00"}) == NOW
    assert moment({}).tzinfo is not None


def test_a_quoted_message_gives_its_topic(follow_ups: FollowUps) -> None:
    def topic_of(quoted: object) -> LastTopic | None:
        return LastTopic.quoted({"quoted": quoted}, follow_ups.knows, NOW)

    assert topic_of({"author": "bot", "text": "It costs 110.", "intent": "passport"}) == last("passport")
    for nothing in (None, "passport", {}, {"intent": None}, {"intent": "unknown"}, {"intent": ["passport"]}):
        assert topic_of(nothing) is None


def test_personal_words_are_not_remembered(follow_ups: FollowUps) -> None:
    follow_ups._remembered.cache_clear()
    personal = {"entities": [{"entity": "email", "value": "ann@example.org", "personal": True}]}
    asked = {
        "intent": {"name": FALLBACK, "confidence": 1.0},
        "question": True,
        "language": "en",
        "reason": None,
    }
    for more, remembered in ((personal, False), ({"entities": []}, True)):
        follow_ups("how much, ann@example.org?", {**asked, **more}, None, "en", in_form=False)
        follow_ups.bare_part("how much, ann@example.org?", "en")
        assert (follow_ups._remembered.cache_info().currsize > 0) is remembered
