"""Extracts the correct place from a correction: "the number is 7 not 5", "it is Oak Street, not Elm Street". Pure."""

import re

from actions.languages import WORDS
from actions.words import fold

_NUMBER = re.compile(r"(?<![\w/.-])(\d{1,5}[a-z]?)(?![\w/-])", re.I)
_NUMBERS_NAMED = frozenset(word for words in WORDS.values() for word in words.numbers.split())
_AROUND = frozenset(
    word
    for words in WORDS.values()
    for said in (*words.correcting, *words.place, words.empty, words.polite)
    for word in fold(said).split()
)


def fixed_place(text: str, before: str | None, found: str | None) -> str | None:
    """The corrected address, or None if the text corrects none.

    `before` is the report's address, `found` the one that the gazetteer saw in the text: without a number of
    its own it takes over the report's.
    """
    numbers = [one.lower() for one in _NUMBER.findall(text)]
    old = _NUMBER.search(before or "")
    if found and fold(found) != fold(before or ""):
        if _NUMBER.search(found) or "/" in found or not old:
            return found
        # "Oak Street, not Elm Street": the street changes, and the number stays unless another is given.
        new = next((one for one in numbers if one != old[1].lower()), old[1])
        return f"{new} {found}"
    if not before or not old:
        return None
    others = [one for one in numbers if one != old[1].lower()]
    words = fold(text).split()
    named = old[1].lower() in numbers or bool(_NUMBERS_NAMED & set(words)) or _says_only(words, others)
    if len(set(others)) != 1 or not named:
        return None
    return f"{before[: old.start(1)]}{others[0]}{before[old.end(1) :]}"


def _says_only(words: list[str], numbers: list[str]) -> bool:
    """ "In fact it is at 9": a number, and words that say nothing by themselves."""
    return len(words) > 1 and all(word in numbers or word in _AROUND for word in words)
