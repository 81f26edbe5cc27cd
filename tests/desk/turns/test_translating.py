"""A language whose answers are still being translated: Portuguese, which no citizen of the demo city is offered yet."""

from datetime import date
from pathlib import Path

import msgspec
import pytest

from city import City, CityError, load_city
from desk.knowledge.catalogue import Catalog, ContentError
from desk.knowledge.lint import lint
from desk.knowledge.system_texts import SYSTEM
from desk.model import Reply

TODAY = date(2026, 11, 22)
WRITTEN = 10


@pytest.fixture
def speaking(city: City) -> City:
    """The city, about to speak Portuguese too."""
    return msgspec.structs.replace(city, languages=(*city.languages, "pt"), translating=("pt",))


@pytest.fixture
def portuguese(content: Path, speaking: City) -> Catalog:
    return Catalog.load(content, speaking)


def test_all_that_the_assistant_says_is_written_and_keeps_the_rules(
    portuguese: Catalog, speaking: City
) -> None:
    dialogue = {
        name: one for name, one in portuguese.responses.items() if not name.startswith(("lookup_", "news_"))
    }
    # Lookups and news are content like answers: what is not translated yet is given in the first language.
    assert [name for name, one in dialogue.items() if "pt" not in one.texts] == []
    assert sum("pt" in answer.texts for answer in portuguese.answers.values()) >= WRITTEN
    assert lint(portuguese, speaking.languages, TODAY) == []
    assert all(portuguese.system(name, "pt").text for name in SYSTEM)


def test_an_answer_that_is_written_is_given(portuguese: Catalog) -> None:
    composed = portuguese.compose(Reply(answer="office_hours"), "pt", today=TODAY)
    assert composed.text.startswith(
        "O horário da prefeitura é: de segunda-feira a quarta-feira, das 08:30 às"
    )
    assert composed.source and composed.source.title == "Horário de atendimento"


def test_an_answer_that_is_not_says_so_and_offers_a_person(portuguese: Catalog) -> None:
    composed = portuguese.compose(Reply(answer="potholes"), "pt", today=TODAY)
    english = portuguese.compose(Reply(answer="potholes"), "en", today=TODAY)
    assert composed.text == (
        f"Ainda não temos esta resposta em português. Aqui está ela em inglês:\n\n{english.text}"
    )
    assert composed.source == english.source
    assert composed.buttons[:-1] == english.buttons
    assert (composed.buttons[-1].title, composed.buttons[-1].intent) == ("Falar com alguém", "talk_to_person")


def test_buttons_that_lead_to_it_have_its_first_title(portuguese: Catalog) -> None:
    composed = portuguese.compose(Reply(answer="recycling"), "pt", today=TODAY)
    assert [button.title for button in composed.buttons] == [
        "Tinta e pilhas",
        "Objetos grandes",
        "Dias de coleta",
    ]


def test_a_language_that_is_complete_may_miss_nothing(content: Path, speaking: City) -> None:
    complete = msgspec.structs.replace(speaking, translating=())
    with pytest.raises(ContentError, match="'pt' is missing"):
        Catalog.load(content, complete)


def test_the_first_language_cannot_be_half_done(tmp_path: Path) -> None:
    file = tmp_path / "city.yml"
    file.write_text((Path(__file__).parents[3] / "city.yml").read_text() + "translating: [en]\n")
    with pytest.raises(CityError, match="the first has every answer"):
        load_city(file)
