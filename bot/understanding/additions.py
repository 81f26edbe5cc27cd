"""Whether a message adds something to a report that was sent: "please mention that it flickers".

To the classifier it is about lamps; its first words give the intent. Pure.
"""

from __future__ import annotations

from bot.languages import WORDS
from bot.understanding.shape import plain

WITHIN = 4  # words: "please add to it that …"
TELLING = 2  # words that must follow
OPENING = 24  # characters before "forgot to say"
FORGOTTEN = 5  # words from there on
NUMBER = "0"  # stands for a report's number: "add to SR-7K2P-Q9XM: it is deeper now"

_KNOWN = {
    code: (tuple(words.adding.split()), frozenset(words.that.split()))
    for code, words in WORDS.items()
    if words.adding
}
_FORGETTING = {code: words.forgetting for code, words in WORDS.items()}


def adds_to_report(text: str, language: str | None, number: str = "") -> bool:
    """For a contact who has sent a report; `number` is one that the message names."""
    known = _KNOWN.get(language or "")
    if known is None:
        return False
    adding, that = known
    said = plain(text)
    forgotten = next((said.find(one) for one in _FORGETTING[str(language)] if one in said), -1)
    if 0 <= forgotten <= OPENING and len(said[forgotten:].split()) >= FORGOTTEN:
        return True  # "I forgot to say it's next to the bus stop"
    named = plain(number)
    words = (f" {said} ".replace(f" {named} ", f" {NUMBER} ", 1) if named else said).split()
    for place, word in enumerate(words[:WITHIN]):
        if word.startswith(adding):
            after = words[place + 1 : place + 1 + WITHIN]
            return any(
                (one in that or one == NUMBER) and len(words) - place - 2 - at >= TELLING
                for at, one in enumerate(after)
            )
    return False
