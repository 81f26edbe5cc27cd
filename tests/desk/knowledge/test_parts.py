"""Parts of answers: given alone with the answer's source, said to be missing, checked against the answer."""

from datetime import date
from pathlib import Path

import pytest
import yaml

from bot.languages.follow_ups import FOLLOW_UPS
from city import City
from desk.knowledge.catalogue import Catalog, ContentError
from desk.knowledge.lint import lint
from desk.knowledge.parts import PARTS, QUALIFIERS, is_part
from desk.model import Reply, ReplyButton

TODAY = date(2026, 11, 29)
LANGUAGES = ("en", "es", "fr")


def test_enough_answers_have_parts(catalog: Catalog) -> None:
    having = [answer for answer in catalog.answers.values() if answer.texts["en"].parts]
    assert len(having) >= 20


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_part_is_composed_with_the_answers_source(catalog: Catalog, language: str) -> None:
    for answer in catalog.answers.values():
        whole = catalog.compose(Reply(answer=answer.id), language, today=answer.reviewed_on)
        for name in answer.texts[language].parts:
            part = catalog.compose(Reply(answer=answer.id, part=name), language, today=answer.reviewed_on)
            assert part.text and "{" not in part.text and part.source == whole.source, (answer.id, name)


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "The answer on “Resident parking permit” does not say this."),
        ("es", "La respuesta sobre «Permiso de estacionamiento para residentes» no dice nada"),
        ("fr", "La réponse sur « Permis de stationnement résidentiel » ne le précise pas."),
    ],
)
def test_a_missing_part_is_said_with_source_and_person(catalog: Catalog, language: str, text: str) -> None:
    said = catalog.compose(Reply(answer="parking_permit", part="holidays"), language, today=TODAY)
    assert said.text.startswith(text)
    assert said.source and said.source.url.endswith("/parking/permits")
    offered = [(button.intent, button.entities.get("answer")) for button in said.buttons]
    assert ("talk_to_person", None) in offered and ("choose_answer", "parking_permit") in offered


def test_a_lookups_question_stands_below_a_part_with_its_choices(catalog: Catalog) -> None:
    part = catalog.compose(Reply(answer="bin_collection", part="when"), "en", today=TODAY)
    street = ReplyButton("give_place", title="Elm Street")
    asked = Reply(answer="bin_collection", part="when", response="lookup_bin_day_ask", buttons=(street,))
    said = catalog.compose(asked, "en", today=TODAY)
    assert said.text == f"{part.text}\n\n{catalog.responses['lookup_bin_day_ask'].texts['en'].text}"
    assert said.source == part.source and [button.title for button in said.buttons] == ["Elm Street"]


def test_a_lookup_fills_only_parts_that_the_answer_has(content: Path, city: City) -> None:
    path = content / "lookups" / "bin_day.yml"
    text = path.read_text("utf-8")
    path.write_text(text.replace("parts: [when", "parts: [wehn"), "utf-8")
    with pytest.raises(ContentError, match=r"bin_day\.yml: the answer 'bin_collection' has no part 'wehn'"):
        Catalog.load(content, city)


def test_how_is_what_the_whole_answer_says(catalog: Catalog) -> None:
    whole = catalog.compose(Reply(answer="abandoned_vehicles"), "en", today=TODAY)
    assert "how" not in catalog.answers["abandoned_vehicles"].texts["en"].parts
    assert catalog.compose(Reply(answer="abandoned_vehicles", part="how"), "en", today=TODAY) == whole


def test_an_old_part_says_so(catalog: Catalog) -> None:
    answer = catalog.answers["passport"]
    late = date.fromordinal(answer.review_by.toordinal() + 1)
    said = catalog.compose(Reply(answer="passport", part="cost"), "en", today=late)
    assert said.source and said.source.stale and "due for a new review" in said.text


def test_a_topic_is_named_by_its_title(catalog: Catalog) -> None:
    reply = Reply(response="utter_about_topic", variables={"topic": "passport"})
    assert catalog.compose(reply, "fr", today=TODAY).text == "Votre question porte-t-elle sur « Passeport » ?"


def test_what_the_bot_asks_for_is_a_name_that_editors_may_use() -> None:
    for words in FOLLOW_UPS.values():
        assert set(words.parts) == set(PARTS) and set(words.qualifiers) == set(QUALIFIERS)
    assert is_part("cost_children") and not is_part("children_cost") and not is_part("cost_")


@pytest.mark.parametrize(
    ("part", "problem"),
    [
        ({"price": {"text": "It costs $110."}}, "there is no part 'price'"),
        ({"cost": {"text": " "}}, "the part 'cost' is empty"),
        ({"cost": {"text": "It costs $99."}}, "has the number 99"),
        ({"cost": {"text": "Call {phone}."}}, "uses {phone}"),
        ({"cost": {"text": "It costs " + "very " * 26 + "much."}}, "has 29 words"),
        ({}, "its parts differ"),
    ],
)
def test_the_linter_checks_parts(
    content: Path, city: City, part: dict[str, dict[str, str]], problem: str
) -> None:
    path = content / "answers" / "passport.yml"
    answer = yaml.safe_load(path.read_text(encoding="utf-8"))
    answer["es"]["parts"] = part
    path.write_text(yaml.safe_dump(answer, allow_unicode=True), encoding="utf-8")
    assert any(problem in found for found in lint(Catalog.load(content, city), city.languages, TODAY))
