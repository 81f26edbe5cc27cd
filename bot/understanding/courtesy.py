"""Polite words around a short command: "Stop. Thank you", "cancelar, gracias". Pure.

The model would read such a message as thanks or as nothing in particular, and the command would be lost.
"""

from __future__ import annotations

from bot.languages import WORDS
from bot.understanding.shape import plain

LONGEST = 60  # characters
MOST_WORDS = 3  # of a command: "go back", "annuler tout ça"
_PHRASES = sorted(
    {tuple(plain(said).split()) for words in WORDS.values() for said in words.courteous},
    key=len,
    reverse=True,
)


def without_courtesy(text: str) -> str | None:
    """The few words between polite ones at both ends; None if there are no polite words, no others, or too many for a command.
    A number names something, so that it is no command alone."""
    if len(text) > LONGEST or "?" in text or any(character.isdigit() for character in text):
        return None
    words = plain(text).split()
    left = list(words)
    while cut := next((one for one in _PHRASES if tuple(left[-len(one) :]) == one), None):
        del left[-len(cut) :]
    while cut := next((one for one in _PHRASES if tuple(left[: len(one)]) == one), None):
        del left[: len(cut)]
    return " ".join(left) if 0 < len(left) <= MOST_WORDS and len(left) < len(words) else None
