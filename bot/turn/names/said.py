"""Finds a table's phrases in a text, by tokens. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache

from bot.understanding.text import Token

Span = tuple[int, int]  # tokens


def phrases_in(written: Sequence[Token], phrases: tuple[str, ...]) -> Iterator[Span]:
    """The position of one of the phrases; apostrophes and hyphens between its words do not matter."""
    beginning = by_first_word(phrases)
    if not any(token.word in beginning for token in written):
        return
    words = [(place, token.word) for place, token in enumerate(written) if token.word not in "'’-"]
    said = [word for _, word in words]
    place = 0
    while place < len(said):
        likely = beginning.get(said[place], ())
        found = next((one for one in likely if said[place : place + len(one)] == one), None)
        if found:
            yield words[place][0], words[place + len(found) - 1][0] + 1
        place += len(found) if found else 1


@lru_cache(maxsize=64)  # there are a few tables for each language
def by_first_word(phrases: tuple[str, ...]) -> Mapping[str, Sequence[list[str]]]:
    """The words of each phrase, the longest first."""
    found: dict[str, list[list[str]]] = {}
    for phrase in sorted(phrases, key=len, reverse=True):
        split = phrase.split()
        found.setdefault(split[0], []).append(split)
    return found
