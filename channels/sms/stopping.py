"""Whether a text asks us to stop all messages, or to start again. Pure.

Carriers require senders to honour these words. Only the whole message counts, apart from polite words:
"Stop. Thank you", but not "please stop the noise".
"""

import unicodedata
from typing import Literal

from channels.languages import WORDS

TWILIOS_OWN = frozenset({"stop", "stopall", "unsubscribe", "cancel", "end", "quit", "revoke", "optout"})
"""Twilio answers these itself in North America, and then refuses what we would send."""

EVERYDAY = {"+1": frozenset({"cancel", "end", "quit"})}
"""By calling code: words that are an answer elsewhere ("Cancel", in the middle of a report), and an opt-out word of the
carriers there. Never with another word beside them."""

LONGEST = 80
"""Characters of a message that may be such words."""

STOP = frozenset(word for words in WORDS.values() for word in words.stop)
START = frozenset(word for words in WORDS.values() for word in words.start)
"""Not "yes", which Twilio also accepts as START: in a conversation it is an answer. OptOutType tells when it is not."""

_POLITE = tuple(
    sorted((tuple(one.split()) for words in WORDS.values() for one in words.polite), key=len, reverse=True)
)


def asked_of(text: str, number: str) -> Literal["stop", "start"] | None:
    """What the whole text asks for, if it is sent to this number of ours ("" if unknown)."""
    if len(text) > LONGEST or "?" in text:
        return None
    words = _words(text)
    whole = " ".join(words)
    if any(whole in everyday for code, everyday in EVERYDAY.items() if number.startswith(code)):
        return "stop"
    plain = _without_politeness(words)
    asked = " ".join(dict.fromkeys(plain))  # "stop stop STOP"
    if " ".join(plain) in STOP or asked in STOP:
        return "stop"
    return "start" if " ".join(plain) in START else None


def answered_by_twilio(text: str, number: str) -> bool:
    """Whether Twilio itself confirms this word."""
    return number.startswith("+1") and " ".join(_words(text)) in TWILIOS_OWN


def language_of(text: str) -> str | None:
    """The only language of which these are words for stopping; None if several share them."""
    asked = " ".join(dict.fromkeys(_without_politeness(_words(text))))
    found = [language for language, words in WORDS.items() if asked in words.stop]
    return found[0] if len(found) == 1 and asked not in TWILIOS_OWN else None


def _words(text: str) -> list[str]:
    plain = "".join(c for c in unicodedata.normalize("NFD", text.lower()) if not unicodedata.combining(c))
    return "".join(c if c.isalnum() else " " for c in plain).split()


def _without_politeness(words: list[str]) -> list[str]:
    """The words between polite ones at the beginning and at the end."""
    left = list(words)
    while cut := next((one for one in _POLITE if left[-len(one) :] == list(one)), None):
        del left[-len(cut) :]
    while cut := next((one for one in _POLITE if left[: len(one)] == list(one)), None):
        del left[: len(cut)]
    return left
