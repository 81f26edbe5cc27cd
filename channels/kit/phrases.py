"""The few words a channel has to say itself, because its own controls carry them (channels/languages)."""

from channels.languages import WORDS
from channels.languages.words import Words


def share_location(language: str | None) -> str:
    """The label in this language, or a pin, which needs none."""
    words = _words(language)
    return words.share_location if words else "📍"


def choose(language: str | None) -> str:
    """The label in this language, or one that needs none."""
    words = _words(language)
    return words.choose if words else "☰"


def picture(language: str | None, url: str) -> str:
    """A line that says what the address is of."""
    words = _words(language)
    return f"{words.photo}: {url}" if words else url


def greeting(language: str | None) -> str:
    """The greeting in this language, or in English."""
    return (_words(language) or WORDS["en"]).greeting


def primary(tag: str | None) -> str | None:
    """The language of an IETF tag: "pt-BR" is "pt". None for what is no tag."""
    language = (tag or "").partition("-")[0].lower()
    return language if 2 <= len(language) <= 3 and language.isascii() and language.isalpha() else None


def _words(language: str | None) -> Words | None:
    return WORDS.get(primary(language) or "")
