"""Numeric and written dates: 2026-11-24, 24/11, 24 de noviembre, November 24th. Days in words: moments.py."""

from __future__ import annotations

import re
from datetime import date

from bot.understanding.entities.calendar_words import MONTHS
from bot.understanding.text import Claimed, fold

_month = "|".join(sorted(MONTHS, key=len, reverse=True))
_ISO = re.compile(r"\b(\d{4})-(\d{1,2})-(\d{1,2})\b")
_NUMERIC = re.compile(r"\b(\d{1,2})[/.](\d{1,2})(?:[/.](\d{4}|\d{2}))?\b")
_DAY_MONTH = re.compile(
    rf"\b(\d{{1,2}})(?:st|nd|rd|th|er|º)?\s+(?:of\s+|de\s+)?({_month})\b\.?(?:,?\s+(?:de\s+|del\s+)?(\d{{4}})\b)?"
)
_MONTH_DAY = re.compile(rf"\b({_month})\.?\s+(\d{{1,2}})(?:st|nd|rd|th)?\b(?:,?\s+(\d{{4}})\b)?")


def find_dates(text: str, today: date, *, month_first: bool) -> list[tuple[int, int, date]]:
    """(start, end, day) for every date in the text that exists in the calendar, in order."""
    folded = fold(text)
    found: list[tuple[int, int, date]] = []
    claimed = Claimed(len(folded))

    def add(match: re.Match[str], day: date | None) -> None:
        if day and claimed.claim(*match.span()):
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
    return sorted(found)


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
