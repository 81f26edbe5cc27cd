"""The few words that a channel has to supply itself because its own controls contain them
(channels/languages).
"""

from channels.languages import WORDS
from channels.languages.words import Words


def share_location(language: str | None) -> str:
    """The label in this language, or a pin symbol, which needs no language."""
    words = _words(language)
    return words.share_location if words else "📍"


def choose(language: str | None) -> str:
    """The label in this language, or one that needs no language."""
    words = _words(language)
    return words.choose if words else "☰"


def picture(language: str | None, url: str) -> str:
    """A line that says what the address points to."""
    words = _words(language)
    return f"{words.photo}: {url}" if words else url


def greeting(language: str | None) -> str:
    """The greeting in this language, or in English."""
    return (_words(language) or WORDS["en"]).greeting


def primary(tag: str | None) -> str | None:
    """The primary language of an IETF tag: "pt-BR" gives "pt". None if it is not a tag."""
    language = (tag or "").partition("-")[0].lower()
    return language if 2 <= len(language) <= 3 and language.isascii() and language.isalpha() else None


def _words(language: str | None) -> Words | None:
    return WORDS.get(primary(language) or "")
