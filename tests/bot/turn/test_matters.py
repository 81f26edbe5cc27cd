"""Several problems of one message never exchange their words or places."""

from typing import Any

import pytest

from bot.project import load_project
from bot.turn.matters import Current, Matters, Told
from bot.understanding.entities.component import CityEntities
from bot.understanding.shape import is_question

THRESHOLDS = {"sure": 0.6, "strict": 0.9}
TOPICS = {"passport": "passport", "collected": "bin_collection"}


@pytest.fixture(scope="module")
def entities() -> CityEntities:
    """With the demo city's streets and services."""
    with pytest.MonkeyPatch.context() as patch:
        patch.delenv("CIVICDESK_CITY", raising=False)
        patch.delenv("CIVICDESK_CONTENT", raising=False)
        return CityEntities(load_project())


def told(
    entities: CityEntities, text: str, language: str = "en", current: Current | None = None
) -> Told | None:
    """With a model that knows a topic by one word, and a problem by its service."""

    def read(one: str) -> dict[str, Any]:
        found = entities.find(one, {"language": language})
        topic = next((name for word, name in TOPICS.items() if word in one), None)
        service = any(entity["entity"] == "service" for entity in found)
        added = "add_to_report" if one.startswith("please add") else None
        intent = topic or added or ("report_problem" if service else "nlu_fallback")
        return {
            "text": one,
            "intent": {"name": intent, "confidence": 0.95},
            "entities": found,
            "language": language,
            "question": is_question(one, language),
            "thresholds": THRESHOLDS,
        }

    return Matters(set(TOPICS.values())).split(text, read(text), read, current)


@pytest.mark.parametrize(
    ("language", "text", "reports"),
    [
        (
            "en",
            "there is a pothole at 12 Mill Lane and a broken street light at 3 Elm Street",
            [
                ("there is a pothole at 12 Mill Lane", "pothole"),
                ("a broken street light at 3 Elm Street", "street_light"),
            ],
        ),
        (
            "en",
            "Pothole at 12 Mill Lane, it is deep. Graffiti at 3 Elm Street, it is ugly",
            [
                ("Pothole at 12 Mill Lane, it is deep.", "pothole"),
                ("Graffiti at 3 Elm Street, it is ugly", "graffiti"),
            ],
        ),
        (
            "en",
            "pothole at 12 Mill Lane and another one at 3 Elm Street",
            [("pothole at 12 Mill Lane", "pothole"), ("another one at 3 Elm Street", "pothole")],
        ),
        (
            "en",
            "there is a pothole at 12 Mill Lane and 3 Elm Street",
            [("there is a pothole at 12 Mill Lane", "pothole"), ("3 Elm Street", "pothole")],
        ),
        (
            "es",
            "hay un bache en Mill Lane 12 y también hay una farola rota en Elm Street 3",
            [
                ("hay un bache en Mill Lane 12", "pothole"),
                ("hay una farola rota en Elm Street 3", "street_light"),
            ],
        ),
        (
            "fr",
            "il y a un nid-de-poule au 12 Mill Lane et un lampadaire cassé au 3 Elm Street",
            [
                ("il y a un nid-de-poule au 12 Mill Lane", "pothole"),
                ("un lampadaire cassé au 3 Elm Street", "street_light"),
            ],
        ),
    ],
)
def test_each_keeps_its_own(
    entities: CityEntities, language: str, text: str, reports: list[tuple[str, str]]
) -> None:
    found = told(entities, text, language)
    assert found is not None
    assert (found.reports, found.questions, found.left) == (reports, [], [])


@pytest.mark.parametrize(
    "text",
    [
        "There is a pothole at 12 Mill Lane",
        "There is a pothole at 12 Mill Lane, right next to the big tree",
        "a tree fell and broke the street light at 3 Elm Street",
        "There is a pothole at 12 Mill Lane. It is near the broken street light.",
        "how do I renew my passport and when is my bin collected?",
        "please add to SR-7K2P-Q9XM: the pothole at 12 Mill Lane got deeper after the rain",
    ],
)
def test_one_thing_stays_whole(entities: CityEntities, text: str) -> None:
    assert told(entities, text) is None


def test_a_question_comes_with_the_report(entities: CityEntities) -> None:
    found = told(entities, "renew my passport and also there is a pothole on Elm Street")
    assert found is not None
    assert [one["intent"]["name"] for one in found.questions] == ["passport"]
    assert found.reports == [("there is a pothole on Elm Street", "pothole")]


def test_a_question_that_nobody_answers_is_left(entities: CityEntities) -> None:
    found = told(entities, "There is a pothole at 12 Mill Lane. Can somebody come very soon?")
    assert found is not None
    assert found.left == ["Can somebody come very soon?"]


def test_the_question_about_two_things_is_no_report(entities: CityEntities) -> None:
    assert (
        told(entities, "when is it collected at 12 Mill Lane and the street light at 3 Elm Street?") is None
    )


def test_what_answers_the_form_is_its_own(entities: CityEntities) -> None:
    current = Current("draft_location", "pothole")
    found = told(
        entities, "12 Mill Lane, and there is also a broken street light at 3 Elm Street", current=current
    )
    assert found is not None
    assert found.own == "12 Mill Lane"
    assert found.reports == [("there is also a broken street light at 3 Elm Street", "street_light")]


@pytest.mark.parametrize(
    ("step", "text"),
    [
        ("draft_question", "an old sofa, a mattress and some tree branches"),
        ("draft_location", "next to the broken street light at 3 Elm Street"),
        ("draft_description", "it is deep and next to a tree"),
        ("draft_confirm", "it is not a pothole, it is a street light"),
    ],
)
def test_an_answer_to_the_form_is_one_thing(entities: CityEntities, step: str, text: str) -> None:
    assert told(entities, text, current=Current(step, "pothole", "12 Mill Lane")) is None
