"""Polite words around a command are taken off; in any other text nothing is."""

import pytest

from bot.understanding.courtesy import without_courtesy


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("Stop. Thank you", "stop"),
        ("thanks, stop please!", "stop"),
        ("cancelar, muchas gracias", "cancelar"),
        ("S'il vous plaît, annuler", "annuler"),
        ("pls go back thx", "go back"),
    ],
)
def test_what_is_left(text: str, left: str) -> None:
    assert without_courtesy(text) == left


@pytest.mark.parametrize(
    "text",
    [
        "stop",
        "thank you",
        "muchas gracias",
        "",
        "stop please?",
        "thanks " * 20,
        "cancel SR-4KQ2 please",
        "please stop this noise now",
    ],
)
def test_nothing_to_take_off(text: str) -> None:
    assert without_courtesy(text) is None
