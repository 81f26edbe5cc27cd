"""Requests for another language: "prefiero español", "in English please", "je ne parle pas anglais". Pure.

A text is such a request if it consists only of a language's name and words that ask for it, so that
"the sign is in French" and "I want to learn English" are not.
"""

from __future__ import annotations

from collections.abc import Sequence

from bot.languages import WORDS
from bot.understanding.clauses import Clause, clauses, without_clause
from bot.understanding.shape import plain

LONGEST = 14  # words
LONGEST_TEXT = 800  # characters
_WITHIN = frozenset(["in", "en", "em", "auf", "the", "al", "a", "to", "au", "el", "le"])
_NAMES = {name: code for words in WORDS.values() for name, code in words.languages.items()} | {
    "italiano": "it", "deutsch": "de", "polski": "pl", "turkce": "tr", "espanhol": "es", "portugues": "pt",
}  # fmt: skip
_SWITCHING = {
    code: frozenset(words.switching.split())
    | {word for phrase in words.not_speaking for word in phrase.split()}
    for code, words in WORDS.items()
}
# "auf Deutsch bitte": languages without a table are recognised by their own names.
_ELSEWHERE = frozenset(["auf", "bitte", "parlare", "parla", "per", "favore", "po", "polsku", "prosze"])
# "No entiendo, hablo español": the words before it are not about this language.
_SPEAKING = frozenset(
    ["speak", "prefer", "hablo", "hablamos", "prefiero", "parle", "parlons", "prefere", "falo", "prefiro"]
)
_NOT_SPEAKING = tuple(phrase.split() for words in WORDS.values() for phrase in words.not_speaking)


def language_wished(text: str, spoken: str | None, offered: Sequence[str]) -> str | None:
    """The code of the language that is asked for; None if the text is no such request. `spoken` is the
    language of the text: somebody who writes in Spanish that they do not speak English wants Spanish.
    """
    words = plain(text).split()
    places = [place for place, word in enumerate(words) if word in _NAMES]
    if not places or len(words) > LONGEST:
        return None
    others = [word for word in words if word not in _NAMES]
    if not any(all(word in known or word in _ELSEWHERE for word in others) for known in _SWITCHING.values()):
        return None
    wanted = [_NAMES[words[place]] for place in places if not _refused(words, place)]
    if wanted:
        return wanted[-1]
    refused = {_NAMES[words[place]] for place in places}
    left = [code for code in offered if code not in refused]
    if spoken in left:
        return spoken
    return left[0] if len(left) == 1 else "other"


def language_wished_in_clause(text: str, spoken: str | None, offered: Sequence[str]) -> str | None:
    """The code of an offered language that one clause of a longer text asks for: "en español por favor, ¿cuándo …?".

    A clause that is only "in English" may be part of the statement, so it needs another word that asks.
    """
    found = _wish_in(text, spoken, offered)
    return found[0] if found else None


def without_language_wish(text: str, spoken: str | None, offered: Sequence[str]) -> str:
    """The text without the clause that asks for a language: what it says to the city."""
    found = _wish_in(text, spoken, offered)
    return without_clause(text, found[1]) if found else text


def _wish_in(text: str, spoken: str | None, offered: Sequence[str]) -> tuple[str, Clause] | None:
    if _NAMES.keys().isdisjoint(plain(text[:LONGEST_TEXT]).split()):
        return None
    for clause in clauses(text[:LONGEST_TEXT]):
        words = plain(text[clause.start : clause.end]).split()
        if any(word in _NAMES for word in words) and any(word not in _WITHIN | set(_NAMES) for word in words):
            wanted = language_wished(text[clause.start : clause.end], spoken, offered)
            if wanted is not None and wanted in offered:
                return wanted, clause
    return None


def _refused(words: list[str], place: int) -> bool:
    before = words[:place]
    if before and before[-1] in _SPEAKING:
        return before[-2:-1] in (["not"], ["no"], ["don"], ["t"], ["dont"], ["ne"], ["nao"])
    return any(before[-len(phrase) :] == phrase for phrase in _NOT_SPEAKING) or any(
        before[-len(phrase) - 1 : -1] == phrase for phrase in _NOT_SPEAKING if len(phrase) > 1
    )
