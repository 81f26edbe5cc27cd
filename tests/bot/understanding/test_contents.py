"""Words of a question about a report (what was sent, how it is going), and a place named with a problem."""

import pytest

from bot.understanding.contents import asks_contents
from bot.understanding.placed import Placed


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "what exactly did you send them?"),
        ("en", "let me see my report"),
        ("en", "which address did you pass on"),
        ("es", "qué dice mi aviso"),
        ("es", "muéstreme mi aviso"),
        ("fr", "vous avez envoyé quoi ?"),
        ("fr", "que contient mon signalement"),
    ],
)
def test_questions_for_what_was_sent(language: str, text: str) -> None:
    assert asks_contents(text, language)


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "what is happening with my report"),
        ("en", "did you send my report"),
        ("en", "can I see the status of my report"),
        ("es", "ya se envió mi aviso"),
        ("es", "qué pasa con mi aviso"),
        ("fr", "c'est envoyé ou pas"),
        ("fr", "qu'est-ce qui se passe avec mon signalement"),
        ("pt", "o que enviou"),
    ],
)
def test_questions_for_how_it_goes(language: str, text: str) -> None:
    assert not asks_contents(text, language)


@pytest.mark.parametrize(
    ("language", "text", "placed"),
    [
        ("en", "near my house", True),
        ("en", "it's right in front of the library", True),
        ("es", "frente a mi casa", True),
        ("fr", "devant chez moi", True),
        ("fr", "devant la mairie", True),
        ("en", "by the way", False),
        ("en", "at night", False),
        ("en", "how much is it", False),
    ],
)
def test_a_place_and_nothing_else(language: str, text: str, placed: bool) -> None:
    assert Placed().only(text, language) is placed


def test_a_place_after_a_problem() -> None:
    placed = Placed({"paris"})
    assert placed.after("pothole in paris", len("pothole"), "en")
    assert placed.after("graffiti on the wall", len("graffiti"), "en")
    assert not placed.after("potholes in winter", len("potholes"), "en")
    assert not placed.after("trees on private land", len("trees"), "en")
