"""How people ask, in one language, for a part of the answer that they have just read."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True)
class FollowUpWords:
    """All words are folded: lower case, no accents, an apostrophe or a hyphen is a space.

    `parts`: the phrases that ask for each part of an answer; the names are those of desk/knowledge/parts.py. The words
    of a phrase may have others between them. The phrase with most words that are no fillers wins, then the longest, then
    the part named first. So bare question words are fillers, and their parts come last.
    `qualifiers`: the same for what narrows a question: "for children".
    `filler`: words that ask for nothing and name nothing.
    `also`: beginnings of a question that adds to the one before: "and", "what about".
    `never`: whole messages that have the words of a follow-up and are none: "how are you".
    """

    parts: Mapping[str, tuple[str, ...]]
    qualifiers: Mapping[str, tuple[str, ...]]
    filler: tuple[str, ...]
    also: tuple[str, ...]
    never: tuple[str, ...] = ()
