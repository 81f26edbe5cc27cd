"""Reads what somebody writes who wants notices, or wants none: "tell me about floods in Harbour district", "ALERTS HARBOUR". Pure.

Only whole messages count: one word that means something else, and the assistant answers instead.
"""

import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from city.notices.districts import District
from desk.notices.languages import WORDS
from desk.notices.languages.words import Words

LONGEST = 160
"""Characters of a message that may be such a wish."""


@dataclass(frozen=True, slots=True)
class Wish:
    """`scenarios` and `districts` by name; none means all of them. `language`: of the words."""

    act: Literal["on", "off", "confirm"]
    language: str
    scenarios: tuple[str, ...] = ()
    districts: tuple[str, ...] = ()


def wish_of(text: str, districts: Sequence[District], preferred: str = "en") -> Wish | None:
    """The wish that the whole text is, or None. The words of the `preferred` language are tried first."""
    if len(text) > LONGEST or "?" in text:
        return None
    said = _plain(text)
    for language in sorted(WORDS, key=lambda one: one != preferred):
        vocabulary = WORDS[language]
        if said in vocabulary.confirm:
            return Wish("confirm", language)
        for act, phrases in (("off", vocabulary.unsubscribe), ("on", vocabulary.subscribe)):
            if found := _after(said, phrases):
                phrase, rest = found
                wish = _read(rest, language, vocabulary, districts, "off" if act == "off" else "on")
                if wish is not None and (phrase not in vocabulary.weak or wish.districts):
                    return wish
    return None


def _read(
    rest: str, language: str, vocabulary: Words, districts: Sequence[District], act: Literal["on", "off"]
) -> Wish | None:
    names = {
        _plain(word): one.name
        for one in districts
        for word in (one.name.replace("-", " "), *one.title.values(), *one.also)
    }
    about = {word: scenario for scenario, words in vocabulary.about.items() for word in words}
    scenarios, left = _taken(rest, about)
    places, left = _taken(left, names)
    _, left = _taken(left, dict.fromkeys(vocabulary.all_of, ""))
    _, left = _taken(left, dict.fromkeys(vocabulary.between, ""))
    return None if left.strip() else Wish(act, language, scenarios, places)


def _taken(text: str, known: Mapping[str, str]) -> tuple[tuple[str, ...], str]:
    """What of `known` stands in the text, in a fixed order, and the text without it."""
    found = set()
    padded = f" {text} "
    for word in sorted(known, key=len, reverse=True):
        while f" {word} " in padded:
            padded = padded.replace(f" {word} ", " | ", 1)
            found.add(known[word])
    return tuple(sorted(one for one in found if one)), padded.replace("|", " ").strip()


def _after(said: str, phrases: Iterable[str]) -> tuple[str, str] | None:
    """The longest phrase with which the text begins, and what follows it."""
    for phrase in sorted(phrases, key=len, reverse=True):
        if said == phrase or said.startswith(f"{phrase} "):
            return phrase, said[len(phrase) :].strip()
    return None


def _plain(text: str) -> str:
    folded = unicodedata.normalize("NFKD", text).casefold()
    kept = "".join(c if c.isalnum() else " " for c in folded if unicodedata.category(c) != "Mn")
    return " ".join(kept.split())
