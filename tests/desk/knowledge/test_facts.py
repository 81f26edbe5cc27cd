"""Numbers agree: between the languages of a text, and between an answer and the service that it links to."""

from pathlib import Path

import pytest

from city import City
from city.services import load_services
from desk.knowledge.catalogue import Catalog
from desk.knowledge.facts import between_languages, differences, facts_of, main

SERVICES = load_services(Path("content/services.yml"))


@pytest.mark.parametrize(
    ("texts", "facts"),
    [
        ({"en": "Open 8:30 am to 6 pm.", "es": "De 8:30 a 18:00.", "fr": "De 8 h 30 à 18 h."}, {"08:30", "18:00"}),
        ({"en": "At noon, for 12 dollars", "es": "A mediodía, 12 dólares", "fr": "À midi, 12 dollars"}, {"12:00", "12"}),
        ({"en": "It costs $1,200.50.", "es": "Cuesta 1.200,50 dólares.", "fr": "Cela coûte 1 200,50 dollars."}, {"1200.5"}),
        ({"en": "seven days, one form", "es": "siete días, un formulario", "fr": "7 jours, un formulaire"}, {"7"}),
        ({"en": "until midnight", "es": "hasta las 24:00", "fr": "jusqu'à minuit"}, {"00:00"}),
        ({"en": "see https://x.example/12 or a1@b.example", "es": "12b@x.example", "fr": "{phone}"}, set()),
    ],
)  # fmt: skip
def test_the_same_fact_in_every_language(texts: dict[str, str], facts: set[str]) -> None:
    assert {language: facts_of(text, language) for language, text in texts.items()} == dict.fromkeys(
        texts, facts
    )
    assert list(between_languages("x", texts)) == []


@pytest.mark.parametrize(
    ("english", "spanish", "values"),
    [
        ("within 7 days", "en 14 días", ("14", "7")),
        ("It opens at 9 am.", "Abre a las 9:30.", ("09:00", "09:30")),
        ("It costs $45.", "Es gratis.", ("45",)),
        ("from 6 pm", "desde las 6:00", ("06:00", "18:00")),
    ],
)
def test_a_number_that_differs_is_named(english: str, spanish: str, values: tuple[str, ...]) -> None:
    found = list(between_languages("bees", {"en": english, "es": spanish}))
    assert [one.values for one in found] == [values]
    assert "bees: en and es differ" in found[0].sentence


def test_an_answer_and_the_service_it_links_to(content: Path, city: City) -> None:
    path = content / "answers" / "graffiti.yml"
    path.write_text(path.read_text("utf-8").replace("seven working days", "nine working days"), "utf-8")
    found = [one.sentence for one in differences(Catalog.load(content, city), city, SERVICES)]
    assert "graffiti: the answer says 9 days, but the service 'graffiti' has expected_days: 7." in found
    assert any(sentence.startswith("graffiti: en and es differ in 7, 9") for sentence in found)


def test_a_line_of_a_list_and_its_service(content: Path, city: City) -> None:
    path = content / "answers" / "report_duration.yml"
    path.write_text(path.read_text("utf-8").replace("- Farola: 5 días", "- Farola: 6 días"), "utf-8")
    found = [one.sentence for one in differences(Catalog.load(content, city), city, SERVICES)]
    assert (
        "report_duration: the answer says 6 days, but the service 'street_light' has expected_days: 5."
        in found
    )


def test_the_real_texts_agree(capsys: pytest.CaptureFixture[str]) -> None:
    assert main() == 0, capsys.readouterr().out
    assert "note:" not in capsys.readouterr().out
