"""Whether a message says that what was said, or filed, is not so, and nothing else: "that's wrong", "c'est faux".

To the classifier these are a no, a doubt about a rumour or nothing at all. Pure.
"""

from __future__ import annotations

from bot.languages import WORDS
from bot.understanding.shape import plain

LONGEST = 9  # words

_KNOWN = {
    code: (tuple(f" {said} " for said in words.untrue), frozenset(words.around_untrue.split()))
    for code, words in WORDS.items()
    if words.untrue
}


def denies(text: str, language: str | None) -> bool:
    """Every word either says that something is not so, or says nothing by itself."""
    known = _KNOWN.get(language or "")
    said = plain(text[:200])
    if known is None or not 0 < len(said.split()) <= LONGEST:
        return False
    untrue, around = known
    beside = f" {said} "
    found = False
    for phrase in untrue:
        if phrase in beside:
            beside, found = beside.replace(phrase, " "), True
    return found and all(word in around for word in beside.split())
