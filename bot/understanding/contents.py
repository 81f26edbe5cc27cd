"""Whether a question about a report asks what was sent rather than its progress; and whether one about a permit or a fine asks
how something is done.

To the classifier "what did you send?" and "did you send it?" are the same; the words distinguish them. Pure.
"""

from __future__ import annotations

from bot.languages import WORDS
from bot.understanding.shape import plain

_LAST = frozenset({"what", "quoi", "que"})  # "vous avez envoyé quoi ?"


class _Known:
    def __init__(
        self,
        showing: str,
        asking: tuple[str, ...],
        stating: tuple[str, ...],
        going: str,
        ways: tuple[str, ...],
    ) -> None:
        self.showing = frozenset(showing.split())
        self.asking = tuple(f"{said} " for said in asking)
        self.ending = tuple(f" {said}" for said in asking if said in _LAST)
        self.stating = tuple(f" {said} " for said in stating)
        self.going = frozenset(going.split())
        self.ways = tuple(f" {said} " for said in ways)


_KNOWN = {
    code: _Known(words.showing, words.which, words.stating, words.going, words.ways)
    for code, words in WORDS.items()
    if words.showing
}


def asks_contents(text: str, language: str | None) -> bool:
    """For a text that is about a report of the citizen's own."""
    known = _KNOWN.get(language or "")
    if known is None:
        return False
    said = plain(text)
    words = frozenset(said.split())
    if words & known.going:
        return False
    if words & known.showing:
        return True
    asks = f"{said} ".startswith(known.asking) or said.endswith(known.ending)
    return asks and any(stated in f" {said} " for stated in known.stating)


def asks_how(text: str, language: str | None) -> bool:
    """ "How do I pay fine F-1?" asks for the way; "how can I see the status of F-1?" asks how it goes."""
    known = _KNOWN.get(language or "")
    if known is None:
        return False
    said = f" {plain(text)} "
    return any(way in said for way in known.ways) and not known.going & frozenset(said.split())
