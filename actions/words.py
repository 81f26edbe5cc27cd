"""Recognises what citizens' words mean: pure functions over the tables of actions/languages."""

import re
import unicodedata
from functools import cache
from typing import Literal

from actions.languages import WORDS

# Emoji that need no language. The bot has the same lists (bot/understanding/signs.py) and treats one without
# words as the intent; here they may also stand beside words.
_YES_SIGNS = frozenset("👍👌✅☑✔💯🆗🙆👏🤝")
_NO_SIGNS = frozenset("👎❌✖🚫⛔🙅")
# A skin tone, the choice of a coloured picture, and the joiner between a person and a gender sign.
_PLAIN_WORD = re.compile(r"[^\W_]+")
_MODIFIERS = re.compile("[\U0001f3fb-\U0001f3ff\ufe0e\ufe0f\u200d\u2640\u2642]")
_YES = frozenset(word for words in WORDS.values() for word in words.yes)
_SHORT_NO = 6  # words
_NO = frozenset(word for words in WORDS.values() for word in words.no)
_BUT = frozenset(word for words in WORDS.values() for word in words.but.split())
_LONGEST_PLAIN = 40  # characters
_TELLING = 2  # content words from which a text is a description
_ALL = frozenset(word for words in WORDS.values() for word in words.everything.split())
_ENOUGH = frozenset(word for words in WORDS.values() for word in words.enough.split())
_GENERIC = frozenset(
    word
    for words in WORDS.values()
    for word in (*words.generic.split(), *(one for line in words.counting for one in line.split()))
)
_MAP = frozenset(word for words in WORDS.values() for word in words.map.split())
_EMPTY = frozenset(word for words in WORDS.values() for word in words.empty.split())


def fold(text: str) -> str:
    """Lower case, without accents, apostrophes and hyphens as spaces, single spaces."""
    plain = unicodedata.normalize("NFKD", text.lower())
    plain = "".join(character for character in plain if not unicodedata.combining(character))
    return " ".join(re.sub(r"[^\w@+.\s]|_", " ", plain).split())


def has_words(text: str) -> bool:
    """Whether there is a letter or a digit in it."""
    return any(character.isalnum() for character in text)


def is_correction(text: str, language: str) -> bool:
    """Whether it begins like a correction."""
    said = f"{fold(text)} "
    return said.startswith(_starts(language, "correcting"))


def is_place(text: str, language: str) -> bool:
    """Whether it reads like a place: it has a number, or begins with a word of place."""
    if any(character.isdigit() for character in text):
        return True
    return f"{fold(text)} ".startswith(_starts(language, "place"))


def has_letters(text: str) -> bool:
    """Whether there is a letter in it."""
    return any(character.isalpha() for character in text)


def after_yes(text: str) -> str | None:
    """What follows a yes: "yes, but across the road" is "across the road"; None where there is no yes, or nothing else."""
    first, _, rest = text.strip().partition(" ")
    if not is_yes(first.strip(",;.")):
        return None
    words = rest.split()
    while words and fold(words[0]) in _BUT:
        words = words[1:]
    return " ".join(words) if len(words) > 1 else None


def is_yes(text: str) -> bool:
    """A plain yes, including a thumbs-up of any skin tone."""
    return _is_plain(text, _YES, _YES_SIGNS)


def is_no(text: str) -> bool:
    """A plain no."""
    return _is_plain(text, _NO, _NO_SIGNS)


def drops_all(text: str) -> bool:
    """Whether all of it is meant: "cancel everything"."""
    return bool(_ALL.intersection(fold(text).split()))


def drops(text: str, language: str) -> bool:
    """Whether it begins like a request to drop one of several things: "forget the lamp"."""
    return f"{fold(text)} ".startswith(_starts(language, "dropping"))


def comes_first(text: str, language: str) -> bool:
    """Whether it says what to take first."""
    words = WORDS.get(language)
    return words is not None and bool(set(words.first.split()).intersection(fold(text).split()))


def starts_with_it(text: str, language: str) -> bool:
    """Whether it begins like a wish to take something first: "start with the lamp"."""
    return f"{fold(text)} ".startswith(_starts(language, "starting"))


def begins_single(text: str, language: str) -> bool:
    """Whether it begins like a wish for one thing alone: "just the bin"."""
    return f"{fold(text)} ".startswith(_starts(language, "single"))


def says_not_being(text: str, language: str) -> bool:
    """Whether it says of something what it is not: "it's not a pothole"."""
    return _has_phrase(text, language, "not_being")


