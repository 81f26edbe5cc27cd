"""Numbers and words for buttons: what is a choice, and what only looks like one."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from channels.base import Capabilities
from desk.turns.choice import choose, shown_as_numbers

TITLES = ("Pothole", "Street light", "Graffiti")


@pytest.mark.parametrize(
    "text",
    [
        "2", "2.", " 2) ", "(2)", "#2", "2️⃣", "２", "٢", "no. 2", "No 2", "nº 2", "N° 2", "№ 2", "option 2", "Number 2 please",
        "two", "TWO!", "second", "the second", "The second one", "the 2nd one", "2nd", "number two", "I want the second one",
        "I'll take 2", "I’d like the second one, please",
        "dos", "el segundo", "la segunda", "El número dos, por favor", "opción 2", "la 2ª", "el 2º", "el 2do", "quiero la segunda",
        "deux", "le deuxième", "la deuxième", "la seconde", "le 2", "2e", "2ème", "numéro deux", "n° 2 svp",
        "le deuxième s'il vous plaît", "je prends la deuxième", "choix 2",
        "street light", "STREET LIGHT.", "Street   light", "2. Street light", "2) street light!", "it is the second one",
    ],
)  # fmt: skip
def test_the_second_one(text: str) -> None:
    assert choose(text, TITLES) == 1


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("1", 0), ("one", 0), ("the first one", 0), ("uno", 0), ("la primera", 0), ("el 1er", 0), ("1ère", 0), ("le premier", 0),
        ("option one", 0), ("3", 2), ("third", 2), ("le troisième", 2), ("the last one", 2), ("el último", 2), ("la dernière", 2),
        ("graffiti", 2),
    ],
)  # fmt: skip
def test_others(text: str, place: int) -> None:
    assert choose(text, TITLES) == place


@pytest.mark.parametrize(
    "text",
    [
        "", "   ", "no", "please", "the", "4", "0", "00", "-", "99", "222", "2 or 3", "2 3", "1.5", "12/3",
        "the second street on the left", "the light on Second Avenue is out", "two potholes", "dos farolas rotas",
        "le deuxième étage", "2 Market Square", "second floor", "3. Street light", "light", "a street light is broken",
        "I want to talk to a person", "quiero hablar con una persona", "first of all, where is it?", "?", "👍",
    ],
)  # fmt: skip
def test_what_says_anything_else_is_no_choice(text: str) -> None:
    assert choose(text, TITLES) is None


def test_a_title_wins_over_a_number_and_two_alike_are_none() -> None:
    assert choose("2", ("1", "3", "2")) == 2
    assert choose("yes", ("Yes", "YES!")) is None
    assert choose("2", ("Yes", "YES!")) == 1
    assert choose("anything", ()) is None


@given(st.text(max_size=80), st.lists(st.text(min_size=1, max_size=24), max_size=12))
def test_any_text_is_one_of_the_titles_or_none(text: str, titles: list[str]) -> None:
    place = choose(text, titles)
    assert place is None or 0 <= place < len(titles)


def test_when_buttons_are_numbers() -> None:
    assert shown_as_numbers(Capabilities(100), 1)
    assert not shown_as_numbers(Capabilities(100, buttons=3, list_rows=10), 10)
    assert shown_as_numbers(Capabilities(100, buttons=3, list_rows=10), 11)
    assert shown_as_numbers(Capabilities(100, buttons=13, button_keeps=False), 2)
