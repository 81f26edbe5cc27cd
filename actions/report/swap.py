"""Corrections that name both values: "7 not 5", "not 5 but 7", "7 instead of 5", in every language. Pure."""

import re
from dataclasses import replace

from actions.languages import WORDS
from actions.report.draft import Draft
from actions.words import fold

_NUMBER = re.compile(r"(?<![\w@.+-])\d{1,5}[A-Za-z]?(?![\w@-])")
_NEAR = 4  # words between "not" and the number that it refers to


def swap_number(text: str, language: str, draft: Draft) -> Draft | None:
    """The draft with a number of its place or its words replaced; None if the text replaces none of them."""
    found = _numbers(text, language)
    if found is None:
        return None
    old, new = found
    address = str((draft.location or {}).get("address") or "")
    if draft.location and (old in address.split() or (old is None and _NUMBER.search(address))):
        placed = _NUMBER.sub(new, address, count=1) if old is None else _put(address, old, new)
        return replace(draft, location={**draft.location, "address": placed})
    if old is not None and draft.description and _put(draft.description, old, new) != draft.description:
        return replace(draft, description=_put(draft.description, old, new))
    return None


def _numbers(text: str, language: str) -> tuple[str | None, str] | None:
    """(the wrong number, the right one); the wrong one is None where only the right one is said."""
    said = [(one.start(), one[0]) for one in _NUMBER.finditer(text)]
    if len(said) == 1:
        return None, said[0][1]
    if len(said) != 2:
        return None
    words = WORDS.get(language)
    between = fold(text[said[0][0] : said[1][0]])
    before = fold(text[: said[0][0]]).split()[-_NEAR:]
    (_, first), (_, second) = said
    if words and words.negating in between.split():
        return second, first
    if words and any(f" {one} " in f" {between} " for one in words.instead):
        return second, first
    if words and words.negating in before:
        return first, second
    return None


def _put(text: str, old: str, new: str) -> str:
    return re.sub(rf"(?<![\w@.+-]){re.escape(old)}(?![\w@-])", lambda _: new, text, count=1)
