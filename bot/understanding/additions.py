"""Whether a message adds something to a report that was sent: "please mention that it flickers".

To the classifier it is about lamps; its first words give the intent. Pure.
"""

from __future__ import annotations

from bot.languages import WORDS
from bot.understanding.shape import plain

WITHIN = 4  # words: "please add to it that …"
TELLING = 2  # words that must follow

_KNOWN = {
    code: (tuple(words.adding.split()), frozenset(words.that.split()))
    for code, words in WORDS.items()
    if words.adding
}


def adds_to_report(text: str, language: str | None) -> bool:
    """For a contact who has sent a report."""
    known = _KNOWN.get(language or "")
    if known is None:
        return False
    adding, that = known
    words = plain(text).split()
    for place, word in enumerate(words[:WITHIN]):
        if word.startswith(adding):
            after = words[place + 1 : place + 1 + WITHIN]
            return any(one in that and len(words) - place - 2 - at >= TELLING for at, one in enumerate(after))
    return False
