"""Recognises which offered button a citizen means by a number, an ordinal or its title. Pure.

A text is a choice only if it says nothing else: "the second one" is, "the second street on the left" is not.
English, Spanish, French and Portuguese are all understood in every conversation; people mix them.
"""

import re
import unicodedata
from collections.abc import Sequence

from channels.base import Capabilities
from desk.languages import WORDS

_NUMBERS = {
    word: number
    for language in WORDS.values()
    for number, line in enumerate(language.ordinals, start=1)
    for word in line.split()
}
_LAST = frozenset(word for language in WORDS.values() for word in language.last_choice.split())
# Filler words that may surround the number. "no" is short for "number" here; on its own it is not a choice.
_AROUND = frozenset(word for language in WORDS.values() for word in language.around_choice.split())
_DIGITS = re.compile(r"(\d{1,2})(st|nd|rd|th|o|a|ro|do|to|er|era|ero|re|ere|e|eme|ieme|nde)?")
_LONGEST = 60
WAYS_OUT = frozenset({"stop", "skip", "talk_to_person", "cancel_handoff", "back_to_bot", "hold_place"})
"""Intents of buttons that do not answer the question above them."""
_PRESENTED = re.compile(r"^\W*(\d{1,2})\s*[.):\-–]+\s*(\S.*)$", re.DOTALL)


def shown_as_numbers(capabilities: Capabilities, count: int) -> bool:
    """Whether this channel shows that many buttons as numbered text (or may lose them, see
    `button_keeps`)."""
    return count > max(capabilities.buttons, capabilities.list_rows) or not capabilities.button_keeps


def names_title(text: str, title: str) -> bool:
    """Whether the text is a button's title, perhaps with the number that it was shown with."""
    shown = _PRESENTED.match(text.strip())
    return plain(title) in (plain(text), plain(shown[2]) if shown else "")


def number_counts(chosen: str, offered: Sequence[str], numbered: bool) -> bool:
    """Whether a bare number stands for a button. `chosen` and `offered` are the intents of that button and of all.

    If only ways out are offered, the question is an open one ("Where on Elm Street?"), and 2 is its answer.
    On a channel that shows numbers it may still mean the way out, but never the one that gives up the report.
    """
    if any(intent not in WAYS_OUT for intent in offered):
        return True
    return numbered and chosen != "stop"


def choose(text: str, titles: Sequence[str]) -> int | None:
    """The place of the chosen title (0 is the first), or None where the text says anything else."""
    # First of all: a mail may have 20,000 characters, and decomposing a run of accents takes time quadratic in its length.
    if not titles or len(text) > _LONGEST + max(len(title) for title in titles):
        return None
    said = plain(text)
    if not said:
        return None
    matches = [place for place, title in enumerate(titles) if plain(title) == said]
    if len(matches) == 1:
        return matches[0]
    if (found := _PRESENTED.match(text.strip())) and 0 < int(found[1]) <= len(titles):
        # The whole line was copied: "2. Street light".
        place = int(found[1]) - 1
        return place if plain(found[2]) == plain(titles[place]) else None
    number = _number(said.split(), len(titles))
    return number - 1 if number is not None and 0 < number <= len(titles) else None


def _number(words: Sequence[str], count: int) -> int | None:
    said = [word for word in words if word not in _AROUND]
    if not said:
        # "one" counts as a number only if there is no other number: "the second one".
        return 1 if "one" in words else None
    if len(said) != 1:
        return None
    (word,) = said
    if word in _LAST:
        return count
    if word in _NUMBERS:
        return _NUMBERS[word]
    found = _DIGITS.fullmatch(word)
    return int(found[1]) if found else None


def plain(text: str) -> str:
    """The text in lower case, without accents, punctuation or symbols; digits of any script become ASCII."""
    decomposed = unicodedata.normalize("NFKD", text.replace("№", "no "))
    kept = []
    for character in decomposed:
        kind = unicodedata.category(character)
        if kind == "Nd":
            kept.append(str(unicodedata.decimal(character)))
        elif kind[0] in "LN":
            kept.append(character.casefold())
        elif kind not in ("Mn", "Me", "Cf"):
            kept.append(" ")
    return " ".join("".join(kept).split())
