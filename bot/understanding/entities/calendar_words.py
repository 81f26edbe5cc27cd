"""How people write days and times, in all languages of bot/languages: one message may mix them.

NEXT, LAST, THIS, AHEAD and AGO are (words before, words after).
"""

from __future__ import annotations

from bot.languages import WORDS
from bot.languages.words import Around, Words


def _around(name: str) -> Around:
    sides: list[Around] = [getattr(words, name) for words in WORDS.values()]
    before = dict.fromkeys(word for side in sides for word in side[0])
    after = dict.fromkeys(word for side in sides for word in side[1])
    return tuple(before), tuple(after)


def _all(name: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(word for words in WORDS.values() for word in getattr(words, name)))


def _numbered(name: str, first: int) -> dict[str, int]:
    return {
        form: number
        for words in WORDS.values()
        for number, forms in enumerate(getattr(words, name), start=first)
        for form in forms.split()
    }


def _merged(languages: list[Words], name: str) -> dict[str, int]:
    return {phrase: number for words in languages for phrase, number in getattr(words, name).items()}


DAYS = _merged(list(WORDS.values()), "days")
MORNINGS = _all("not_days")
WEEKDAYS = _numbered("weekdays", 0)
MONTHS = _numbered("months", 1)
NEXT, LAST, THIS, AHEAD, AGO = (_around(name) for name in ("next", "last", "this", "ahead", "ago"))
UNITS = {"day": _all("day"), "week": _all("week")}
COUNTS = _merged(list(WORDS.values()), "counts")
PARTS_OF_DAY = {"am": _all("morning"), "pm": _all("afternoon")}
ON_THE_HOUR = _all("on_the_hour")
NAMED_TIMES = {phrase: hour for words in WORDS.values() for phrase, hour in words.named_times.items()}
HOLIDAYS: dict[str, list[str]] = {}
"""What people write for a holiday, by the keys of city/feasts.py; "any" is a holiday without its name."""
for _words in WORDS.values():
    for _key, _forms in _words.holidays.items():
        HOLIDAYS.setdefault(_key, []).extend(_forms)
