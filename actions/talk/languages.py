"""The names of languages: which one a wish to change it means, and which ones the city writes. Pure."""

from collections.abc import Sequence

from actions.phrases import Phrases
from actions.say import Button
from actions.words import fold

# How a language calls itself; these are names and stand in no other language.
NAMES = {"en": "English", "es": "Español", "fr": "Français", "pt": "Português", "de": "Deutsch"}

_CALLED = {
    "en": "english ingles anglais",
    "es": "spanish espanol castellano espagnol",
    "fr": "french frances francais",
    "de": "german deutsch aleman allemand",
    "it": "italian italiano italien",
    "pt": "portuguese portugues portugais",
    "ar": "arabic arabe",
    "zh": "chinese chino chinois mandarin",
    "ru": "russian ruso russe",
    "pl": "polish polski polaco polonais",
    "tr": "turkish turkce turco turc",
    "uk": "ukrainian ucraniano ukrainien",
}
_CODES = {name: code for code, names in _CALLED.items() for name in names.split()}


def language_named(text: str) -> str | None:
    """The last language named: "not in English, in French please" asks for French."""
    return next((_CODES[word] for word in reversed(fold(text).split()) if word in _CODES), None)


def choices(languages: Sequence[str]) -> tuple[Button, ...]:
    """A button for each language, in its own name."""
    return tuple(
        Button("change_language", {"language": code}, title=NAMES.get(code, code)) for code in languages
    )


def in_every_language(languages: Sequence[str], phrases: Phrases) -> tuple[str, tuple[Button, ...]]:
    """What we write, said in each of the languages on a line of its own, and a button for each."""
    names = ", ".join(NAMES.get(code, code) for code in languages)
    lines = [phrases.say("languages", code, languages=names) for code in languages]
    return "\n".join(lines), choices(languages)
