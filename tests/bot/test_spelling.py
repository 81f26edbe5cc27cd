"""Slips are mended where the examples know what was meant, and nothing else is touched."""

import pytest

from bot.components.spelling import Speller
from bot.encoders.shared import shared_encoder

EXAMPLES = [
    "renew my passport",
    "new passport",
    "my bin was not collected",
    "bin collected late",
    "lost permit",
    "parking permit",
]


@pytest.fixture(scope="module")
def speller() -> Speller:
    return Speller.fit(EXAMPLES, shared_encoder().tokens.knows)


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("renew my pasport", "renew my passport"),
        ("renew my passprot", "renew my passport"),
        ("colected, bin!", "collected, bin!"),
        ("new pass port", "new passport"),  # both exist, but no example has either of them
        ("passp ort", "passport"),
        ("lostpermit", "lost permit"),
        ("lostxpermit", "lost permit"),
        ("parkin gpermit", "parking permit"),
        ("passpotr", "passport"),
        ("pasportt", "passport"),
    ],
)
def test_mends(speller: Speller, typed: str, meant: str) -> None:
    assert speller(typed) == meant


@pytest.mark.parametrize(
    "text",
    [
        "",
        "ok",
        "bim",
        "renovar mi pasaporte",
        "quiero saber la hora",
        "123 permit 4",
        "👍",
        "日本語",
        "x" * 4000,
    ],
)
def test_leaves_the_rest_alone(speller: Speller, text: str) -> None:
    assert speller(text) == text


def test_the_language_of_a_message_decides_between_two_words() -> None:
    texts = ["renew a permit", "renew a permit", "renovar un permiso", "renovar un permiso"]
    speller = Speller.fit(texts, lambda word: False, ["en", "en", "es", "es"])
    assert speller("renew permix") == "renew permit"
    assert speller("renovar permisx") == "renovar permiso"


def test_a_word_that_examples_have_is_never_changed() -> None:
    speller = Speller.fit(["voto por correo", *["foto para el pasaporte"] * 9], lambda word: False)
    assert speller("voto para el pasaporte") == "voto para el pasaporte"


def test_a_message_of_a_thousand_words_costs_little(speller: Speller) -> None:
    long = "pasport " * 1000
    assert speller(long) == long
