"""Wishes about the order of several reports: "do the second first: …", "…, primero la farola". Pure.

A clause is one if it begins or ends with a word for "first", or begins with "start with", and names no place. Which
report it means is decided where the reports are (actions/report/queue.py).
"""

from __future__ import annotations

from bot.languages import WORDS
from bot.understanding.clauses import clauses, without_clause
from bot.understanding.shape import is_question, is_telling, plain

_SHORT = 6  # words of a wish that stands alone
_FIRST_OF_TWO = frozenset({"d abord", "en premier"})
LONGEST = 9  # words of "please do the one with the fallen tree first"
_FIRST = frozenset(word for words in WORDS.values() for word in words.first.split())
_STARTING = tuple(f"{said} " for words in WORDS.values() for said in words.starting)
_NEEDED = _FIRST | {
    said.split()[0] for said in _STARTING
}  # a text without any of these words has no such clause
_AROUND = frozenset(word for words in WORDS.values() for word in words.around_first.split()) - _FIRST


def order_wish(text: str, language: str | None) -> tuple[str, str] | None:
    """(the text without the wish, the wish); None if its first and last clauses are none."""
    if _NEEDED.isdisjoint(plain(text).split()):
        return None
    found = list(clauses(text))
    for clause in reversed(found):
        rest = without_clause(text, clause)
        said = text[clause.start : clause.end].strip()
        outside = not text[: clause.start].strip(" ¿¡") or not text[clause.end :].strip(" .!?")
        if outside and rest and _wishes(said, language):
            return rest, said
    return None


def wishes_order(text: str, language: str | None) -> bool:
    """Whether a text is such a wish and nothing else: "do the second first", "el árbol primero"."""
    words = plain(text).split()
    while words and words[-1] in _AROUND:
        words.pop()
    if not 1 < len(words) <= _SHORT:
        return False
    last = words[-1] in _FIRST or " ".join(words[-2:]) in _FIRST_OF_TWO
    return last and _wishes(text, language) and not is_question(text, language)


def _wishes(said: str, language: str | None) -> bool:
    words = plain(said).split()
    if not 1 < len(words) <= LONGEST or any(is_telling(" ".join(words[at:]), language) for at in range(3)):
        return False
    own = list(words)
    while own and own[-1] in _AROUND:
        own.pop()
    while own and own[0] in _AROUND:
        own = own[1:]
    if own and not _FIRST.isdisjoint((own[0], own[-1])):
        return True
    begun = f"{' '.join(own)} ".startswith(_STARTING) or f"{' '.join(words)} ".startswith(_STARTING)
    return begun and not is_question(said, language)
