"""Adding a language takes its texts and a line of city.yml, and no training example: this speaks Portuguese."""

from datetime import date
from typing import Any
from uuid import uuid4

import pytest

from bot.lint.examples import read_examples
from desk.model import Reply
from tests.e2e.grown import Grown
from tests.support.bot import ROOT

TODAY = date(2026, 11, 22)
METADATA = {
    "inbox": "web",
    "channel": "web",
    "capabilities": {"images": True, "location": True, "buttons": 20},
    "now": "2026-11-22T12:00:00-05:00",
    "own_references": [],
    "office_open": True,
}


class Talk:
    """One conversation. What is said is composed by the desk, as a citizen would read it."""

    def __init__(self, city: Grown) -> None:
        self._city = city
        self._conversation = str(uuid4())
        self._language: str | None = None

    def say(self, text: str) -> tuple[list[str], str, dict[str, Any]]:
        """(names of what was answered, its whole text, the bot's answer)."""
        answer = self._city.bot.turn(
            self._conversation,
            {"kind": "text", "text": text, "entities": {}, "language": self._language, "metadata": METADATA},
        )
        self._language = answer["language"]
        said = [reply["answer"] or reply["response"] for reply in answer["replies"]]
        texts = [
            self._city.catalog.compose(
                Reply(reply["response"], reply["answer"], variables=reply["variables"]), "pt", today=TODAY
            ).text
            for reply in answer["replies"]
        ]
        return said, "\n".join(texts), answer


def test_nobody_taught_it_portuguese() -> None:
    assert {example.language for example in read_examples(ROOT / "data" / "nlu")} == {"en", "es", "fr"}


def test_a_short_dialogue_in_portuguese(city_that_grew: Grown) -> None:
    talk = Talk(city_that_grew)

    said, text, answer = talk.say("que dia é a coleta de lixo?")
    assert said == ["bin_collection"] and answer["language"] == "pt"
    assert text.startswith("A lixeira cinza")

    said, text, answer = talk.say("quero renovar o meu passaporte, o que preciso levar?")
    assert said == ["passport"] and answer["language"] == "pt"
    assert text.startswith("O passaporte é renovado")

    said, text, answer = talk.say("há um buraco enorme em Elm Street 12")
    assert said[0] == "utter_report_begun" and answer["language"] == "pt"
    assert "Buraco ou rua danificada" in text

    said, text, answer = talk.say("cancelar")
    assert said == ["utter_report_stopped"] and answer["language"] == "pt"

    said, text, answer = talk.say("quero falar com uma pessoa")
    assert said[-1] == "utter_handoff" and answer["language"] == "pt"
    assert "Vou passar você para uma pessoa" in text


def test_a_topic_without_an_answer_in_portuguese(city_that_grew: Grown) -> None:
    said, text, answer = Talk(city_that_grew).say("quanto custa a entrada na sauna da cidade?")
    assert said == ["sauna"] and answer["language"] == "pt"
    assert text.startswith("Ainda não temos esta resposta em português. Aqui está ela em inglês:")
    assert "A visit costs $6." in text


@pytest.mark.parametrize(
    ("text", "language"),
    [("¿cómo renuevo el pasaporte de mi hija?", "es"), ("how do I get a library card?", "en")],
)
def test_the_other_languages_stay_themselves(city_that_grew: Grown, text: str, language: str) -> None:
    assert Talk(city_that_grew).say(text)[2]["language"] == language
