"""How a message is handled, given its intent, scope, entities, language and shape."""

from dataclasses import replace
from typing import Any

import pytest
from rasa.shared.nlu.constants import ENTITIES, INTENT, INTENT_RANKING_KEY, TEXT
from rasa.shared.nlu.training_data.message import Message

from bot.project import ROOT, load_project
from bot.understanding.additions import adds_to_report
from bot.understanding.decision import Decision
from bot.understanding.shape import is_number, is_question, is_telling, is_unreadable

THRESHOLDS = {"floor": 0.08, "lenient": 0.35, "sure": 0.6, "strict": 0.9, "scope": 4.0}


@pytest.fixture(scope="module")
def decision() -> Decision:
    """With the demo city's answers and services."""
    with pytest.MonkeyPatch.context() as patch:
        patch.delenv("CIVICDESK_CITY", raising=False)
        patch.delenv("CIVICDESK_CONTENT", raising=False)
        assert (ROOT / "city.yml").is_file()
        return Decision({"alarms": ["distress", "emergencies"]}, load_project())


def decided(
    decision: Decision,
    text: str,
    intent: str = "nlu_fallback",
    *,
    ranking: dict[str, float] | None = None,
    candidates: tuple[str, ...] = (),
    scope: float | None = 8.0,
    foreign: str | None = None,
    confidence: float = 0.8,
    **entities: str,
) -> Message:
    data: dict[str, Any] = {
        TEXT: text,
        "language": "en",
        "foreign": foreign,
        "thresholds": THRESHOLDS,
        "scope": scope,
        "candidates": list(candidates),
        INTENT: {"name": intent, "confidence": confidence},
        INTENT_RANKING_KEY: [{"name": n, "confidence": p} for n, p in (ranking or {intent: 0.8}).items()],
        ENTITIES: [{"entity": name, "value": value} for name, value in entities.items()],
    }
    (message,) = decision.process([Message(data=data)])
    return message


@pytest.mark.parametrize("intent", ["parking_fine", "nlu_fallback"])
def test_the_number_of_a_permit_or_a_fine_asks_for_its_status(intent: str) -> None:
    project = replace(load_project(), register_patterns=("20[0-9]{2}-[0-9]{3,6}",))
    decision = Decision({"alarms": []}, project)
    message = decided(decision, "has my fine 2026-123 been paid?", intent, reference="2026-123")
    assert (message.get(INTENT)["name"], message.get("reason")) == ("ask_status", None)
    message = decided(
        decision, "has my fine SR-7K2P-Q9XM been paid?", "parking_fine", reference="SR-7K2P-Q9XM"
    )
    assert message.get(INTENT)["name"] == "parking_fine"
    message = decided(decision, "I want a person about 2026-123", "talk_to_person", reference="2026-123")
    assert message.get(INTENT)["name"] == "talk_to_person"


def test_a_sure_answer_stays(decision: Decision) -> None:
    message = decided(decision, "when is my bin collected?", "bin_collection")
    assert (message.get(INTENT)["name"], message.get("reason")) == ("bin_collection", None)
    assert message.get("question") is True


@pytest.mark.parametrize(
    ("text", "reason"),
    [("", "empty"), ("🙂", "empty"), ("12345", "number"), ("aaaaaaaaaaaaaaaaaaa", "unreadable")],
)
def test_what_is_no_question_has_its_reason(decision: Decision, text: str, reason: str) -> None:
    message = decided(decision, text, "bin_collection")
    assert (message.get(INTENT)["name"], message.get("reason")) == ("nlu_fallback", reason)


def test_a_strange_language_is_no_answer_but_an_offer(decision: Decision) -> None:
    message = decided(decision, "wann kommt der müll", "bin_collection", foreign="de")
    assert (message.get(INTENT)["name"], message.get("reason")) == ("nlu_fallback", "foreign")
    assert message.get("candidates") == ["bin_collection"]


@pytest.mark.parametrize(
    ("language", "text", "adds"),
    [
        ("en", "please mention that it flickers all night", True),
        ("en", "add to my report that there are two", True),
        ("en", "I want to add that the pole leans", True),
        ("en", "please mention it is right by the school", True),
        ("en", "add that", False),
        ("en", "can you tell me that address", False),
        ("es", "anote que huele mal", True),
        ("es", "agréguele al aviso que son dos", True),
        ("es", "quiero agregar algo", False),
        ("fr", "précisez qu'il y en a deux", True),
        ("fr", "je voudrais ajouter une photo", False),
        (None, "add that it is deep", False),
        ("en", "please add to SR-7K2P-Q9XM: the hole got deeper after the rain", True),
    ],
)
def test_what_is_to_be_added_is_recognised(language: str | None, text: str, adds: bool) -> None:
    assert adds_to_report(text, language, "SR-7K2P-Q9XM") is adds


