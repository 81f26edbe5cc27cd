"""Days and hours in words, for the variables of texts: "Thursday, November 26 (Thanksgiving)". Pure."""

from datetime import date, time

from babel.dates import format_date, format_time, get_day_names

from actions.languages import WORDS
from actions.languages.words import Words
from city.calendar import Day, Spans


def day_said(day: Day, language: str, *, holiday: str | None = None, year: bool = False) -> str:
    """The weekday and the date, with the day's name in brackets where it has one and it matters.

    `holiday` is the name by which the citizen asked. `year`: the date with its year.
    """
    said = str(format_date(day.on, "full", locale=language)) if year else date_said(day.on, language)
    name = day.named.get(language) or holiday_said(holiday, language)
    if not name and (day.public or day.special):
        name = holiday_said(day.holiday, language)
    return f"{said} ({name})" if name else said


def date_said(on: date, language: str) -> str:
    """Thursday, November 26; jueves 26 de noviembre; jeudi 26 novembre."""
    return str(format_date(on, _words(language).day_pattern, locale=language))


def holiday_said(key: str | None, language: str) -> str:
    """What a language calls a day, "" where it has no word for it."""
    return _words(language).holidays.get(key or "", "")


def weekday_said(number: int, language: str) -> str:
    """0 is Monday."""
    return str(get_day_names("wide", locale=language)[number])


def hours_said(hours: Spans, language: str) -> str:
    """8:30 AM to 5:00 PM."""
    span = _words(language).span
    return ", ".join(
        span.format(start=time_said(start, language), end=time_said(end, language)) for start, end in hours
    )


def time_said(at: time, language: str) -> str:
    """5:00 PM; 17:00; 17 h 00."""
    # Babel uses narrow no-break spaces, which some phones show as boxes.
    return format_time(at, _words(language).time_pattern, locale=language).replace("\u202f", "\u00a0")


def _words(language: str) -> Words:
    return WORDS.get(language) or Words(language)
