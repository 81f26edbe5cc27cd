"""Compares a citizen's answer to an identity question with the register's value. Pure."""

import re
import unicodedata
from datetime import date

LONGEST_ANSWER = 80  # characters; a longer message may hold many guesses at once

_ISO = re.compile(r"(?<!\d)(\d{4})-(\d{1,2})-(\d{1,2})(?!\d)")
_WRITTEN = re.compile(r"(?<!\d)(\d{1,2})\s{0,2}[./-]\s{0,2}(\d{1,2})\s{0,2}[./-]\s{0,2}(\d{4})(?!\d)")


def is_same(kind: str, held: str, answer: str, days: tuple[str, ...] = ()) -> bool:
    """Whether the answer fits. `kind` is date, digits or text; `days` are ISO dates that the understanding found in
    it. Nothing fits what the register does not hold."""
    if len(answer) > LONGEST_ANSWER:
        return False
    if kind == "date":
        wanted = _days(held[:10]) if _ISO.match(held) else _days(held)
        given = _days(answer) | {day for text in days[:1] for day in _days(text)}
        return bool(wanted) and bool(given & wanted)
    if kind == "digits":
        wanted_digits = _digits(held)
        return bool(wanted_digits) and _digits(answer) == wanted_digits
    wanted_words = _words(held)
    return bool(wanted_words) and f" {wanted_words} " in f" {_words(answer)} "


def looks_answered(kind: str, answer: str, days: tuple[str, ...] = ()) -> bool:
    """Whether a message can be an answer of this kind at all."""
    if kind == "text":
        return any(character.isalnum() for character in answer)
    return bool(days) or any(character.isdigit() for character in answer)


def _days(text: str) -> set[date]:
    """The first date in it. "4/3/1985" may be both the fourth of March and April the third."""
    iso = _ISO.search(text)
    if iso:
        return _real((int(iso[1]), int(iso[2]), int(iso[3])))
    written = _WRITTEN.search(text)
    if written:
        first, second, year = int(written[1]), int(written[2]), int(written[3])
        return _real((year, second, first), (year, first, second))
    return set()


def _real(*candidates: tuple[int, int, int]) -> set[date]:
    found = set()
    for year, month, day in candidates:
        try:
            found.add(date(year, month, day))
        except ValueError:
            continue
    return found


def _digits(text: str) -> str:
    return "".join(character for character in text if character.isascii() and character.isdigit())


def _words(text: str) -> str:
    letters = unicodedata.normalize("NFKD", text.casefold())
    kept = "".join(one for one in letters if not unicodedata.combining(one))
    return " ".join(re.findall(r"[^\W_]+", kept))