def test_an_address_is_no_language(decision: Decision) -> None:
    message = decided(decision, "Lighthouse Road 12, Müller", foreign="tr", address="12 Lighthouse Road")
    assert message.get("reason") == "unsure"


def test_distress_is_recognised_in_any_language(decision: Decision) -> None:
    message = decided(decision, "ich will sterben", "distress", foreign="de")
    assert (message.get(INTENT)["name"], message.get("reason")) == ("distress", None)
    assert message.get("alarm") is True


def test_a_guess_at_distress_in_a_strange_language_is_no_alarm(decision: Decision) -> None:
    message = decided(decision, "я хочу поговорити", "distress", foreign="uk", ranking={"distress": 0.45})
    assert (message.get(INTENT)["name"], message.get("reason")) == ("nlu_fallback", "foreign")
    assert (message.get("alarm"), message.get("candidates")) == (False, [])


def test_an_alarm_that_is_a_topic_needs_to_be_believed(decision: Decision) -> None:
    sure = decided(decision, "fire in my house", "emergencies")
    assert (sure.get(INTENT)["name"], sure.get("alarm")) == ("emergencies", True)
    between = decided(
        decision,
        "he attacks me",
        "emergencies",
        confidence=0.4,
        ranking={"emergencies": 0.4, "distress": 0.35},
    )
    assert (between.get(INTENT)["name"], between.get("alarm")) == ("emergencies", True)
    doubted = decided(
        decision,
        "in case of a seizure",
        "emergencies",
        confidence=0.4,
        ranking={"emergencies": 0.4},
    )
    assert (doubted.get(INTENT)["name"], doubted.get("candidates")) == ("nlu_fallback", ["emergencies"])
    harmless = decided(
        decision, "dunno the number", "emergencies", confidence=0.4, ranking={"emergencies": 0.4}
    )
    assert (harmless.get(INTENT)["name"], harmless.get("candidates")) == ("nlu_fallback", [])
    distress = decided(decision, "I cannot any more", "distress", confidence=0.7, ranking={"distress": 0.7})
    assert (distress.get(INTENT)["name"], distress.get("alarm")) == ("distress", True)
    fence = decided(decision, "help with my fence", "distress", confidence=0.4, ranking={"distress": 0.4})
    assert (fence.get(INTENT)["name"], fence.get("alarm")) == ("nlu_fallback", False)


def test_a_report_that_leads_and_names_a_service_is_one(decision: Decision) -> None:
    ranking = {"report_problem": 0.5, "ask_status": 0.2}
    found = decided(decision, "report a pothole", ranking=ranking, service="pothole")
    assert found.get(INTENT)["name"] == "report_problem"
    assert decided(decision, "report a bicycle", ranking=ranking).get(INTENT)["name"] == "nlu_fallback"


@pytest.mark.parametrize("text", ["there is a pothole on Mill Lane", "and there is a pothole on Mill Lane"])
def test_a_told_problem_is_no_correction(decision: Decision, text: str) -> None:
    assert decided(decision, text, "correct", service="pothole").get(INTENT)["name"] == "report_problem"
    assert decided(decision, text, "correct").get(INTENT)["name"] == "correct"


def test_why_we_are_unsure(decision: Decision) -> None:
    assert decided(decision, "some words", candidates=("recycling",)).get("reason") == "close"
    assert decided(decision, "some words", scope=8.0).get("reason") == "unsure"
    assert decided(decision, "some words", scope=1.0).get("reason") == "out_of_scope"


RANKING = {"graffiti": 0.8, "report_problem": 0.15}


def test_a_stated_problem_beats_the_topics_answer(decision: Decision) -> None:
    message = decided(
        decision, "they sprayed the school again", "graffiti", ranking=RANKING, service="graffiti"
    )
    assert (message.get(INTENT)["name"], message.get("reason")) == ("report_problem", None)


@pytest.mark.parametrize(
    ("text", "ranking", "service"),
    [
        ("who sprayed the school again?", RANKING, "graffiti"),  # asked
        ("graffiti", RANKING, "graffiti"),  # a keyword
        (
            "they sprayed the school again",
            {"graffiti": 0.95, "report_problem": 0.01},
            "graffiti",
        ),  # no report
        ("they sprayed the school again", RANKING, "pothole"),  # another matter
    ],
)
def test_a_topic_stays_a_topic(
    decision: Decision, text: str, ranking: dict[str, float], service: str
) -> None:
    message = decided(decision, text, "graffiti", ranking=ranking, service=service)
    assert message.get(INTENT)["name"] == "graffiti"


