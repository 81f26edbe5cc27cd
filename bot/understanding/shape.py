"""The form of a message, determined without a model: a question, an observation, a bare number, unreadable text. Pure."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache

from bot.languages import WORDS
from bot.languages.personal import PERSONAL
from bot.understanding.text import fold

# Questions may share words with statements ("there is"), so `asking` is checked first.
_ASKING = {code: tuple(f"{said} " for said in words.asking) for code, words in WORDS.items()}
_TELLING = {code: tuple(f"{said} " for said in words.telling) for code, words in WORDS.items()}
# "And there is also": the joining words do not change its form.
_JOINING = {
    code: tuple(f"{said} " for said in sorted((*words.joining, *words.also), key=len, reverse=True))
    for code, words in WORDS.items()
}
_DROPPING = {
    code: tuple(f"{said} " for said in words.dropping) for code, words in WORDS.items() if words.dropping
}
_SHORT_WISH, _LONGEST_WISH = 6, 9  # words
_MARKED = ("?", "？", "؟")
_KEYBOARD = ("qwertyuiop", "asdfghjkl", "zxcvbnm", "qwertzuiop", "azertyuiop", "wxcvbn")
_SHORTEST_RUN = 3  # letters: "as" is a word
_LONGEST_WORD = 40  # letters; "Donaudampfschifffahrtsgesellschaft" has 34
_ENCODED = re.compile(r"[A-Za-z0-9+/=_-]{24,}")
_SIGN = re.compile(r"[^\w\s]|_")


def is_question(text: str, language: str | None) -> bool:
    """Whether it looks like a question: a question mark at the end, or a question word first."""
    if text.rstrip(" \"'»”)!.").endswith(_MARKED) or text.lstrip().startswith("¿"):
        return True
    return _begins(text, _ASKING.get(language or "", ()))


def is_telling(text: str, language: str | None) -> bool:
    """Whether it starts like an observation: "there's a", "hay un", "il y a un"."""
    said = f"{plain(text)} "
    for join in _JOINING.get(language or "", ()):
        said = said.removeprefix(join)
    return said.startswith(_TELLING.get(language or "", ()))


def drops(text: str, language: str | None) -> bool:
    """Whether a short text begins like a wish to do without something: "forget the lamp"."""
    said = _without_polite(text, language)
    return len(said.split()) <= _SHORT_WISH and f"{said} ".startswith(_DROPPING.get(language or "", ()))


def reports(text: str, language: str | None) -> bool:
    """Whether a short text begins with a verb of reporting: "report illegal dumping", "signaler un tag"."""
    said = _without_polite(text, language).split()
    known = PERSONAL.get(language or "")
    return 1 < len(said) <= _SHORT_WISH and known is not None and said[0] in known.reporting


def says_how(words: Sequence[str], language: str | None) -> bool:
    """Whether it says how something is: "the drain smells"."""
    known = WORDS.get(language or "")
    return known is not None and not set(known.being.split()).isdisjoint(words[1:])


def reports_something(text: str, language: str | None) -> bool:
    """Whether it says that there is something to report, and nothing of what it is: "quiero avisar de algo"."""
    known, said = PERSONAL.get(language or ""), set(plain(text).split())
    if known is None or not said & known.reporting or not said & known.something or len(said) > _LONGEST_WISH:
        return False
    return said <= known.reporting | known.something | known.around_anonymous


def announces(text: str, language: str | None) -> bool:
    """Whether it only says that there is something to tell: "I have three issues", "dos cosas"."""
    words, said = WORDS.get(language or ""), plain(text).split()
    if words is None or not 1 < len(said) <= _LONGEST_WISH:
        return False
    around = {*words.announcing.split(), *words.counts}
    things = set(words.announced.split())
    return bool(things.intersection(said)) and all(
        word in around or word in things or word.isdigit() for word in said
    )


def _without_polite(text: str, language: str | None) -> str:
    words = plain(text).split()
    known = WORDS.get(language or "")
    polite = set() if known is None else {word for said in known.courteous for word in said.split()}
    while words and words[0] in polite:
        words = words[1:]
    return " ".join(words)


def is_number(text: str) -> bool:
    """Whether it has digits and no letters: a house number, a telephone number, part of a reference number."""
    return any(c.isdigit() for c in text) and not any(c.isalpha() for c in text)


def is_unreadable(text: str) -> bool:
    """Whether most of it is not human text: encoded data, a held key, random typing."""
    words = text.split()
    if len(words) > 1 and all(_is_keyboard_run(word) for word in words):
        return True
    strange = sum(len(word) for word in words if _is_strange(word))
    return strange * 2 > sum(len(word) for word in words)


@lru_cache(maxsize=64)  # a message's form is asked for several times
def plain(text: str) -> str:
    """Lower case, no accents, punctuation as spaces, single spaces."""
    return " ".join(_SIGN.sub(" ", fold(text)).split())


def _begins(text: str, beginnings: tuple[str, ...]) -> bool:
    return f"{plain(text)} ".startswith(beginnings)


def _is_keyboard_run(word: str) -> bool:
    """Whether the letters lie side by side on a keyboard, in either direction: "qwer", "lkjh"."""
    typed = word.lower()
    return len(typed) >= _SHORTEST_RUN and any(typed in row or typed[::-1] in row for row in _KEYBOARD)


def _is_strange(word: str) -> bool:
    if "://" in word or "@" in word or word.startswith("www."):
        return False
    if len(word) > 2 and not any(c.isalnum() for c in word):
        return True
    mixed = (
        any(c.isdigit() for c in word) and any(c.isupper() for c in word) and any(c.islower() for c in word)
    )
    encoded = _ENCODED.fullmatch(word) is not None and (mixed or "=" in word or "+" in word)
    # Latin text has no words this long; Thai and Chinese are written without spaces.
    long = len(word) > _LONGEST_WORD and word.isascii() and "-" not in word
    return encoded or long or (len(word) >= 8 and len(set(word.lower())) <= 2)
