"""Whether a whole message says that somebody no longer wants to wait for or talk to a person, or that they
want to be contacted later while their place is kept. Pure.

This works without the bot: nobody must be stuck in the queue because the bot is down. Longer wordings are left
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
_HOLDING = frozenset(phrase for words in WORDS.values() for phrase in words.holding)
_AROUND_HOLDING = frozenset(
    phrase for words in WORDS.values() for phrase in (*words.around_holding, *words.polite)
)
_LONGEST_PHRASE = max(len(phrase.split()) for phrase in _HOLDING | _AROUND_HOLDING)
_POLITE_PHRASES = frozenset(" ".join(words) for words in _POLITE)


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


def holding(text: str) -> bool:
    """Whether somebody in the queue asks to be written to, or to keep their place, and says nothing else."""
    words = plain(text).split() if len(text) <= LONGEST else []
    at, asked = 0, False
    while at < len(words):
        held = _longest(words, at, _HOLDING)
        size = held or _longest(words, at, _AROUND_HOLDING)
        if not size:
            return False
        at, asked = at + size, asked or held > 0
    return asked


def _longest(words: list[str], at: int, phrases: frozenset[str]) -> int:
    """How many words from here on are the longest of these phrases."""
    sizes = range(min(_LONGEST_PHRASE, len(words) - at), 0, -1)
    return next((size for size in sizes if " ".join(words[at : at + size]) in phrases), 0)


def is_polite(text: str) -> bool:
    """Whether a whole message is thanks or the like, which asks for nothing."""
    words = plain(text).split() if len(text) <= LONGEST else []
    return bool(words) and " ".join(_without_polite(words)) in _POLITE_PHRASES


def without_polite(text: str) -> str:
    """The text in plain words, without "please", "thanks" and the like around it; "" for a long one."""
    return " ".join(_without_polite(plain(text).split())) if len(text) <= LONGEST else ""


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
