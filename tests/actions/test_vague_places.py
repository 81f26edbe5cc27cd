"""Descriptions of places that a crew can find, and those that only the author understands."""

import pytest

from actions.report.answers.place import is_vague, with_number
from actions.words import after_yes


@pytest.mark.parametrize(
    "text",
    [
        "near my house", "around the corner", "here", "right here", "outside", "outside my house", "in front of my building",
        "on my street", "down the road from me", "next to my car", "where I live", "at home", "over there", "in our street",
        "just around the corner from my flat", "near me", "behind our apartment building", "outside my kids' school",
        "the same place as last time", "everywhere", "I'm standing next to it", "across the street", "at the corner", "downtown",
        "cerca de mi casa", "a la vuelta de la esquina", "aquí", "aquí mismo", "enfrente de mi edificio", "en mi calle",
        "donde vivo", "al lado de mi trabajo", "en la esquina", "por mi barrio", "delante de mi casa", "en el centro", "ahí",
        "près de chez moi", "au coin de la rue", "ici", "devant mon immeuble", "dans ma rue", "à côté de mon travail", "là-bas",
        "en bas de chez moi", "dans mon quartier", "juste devant chez nous", "au centre-ville", "où j'habite",
    ],
)  # fmt: skip
def test_vague(text: str) -> None:
    assert is_vague(text)


@pytest.mark.parametrize(
    "text",
    [
        "", "12 Mill Lane", "in front of the library", "near my house on baker street", "behind the church of St Mary", "5",
        "next to the big oak", "outside my office in the Market Hall", "between the bank and the bakery", "Orchard Street",
        "delante de la biblioteca", "cerca de mi casa, en la calle Mayor", "detrás del colegio San José", "frente al mercado",
        "devant la bibliothèque", "près de chez moi, rue Paradis", "derrière l'église Saint-Michel", "en face du marché",
    ],
)  # fmt: skip
def test_findable(text: str) -> None:
    assert not is_vague(text)


def test_a_problem_of_ones_own_is_no_place() -> None:
    assert not is_vague("my trash was not picked up again today", own=False)
    assert is_vague("near my house", own=False)


def test_a_position_with_another_house_number() -> None:
    pin = {"latitude": 41.0, "longitude": -73.0, "address": "57 Market Square"}
    assert with_number(pin, "no, it's number 60b") == {**pin, "address": "60B Market Square"}
    assert with_number(pin, "no") is None
    assert with_number(pin, "60 or 62") is None
    assert with_number({"latitude": 41.0, "longitude": -73.0}, "60") is None


@pytest.mark.parametrize(
    ("text", "rest"),
    [
        ("yes, but across the road", "across the road"), ("sí, pero al otro lado", "al otro lado"), ("yes", None),
        ("oui mais en face du 12", "en face du 12"), ("yes please", None), ("no, across the road", None), ("", None),
    ],
)  # fmt: skip
def test_what_follows_a_yes(text: str, rest: str | None) -> None:
    assert after_yes(text) == rest
