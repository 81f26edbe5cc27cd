"""Whether a question about a report asks what was sent, and not how it goes.

To the classifier "what did you send?" and "did you send it?" are the same; the words tell them apart. Pure.
"""

from __future__ import annotations

from bot.languages import WORDS
from bot.understanding.shape import plain

_LAST = frozenset({"what", "quoi", "que"})  # "vous avez envoyé quoi ?"


class _Known:
    def __init__(self, showing: str, asking: tuple[str, ...], stating: tuple[str, ...], going: str) -> None:
        self.showing = frozenset(showing.split())
        self.asking = tuple(f"{said} " for said in asking)
        self.ending = tuple(f" {said}" for said in asking if said in _LAST)
        self.stating = tuple(f" {said} " for said in stating)
        self.going = frozenset(going.split())


_KNOWN = {
    code: _Known(words.showing, words.which, words.stating, words.going)
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
