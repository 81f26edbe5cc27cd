"""Adding an answer takes one file in content/answers and one in data/nlu: grown.py adds one, this asks for it."""

from datetime import date
from uuid import uuid4

from desk.model import Reply
from tests.e2e.grown import Grown


def test_two_files_are_all_it_takes(city_that_grew: Grown) -> None:
    for question, language in (
        ("is the sauna open tonight?", "en"),
        ("¿a qué hora abre la sauna?", "es"),
    ):
        answer = city_that_grew.bot.turn(
            str(uuid4()), {"kind": "text", "text": question, "entities": {}, "metadata": {}}
        )
        assert [reply["answer"] for reply in answer["replies"]] == ["sauna"]
        assert answer["language"] == language

    composed = city_that_grew.catalog.compose(Reply(answer="sauna"), "fr", today=date(2026, 11, 22))
    assert composed.text.startswith("Le sauna municipal")
    assert composed.source is not None
    assert composed.source.url == "https://www.lindenport.example/sport/sauna"
