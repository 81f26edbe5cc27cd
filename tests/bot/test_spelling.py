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
        ("pass port", "pass port"),  # two words that exist: nobody can know
        ("passp ort", "passport"),
        ("lostpermit", "lost permit"),
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


def test_a_message_of_a_thousand_words_costs_little(speller: Speller) -> None:
    long = "pasport " * 1000
    assert speller(long) == long