def describes(text: str, language: str) -> bool:
    """Whether it begins like words about how something is, and says it: "it's very deep", but not "it's fine"."""
    begin = next(
        (said for said in _starts(language, "describing") if f"{fold(text)} ".startswith(said)), None
    )
    if begin is None:
        return False
    words = [word for word in fold(text)[len(begin) :].split() if len(word) > 1 and word not in _EMPTY]
    return bool(words) and not _ENOUGH.intersection(words)


def since(text: str, language: str) -> bool:
    """Whether it begins with since when: "since Monday", "depuis lundi"."""
    return f"{fold(text)} ".startswith(_starts(language, "since"))


def says_other_photo(text: str, language: str) -> bool:
    """Whether it says that a photo shows something else: "no, it's another one"."""
    return _has_phrase(text, language, "other_photo")


def says_same_photo(text: str, language: str) -> bool:
    """Whether it means a photo that was sent before: "the same photo"."""
    return _has_phrase(text, language, "same_photo")


def removes(text: str, language: str) -> bool:
    """Whether it begins like a request to leave something out: "remove the photo"."""
    return f"{fold(text)} ".startswith(_starts(language, "removing"))


def new_words(text: str, language: str) -> str | None:
    """The words that a description is changed to, behind a colon or "to": None where none are said."""
    _, colon, after = text.partition(":")
    words = after.strip()
    if not colon:
        said = text.split()
        leads = [fold(word) for word in said]
        known = WORDS.get(language)
        for lead in known.rewriting if known else ():
            phrase = lead.split()
            places = [at for at in range(2, len(said)) if leads[at : at + len(phrase)] == phrase]
            if places:
                words = " ".join(said[places[0] + len(phrase) :])
                break
    return words if told_words(words) >= _TELLING else None


def part_named(text: str) -> str | None:
    """Which part of a report is named: service, description, location, photo or contact."""
    said = set(fold(text).split())
    # "e-mail address" is a contact and not a place, so the contact is looked for first.
    for part in ("contact", "photo", "description", "location", "service"):
        if said & _part_words(part):
            return part
    return None


def begins_with_no(text: str) -> bool:
    """Whether a short text takes something back with its first word: "no wait, keep it"."""
    said = plain_words(text[:200]).split()
    return 0 < len(said) <= _SHORT_NO and said[0] in _NO


def plain_words(text: str) -> str:
    """Words alone, without accents and signs, a space between them."""
    return " ".join(_PLAIN_WORD.findall(fold(text)))


def told_words(text: str) -> int:
    """How many content words it has, without polite and empty ones."""
    return len([word for word in fold(text).split() if word not in _EMPTY])


def says_what(text: str) -> bool:
    """Whether it says what is wrong, and not only that something is: "I have two problems to report"."""
    words = [word for word in fold(text).split() if len(word) > 1 and word not in _EMPTY | _GENERIC]
    return len(words) > _TELLING and not all(word.isdigit() for word in words)


def shows_place(text: str) -> bool:
    """Whether it is about showing a place: on a map, with a pin."""
    return bool(_MAP.intersection(fold(text).split()))


def without_empty(text: str) -> str:
    """The words that say something: "oh sorry its in Lindenport" is "Lindenport"."""
    return " ".join(word for word in text.split() if fold(word.strip(".,;:!?")) not in _beside())


@cache
def _beside() -> frozenset[str]:
    said = (
        one
        for words in WORDS.values()
        for one in (*words.correcting, *words.empty.split(), *words.polite.split())
    )
    return frozenset(fold(one) for one in (*said, "its", "it's", "c'est", "está"))


def _is_plain(text: str, words: frozenset[str], signs: frozenset[str]) -> bool:
    if len(text) > _LONGEST_PLAIN:
        return False
    text = _MODIFIERS.sub("", text)
    said = "".join(character for character in text if character not in signs).strip(" .,!\n")
    return said.lower() in words if said else any(character in signs for character in text)


def _has_phrase(text: str, language: str, table: Literal["not_being", "other_photo", "same_photo"]) -> bool:
    said = f" {plain_words(text)} "
    return any(f" {phrase}" in said for phrase in _starts(language, table))


@cache
def _starts(
    language: str,
    table: Literal[
        "correcting",
        "place",
        "removing",
        "dropping",
        "starting",
        "single",
        "describing",
        "not_being",
        "since",
        "other_photo",
        "same_photo",
    ],
) -> tuple[str, ...]:
    words = WORDS.get(language)
    return tuple(f"{fold(word)} " for word in getattr(words, table)) if words else ()


@cache
def _part_words(part: str) -> set[str]:
    return {word for words in WORDS.values() for word in fold(words.parts.get(part, "")).split()}
