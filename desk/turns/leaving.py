"""Whether a whole message says that somebody no longer wants to wait for a person, or to talk to one. Pure.

This works without the bot: nobody may be held in the queue because the bot is down. Longer wordings are left
to the bot (bot/turn/waiting.py).
"""

from typing import Literal

from desk.languages import WORDS
from desk.turns.choice import plain

LONGEST = 120  # characters

_LEAVING = frozenset(phrase for words in WORDS.values() for phrase in words.leaving)
_ENDING = frozenset(phrase for words in WORDS.values() for phrase in words.ending)
_POLITE = sorted(
    ((tuple(phrase.split())) for words in WORDS.values() for phrase in words.polite), key=len, reverse=True
)


def leaving(text: str) -> Literal["leaving", "ending"] | None:
    """`ending`: it can mean nothing else, even when an agent has the conversation. `leaving`: it means that
    only in the queue."""
    if len(text) > LONGEST:
        return None
    words = plain(text).split()
    for said in (words, _without_polite(words)):
        phrase = " ".join(said)
        if phrase in _ENDING:
            return "ending"
        if phrase in _LEAVING:
            return "leaving"
    return None


def _without_polite(words: list[str]) -> list[str]:
    kept = list(words)
    changed = True
    while changed:
        changed = False
        for phrase in _POLITE:
            size = len(phrase)
            if len(kept) > size and tuple(kept[:size]) == phrase:
                kept, changed = kept[size:], True
            elif len(kept) > size and tuple(kept[-size:]) == phrase:
                kept, changed = kept[:-size], True
    return kept