def test_how_something_is_needs_to_be_asked_what_it_is(decision: Decision) -> None:
    message = decided(decision, "it is very deep", "report_detail")
    assert (message.get("reason"), message.get("candidates")) == ("close", ["report_problem"])
    placed = decided(decision, "it smells on Mill Lane", "report_detail", address="Mill Lane")
    assert placed.get(INTENT)["name"] == "report_problem"


def test_an_urgent_service_needs_no_sentence(decision: Decision) -> None:
    message = decided(decision, "burst pipe", "water_problem", service="water_leak")
    assert message.get(INTENT)["name"] == "report_problem"
    asked = decided(decision, "what to do about a burst pipe", "water_problem", service="water_leak")
    assert asked.get(INTENT)["name"] == "water_problem"


@pytest.mark.parametrize(
    ("text", "language", "asks"),
    [
        ("how much is it", "en", True), ("is it open", "en", True), ("it is broken?", "en", True), ("it is broken", "en", False),
        ("cuánto cuesta", "es", True), ("¿y mañana", "es", True), ("es muy hondo", "es", False), ("qu'est-ce que c'est", "fr", True),
        ("c'est cassé", "fr", False), ("how much is it", "xx", False), ("", "en", False),
    ],
)  # fmt: skip
def test_the_shape_of_a_question(text: str, language: str, asks: bool) -> None:
    assert is_question(text, language) is asks


@pytest.mark.parametrize(
    ("text", "language", "tells"),
    [
        ("there's a big pothole", "en", True), ("Someone dumped a sofa", "en", True), ("hay un bache", "es", True),
        ("Il y a un nid-de-poule", "fr", True), ("pothole repair times", "en", False), ("hay un bache", "en", False), ("", "en", False),
    ],
)  # fmt: skip
def test_the_shape_of_telling_what_is_there(text: str, language: str, tells: bool) -> None:
    assert is_telling(text, language) is tells


def test_what_somebody_saw_is_a_report_though_the_model_is_not_sure(decision: Decision) -> None:
    unsure = {"graffiti": 0.5, "insult": 0.3}
    seen = decided(
        decision, "there's some graffiti", ranking=unsure, candidates=("graffiti",), service="graffiti"
    )
    assert (seen.get(INTENT)["name"], seen.get("reason"), seen.get("candidates")) == (
        "report_problem",
        None,
        [],
    )
    believed = decided(decision, "someone made graffiti", "graffiti", service="graffiti")
    assert believed.get(INTENT)["name"] == "report_problem"
    # Without a service it is a story, asked for it is a question, and of another topic it stays that topic.
    assert decided(decision, "there's some trouble", ranking=unsure).get(INTENT)["name"] == "nlu_fallback"
    assert (
        decided(decision, "there's graffiti, right?", ranking=unsure, service="graffiti").get(INTENT)["name"]
        == "nlu_fallback"
    )
    assert (
        decided(decision, "there are jobs in graffiti", "city_jobs", service="graffiti").get(INTENT)["name"]
        == "city_jobs"
    )
    half = decided(
        decision,
        "someone dumped a sofa",
        "emergencies",
        confidence=0.4,
        ranking={"emergencies": 0.4},
        service="illegal_dumping",
    )
    assert (half.get(INTENT)["name"], half.get("alarm")) == ("report_problem", False)


def test_numbers_and_what_nobody_can_read() -> None:
    assert [is_number(text) for text in ("12", "+1 (212) 555", "12b", "", "a")] == [
        True,
        True,
        False,
        False,
        False,
    ]
    for text in ("dGhpcyBpcyBhIHRlc3Qgb2YgYmFzZTY0", "x" * 50, "aaaaaaaaaaa", "////////////"):
        assert is_unreadable(text), text
    for text in (
        "Donaudampfschifffahrtsgesellschaft",
        "see https://www.lindenport.example/environment/water/problems?id=12345678",
        "12 Mill Lane",
        "noooo why",
        "SR-7K2P-Q9XM",
        "when is my bin collected aaaaaaaaaa",
        "ana.maria.rodriguez.fernandez.de.la.torre@example.org",
    ):
        assert not is_unreadable(text), text


def test_answers_link_topics_to_services(decision: Decision) -> None:
    assert decision._services["potholes"] == {"pothole"}
