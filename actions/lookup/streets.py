"""Which place a message means, and the name of a street that the gazetteer does not have. Pure."""

import re
from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any

from actions.languages import WORDS
from actions.lookup.source import Place
from actions.turn import DialogueTurn
from actions.words import fold

LONGEST = 60  # characters of a name that is repeated to the citizen
MOST_WORDS = 3
_WORD = re.compile(r"[^\W_]+(?:['’-][^\W_]+)*")


def place_in(turn: DialogueTurn) -> Place | None:
    """The place that the message names, by the gazetteer; the longest find."""
    street, address = turn.entity("street"), turn.entity("address")
    return Place(str(street), str(address or street)) if street else None


def places_before(events: Sequence[Mapping[str, Any]]) -> list[Place]:
    """Places that the citizen named earlier in the conversation, latest first, each street once."""
    found: dict[str, Place] = {}
    said = [event for event in events if event.get("event") == "user"]
    for event in reversed(said[:-1]):
        entities = (event.get("parse_data") or {}).get("entities") or []
        named = {str(one.get("entity")): str(one.get("value")) for one in entities}
        if street := named.get("street"):
            found.setdefault(street, Place(street, named.get("address", street)))
    return list(found.values())


def unknown_street(text: str, *, asked: bool) -> str | None:
    """A street's name as the citizen wrote it, found by the word for its kind: "Foo Street", "calle Foo".

    `asked`: we just asked for it, so a short message counts as a name without such a word.
    """
    text = text[:400]
    words = [(found[0], fold(found[0]), found.start(), found.end()) for found in _WORD.finditer(text)]
    for place, (_, word, start, end) in enumerate(words):
        if word in _kinds("streets_after"):
            first = place
            while first > 0 and place - first < MOST_WORDS and words[first - 1][1] not in _empty():
                first -= 1
            if first < place:
                return text[words[first][2] : end][:LONGEST]
        if word in _kinds("streets_before"):
            last = place
            while last + 1 < len(words) and last - place < MOST_WORDS and not _ends(words[last + 1][1]):
                last += 1
            if last > place:
                return text[start : words[last][3]][:LONGEST]
    if asked and 0 < len(words) <= MOST_WORDS + 2:
        return text.strip(" .!?")[:LONGEST]
    return None


@cache
def _kinds(table: str) -> frozenset[str]:
    return frozenset(word for words in WORDS.values() for word in getattr(words, table).split())


@cache
def _empty() -> frozenset[str]:
    return frozenset(word for words in WORDS.values() for word in words.before_street.split())


def _ends(word: str) -> bool:
    # "de" and "la" are part of a name: "calle de la Paz".
    return word in _empty() and word not in _PART_OF_NAME


_PART_OF_NAME = frozenset(["de", "la", "del", "du", "des", "los", "las", "le", "les", "l", "d"])
