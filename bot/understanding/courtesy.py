"""Polite words around a short command: "Stop. Thank you", "cancelar, gracias". Pure.

The model would read such a message as thanks or as nothing in particular, and the command would be lost.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from bot.languages import WORDS
from bot.understanding.shape import plain

LONGEST = 60  # characters
MOST_WORDS = 3  # of a command: "go back", "annuler tout ça"
_PHRASES = sorted(
    (plain(said).split() for words in WORDS.values() for said in words.courteous), key=len, reverse=True
)
_BY_FIRST = {one[0]: [phrase for phrase in _PHRASES if phrase[0] == one[0]] for one in _PHRASES}
_BY_LAST = {one[-1]: [phrase for phrase in _PHRASES if phrase[-1] == one[-1]] for one in _PHRASES}


def without_courtesy(text: str) -> str | None:
    """The few words between polite ones at both ends; None if there are no polite words, no others, or too many for a command.
    A number names something, so that it is no command alone."""
    if len(text) > LONGEST or "?" in text or any(character.isdigit() for character in text):
        return None
    words = plain(text).split()
    left = list(words)
    while left and (cut := _found(_BY_LAST.get(left[-1], ()), lambda size: left[-size:])):
        del left[-cut:]
    while left and (cut := _found(_BY_FIRST.get(left[0], ()), lambda size: left[:size])):
        del left[:cut]
    return " ".join(left) if 0 < len(left) <= MOST_WORDS and len(left) < len(words) else None


def _found(phrases: Sequence[list[str]], words: Callable[[int], list[str]]) -> int:
    """The length of the first phrase that stands there; 0 if none does. `words`: so many of them."""
    return next((len(one) for one in phrases if words(len(one)) == one), 0)
