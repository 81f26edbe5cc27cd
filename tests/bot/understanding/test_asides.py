"""What a message says about the conversation itself is taken out of what it says to the city."""

import pytest

from bot.understanding.language_wish import language_wished_in_clause, without_language_wish
from bot.understanding.order_wish import order_wish

OFFERED = ("en", "es", "fr")


@pytest.mark.parametrize(
    ("text", "wanted", "rest"),
    [
        ("prefiero español, hay un bache", "es", "hay un bache"),
        ("prefiero español hay un bache en Mill Lane 12", "es", "hay un bache en Mill Lane 12"),
        ("in French please, there is a hole", "fr", "there is a hole"),
        ("in french please there is a hole", "fr", "there is a hole"),
        ("There is a hole. Can we speak Spanish?", "es", "There is a hole."),
        ("hay un bache, mejor en inglés por favor, en Mill Lane 12", "en", "hay un bache, en Mill Lane 12"),
        ("je préfère l'anglais svp, il y a un trou", "en", "il y a un trou"),
        ("¿podemos hablar francés? hay un bache", "fr", "hay un bache"),
    ],
)
def test_a_language_wish_is_taken_out(text: str, wanted: str, rest: str) -> None:
    assert language_wished_in_clause(text, None, OFFERED) == wanted
    assert without_language_wish(text, None, OFFERED) == rest


@pytest.mark.parametrize(
    "text",
    [
        "the sign is in French, it is bent",
        "there is a hole, in English Street",
        "el cartel está en inglés, y roto",
    ],
)
def test_a_language_in_a_description_stays(text: str) -> None:
    assert without_language_wish(text, None, OFFERED) == text


@pytest.mark.parametrize(
    ("language", "text", "wish"),
    [
        ("en", "do the second first: a hole here, a lamp there", "do the second first"),
        ("en", "the light first please. a hole here and a lamp there", "the light first please"),
        ("en", "a hole here, a lamp there, and the lamp first", "and the lamp first"),
        ("en", "start with the lamp, a hole here and a lamp there", "start with the lamp"),
        ("en", "can you do the lamp first? there is a hole and a lamp", "can you do the lamp first"),
        ("es", "primero la farola: hay un bache y una farola", "primero la farola"),
        ("es", "hay un bache y una farola, empiece por la farola", "empiece por la farola"),
        ("fr", "d'abord le lampadaire svp, il y a un trou et un lampadaire", "d'abord le lampadaire svp"),
        ("fr", "il y a un trou et un lampadaire. commencez par le deuxième", "commencez par le deuxième"),
    ],
)
def test_a_wish_about_the_order_is_found(language: str, text: str, wish: str) -> None:
    found = order_wish(text, language)
    assert found is not None and found[1] == wish
    assert wish not in found[0]


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "a hole and the light on the first floor is out"),
        ("en", "first there is a hole, then a lamp"),
        ("en", "the first lamp is dark, the other flickers"),
        ("en", "do I need a permit, there is a hole"),
        ("es", "hay un bache en la primera esquina, y una farola"),
        ("fr", "il y a un trou au premier carrefour, et un lampadaire"),
        ("en", "the light first"),
    ],
)
def test_other_words_are_no_such_wish(language: str, text: str) -> None:
    assert order_wish(text, language) is None


@pytest.mark.parametrize("part", ["first, ", "prefiero español, ", "the lamp first. ", "¿", "hay un "])
def test_long_texts_take_linear_time(part: str) -> None:
    text = part * 20_000
    order_wish(text[:4000], "en")
    without_language_wish(text, "es", OFFERED)
