"""Dates in a text, as ISO days: numbers, month names and words like "yesterday", in English, Spanish and French."""

from __future__ import annotations

import re
from datetime import date, timedelta

from bot.components.text import fold

MONTHS = {
    word: number
    for number, words in enumerate(
        (
            "january jan enero ene janvier janv",
            "february feb febrero fevrier fevr",
            "march mar marzo mars",
            "april apr abril abr avril avr",
            "may mayo mai",
            "june jun junio juin",
            "july jul julio juillet juil",
            "august aug agosto ago aout",
            "september sept sep septiembre setiembre septembre",
            "october oct octubre octobre",
            "november nov noviembre novembre",
            "december dec diciembre dic decembre",
        ),
        start=1,
    )
    for word in words.split()
}
WEEKDAYS = {
    word: number
    for number, words in enumerate(
        (
            "monday lunes lundi",
            "tuesday martes mardi",
            "wednesday miercoles mercredi",
            "thursday jueves jeudi",
            "friday viernes vendredi",
            "saturday sabado samedi",
            "sunday domingo dimanche",
        )
    )
    for word in words.split()
}
DAYS = {
    "today": 0, "hoy": 0, "aujourd'hui": 0, "aujourd’hui": 0, "yesterday": -1, "ayer": -1, "hier": -1,
    "tomorrow": 1, "demain": 1, "anteayer": -2, "antier": -2, "avant-hier": -2, "apres-demain": 2,
}  # fmt: skip  # "mañana" is also "morning": left out
PAST = {"last", "past", "pasado", "pasada", "dernier", "derniere", "since", "desde", "depuis"}

_month = "|".join(sorted(MONTHS, key=len, reverse=True))
_ISO = re.compile(r"\b(\d{4})-(\d{1,2})-(\d{1,2})\b")
_NUMERIC = re.compile(r"\b(\d{1,2})[/.](\d{1,2})(?:[/.](\d{4}|\d{2}))?\b")
_DAY_MONTH = re.compile(
    rf"\b(\d{{1,2}})(?:st|nd|rd|th|er|º)?\s+(?:of\s+|de\s+)?({_month})\b\.?(?:,?\s+(?:de\s+|del\s+)?(\d{{4}})\b)?"
)
_MONTH_DAY = re.compile(rf"\b({_month})\.?\s+(\d{{1,2}})(?:st|nd|rd|th)?\b(?:,?\s+(\d{{4}})\b)?")
_WORD = re.compile(rf"(?<![\w-])({'|'.join([*sorted(DAYS, key=len, reverse=True), *WEEKDAYS])})(?![\w-])")


def find_dates(text: str, today: date, *, month_first: bool) -> list[tuple[int, int, date]]:
    """(start, end, day) for every date in the text that exists in the calendar, in order."""
    folded = fold(text)
    found: list[tuple[int, int, date]] = []

    def add(match: re.Match[str], day: date | None) -> None:
        if day and not any(match.start() < end and start < match.end() for start, end, _ in found):
            found.append((match.start(), match.end(), day))

    for match in _ISO.finditer(folded):
        add(match, _day(int(match[1]), int(match[2]), int(match[3])))
    for match in _DAY_MONTH.finditer(folded):
        add(match, _near(match[3], MONTHS[match[2]], int(match[1]), today))
    for match in _MONTH_DAY.finditer(folded):
        add(match, _near(match[3], MONTHS[match[1]], int(match[2]), today))
    for match in _NUMERIC.finditer(folded):
        first, second = int(match[1]), int(match[2])
        if "." in match[0] and not match[3]:
            continue  # a price or a time, not a day
        month, day = (first, second) if (month_first and first <= 12) or second > 12 else (second, first)
        add(match, _near(match[3], month, day, today))
    for match in _WORD.finditer(folded):
        add(match, _from_word(match[1], folded, match, today))
    return sorted(found)


def _from_word(word: str, folded: str, match: re.Match[str], today: date) -> date:
    if word in DAYS:
        return today + timedelta(days=DAYS[word])
    before, after = folded[: match.start()].split()[-1:], folded[match.end() :].split()[:1]
    ahead = (WEEKDAYS[word] - today.weekday()) % 7
    if PAST & {*before, *after}:
        return today + timedelta(days=(ahead or 7) - 7)
    return today + timedelta(days=ahead)


def _near(year: str | None, month: int, day: int, today: date) -> date | None:
    """The day in that year; without one, the nearest to today."""
    if year:
        return _day(int(year) + (2000 if len(year) == 2 else 0), month, day)
    days = [_day(y, month, day) for y in (today.year - 1, today.year, today.year + 1)]
    return min((d for d in days if d), key=lambda d: abs(d - today), default=None)


def _day(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None
