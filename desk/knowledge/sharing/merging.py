"""Merges what two sides made of an answer: what only one of them changed is taken from that one, paragraph by paragraph in a text. Where both
changed the same, ours stays, and its name is given. Pure."""

from collections.abc import Sequence
from difflib import SequenceMatcher
from typing import Any

BREAK = "\n\n"


def merge(base: object, ours: object, theirs: object, where: str = "") -> tuple[Any, list[str]]:
    """(merged, the places where both changed the same). `base` is what both began with; None: it is not known."""
    if ours == theirs or theirs == base:
        return ours, []
    if ours == base:
        return theirs, []
    if isinstance(ours, dict) and isinstance(theirs, dict):
        before = base if isinstance(base, dict) else {}
        merged, both = {}, []
        for name in dict.fromkeys([*ours, *theirs]):
            place = f"{where}.{name}" if where else str(name)
            value, found = merge(before.get(name), ours.get(name), theirs.get(name), place)
            both += found
            if value is not None:
                merged[name] = value
        return merged, both
    if isinstance(base, str) and isinstance(ours, str) and isinstance(theirs, str):
        text = _paragraphs(*(one.split(BREAK) for one in (base, ours, theirs)))
        if text is not None:
            return BREAK.join(text), []
    return ours, [where]


def _paragraphs(base: Sequence[str], ours: Sequence[str], theirs: Sequence[str]) -> list[str] | None:
    """Both sides' changes, or None if they touch."""
    changes = sorted(
        (start, end, tuple(side[first:last]))
        for side in (ours, theirs)
        for tag, start, end, first, last in SequenceMatcher(None, base, side, autojunk=False).get_opcodes()
        if tag != "equal"
    )
    merged, at, last = [], 0, None
    for change in changes:
        start, end, text = change
        if change == last:
            continue
        if last is not None and (start < at or (start == at and (start == end or last[0] == last[1]))):
            return None  # the same paragraphs, or two insertions at one place
        merged += [*base[at:start], *text]
        at, last = end, change
    return [*merged, *base[at:]]
