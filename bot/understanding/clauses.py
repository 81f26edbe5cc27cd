"""Splits a message into clauses, and removes one. Pure.

Some clauses are about the conversation itself: which language, which report first. They are removed
before the rest is read, so that they do not end up in a report.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from bot.languages import WORDS
from bot.understanding.text import tokens

_CLAUSE = re.compile(r"[^,.;:!?¡¿\n]+")
_LONGEST_LEAD = 10  # words before "there is", where no comma stands
_BEGINNINGS = frozenset(
    tuple(said.split()) for words in WORDS.values() for said in (*words.telling, *words.asking)
)
_MOST_WORDS = max(map(len, _BEGINNINGS))
_FIRST_WORDS = frozenset(said[0] for said in _BEGINNINGS)
_AROUND = " \t\n,;:-–—"


class Clause(NamedTuple):
    """Where it stands in the text."""

    start: int
    end: int


def clauses(text: str) -> Iterator[Clause]:
    """Each clause between two signs; then what stands before "there is", "hay" or a question without a sign."""
    first = None
    for found in _CLAUSE.finditer(text):
        if any(character.isalnum() for character in found[0]):
            first = first or Clause(*found.span())
            yield Clause(*found.span())
    if first is not None:
        yield from _leads(text, first)


def without_clause(text: str, clause: Clause) -> str:
    """What is left of the text, joined again."""
    before = text[: clause.start].rstrip(_AROUND).removesuffix("¿").removesuffix("¡").rstrip(_AROUND)
    after = text[clause.end :].lstrip(f".!?{_AROUND}")
    if not after or not before:
        return before or after
    return f"{before} {after}" if before[-1] in ".!?" else f"{before}, {after}"


def _leads(text: str, clause: Clause) -> Iterator[Clause]:
    written = [one for one in tokens(text[clause.start : clause.end]) if one.word.isalnum()]
    words = [one.word for one in written]
    for place in range(1, min(len(words), _LONGEST_LEAD + 1)):
        if words[place] in _FIRST_WORDS and any(
            tuple(words[place : place + size]) in _BEGINNINGS for size in range(1, _MOST_WORDS + 1)
        ):
            yield Clause(clause.start, clause.start + written[place - 1].end)
