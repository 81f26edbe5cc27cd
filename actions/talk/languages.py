"""The names of languages: which one a citizen wants to change to, and which ones the city offers; the text for people who
write in another. Pure."""

from collections.abc import Sequence

from babel import Locale, UnknownLocaleError

from actions.context import Context
from actions.languages import WORDS
from actions.phrases import Phrases
from actions.say import Button, Reply
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


def in_their_own(context: Context, foreign: str | None) -> Reply | None:
    """What is possible and how to get a person, in a language that the city does not speak; None if it is not known
    which, or we have no words in it."""
    own = context.other_languages.get(foreign or "")
    if own is None:
        return None
    said = own.say(names_of(context.languages), context.emergency_number)
    buttons = (Button("talk_to_person", title=own.person), *choices(context.languages))
    return Reply(
        "utter_foreign_language_own", variables={"languages": said, "code": foreign}, buttons=buttons
    )


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
