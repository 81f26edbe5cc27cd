"""The names of languages: which one a citizen wants to change to, and which ones the city offers. Pure."""

from collections.abc import Sequence

from babel import Locale, UnknownLocaleError

from actions.languages import WORDS
from actions.phrases import Phrases
from actions.say import Button
from actions.words import fold

# A request to change the language may be written in any language: "in italiano", "auf Deutsch".
_THEMSELVES = {"it": "italiano", "de": "deutsch", "pl": "polski", "tr": "turkce"}
_CALLED = {
    name: code
    for called in (*(words.called for words in WORDS.values()), _THEMSELVES)
    for code, names in called.items()
    for name in names.split()
}


def language_named(text: str) -> str | None:
    """The last language named: "not in English, in French please" asks for French."""
    return next((_CALLED[word] for word in reversed(fold(text).split()) if word in _CALLED), None)


def choices(languages: Sequence[str]) -> tuple[Button, ...]:
    """A button for each language, in its own name."""
    return tuple(Button("change_language", {"language": code}, title=_name(code)) for code in languages)


def in_every_language(languages: Sequence[str], phrases: Phrases) -> tuple[str, tuple[Button, ...]]:
    """The languages that we write, stated in each of them on a line of its own, with a button for each."""
    names = ", ".join(names_of(languages))
    lines = [phrases.say("languages", code, languages=names) for code in languages]
    return "\n".join(lines), choices(languages)


def names_of(languages: Sequence[str]) -> list[str]:
    """Each language in its own words."""
    return [_name(code) for code in languages]


def _name(code: str) -> str:
    if code in WORDS:
        return WORDS[code].name
    try:
        return Locale.parse(code).get_display_name(code) or code
    except (UnknownLocaleError, ValueError):
        return code
