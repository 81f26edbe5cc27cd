"""Dates, times and office hours as text for citizens."""

import re
from datetime import date, datetime, time

from babel import Locale, UnknownLocaleError
from babel.dates import format_date, format_time, get_day_names
from babel.numbers import format_decimal
from babel.units import format_unit

from city import City
from desk.languages import WORDS
from desk.languages.words import Words
from desk.routing.hours import week

_ISO_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")
_ISO_MOMENT = re.compile(r"\d{4}-\d{2}-\d{2}T\d{2}:\d{2}[0-9:.]*(Z|[+-]\d{2}:\d{2})")
_LONG = 120  # minutes from which a time is said in hours


def office_hours(city: City, language: str) -> str:
    """The week's hours, such as "Monday to Friday, 8:30 AM to 5:00 PM; Saturday, 9:00 AM to 12:00 PM"."""
    phrases, locale = _words(language)
    names = get_day_names("wide", locale=locale)
    parts = []
    for first, last, spans in week(city):
        days = names[first]
        if last > first:
            days = phrases.days.format(first=names[first], last=names[last])
        times = ", ".join(
            phrases.span.format(start=_time(start, phrases, locale), end=_time(end, phrases, locale))
            if start != end
            else phrases.all_day
            for start, end in spans
        )
        parts.append(f"{days}, {times}")
    return "; ".join(parts)


def moment(at: datetime, language: str) -> str:
    """A day and time without the year, such as "Monday, November 23 at 8:30 AM"; in the time zone of `at`."""
    phrases, locale = _words(language)
    return phrases.moment.format(
        day=format_date(at.date(), phrases.day, locale=locale), time=_time(at.time(), phrases, locale)
    )


def calendar_day(day: date, language: str) -> str:
    """A date with its year, such as "November 23, 2026"."""
    phrases, locale = _words(language)
    return format_date(day, phrases.date, locale=locale)


def duration(minutes: int, language: str) -> str:
    """A time in minutes, or from two hours on in hours: "15 minutes", "2 hours"."""
    _, locale = _words(language)
    unit, value = ("hour", minutes / 60) if minutes >= _LONG else ("minute", minutes)
    whole = int(value) if value == int(value) else value
    return format_unit(whole, unit, length="long", locale=locale).replace("\u202f", "\u00a0")


def span_of_time(low: int, high: int, language: str) -> tuple[str, str]:
    """Two times in minutes; the first has a unit only if the second has another: ("5", "15 minutes")."""
    said = duration(low, language), duration(high, language)
    if (low >= _LONG) != (high >= _LONG):
        return said
    value = low / 60 if low >= _LONG else low
    _, locale = _words(language)
    return format_decimal(value, locale=locale), said[1]


def language_name(named: str, language: str) -> str:
    """The name of the language `named` in `language`, such as "inglês"; its code if that is not known."""
    _, locale = _words(language)
    try:
        return Locale.parse(named).get_display_name(locale) or named
    except (UnknownLocaleError, ValueError):
        return named


def _time(at: time, phrases: Words, locale: Locale) -> str:
    # Babel uses narrow no-break spaces, which some phones show as boxes.
    return format_time(at, phrases.time, locale=locale).replace("\u202f", "\u00a0")


def _words(language: str) -> tuple[Words, Locale]:
    try:
        locale = Locale.parse(language)
    except (UnknownLocaleError, ValueError):
        language, locale = "en", Locale("en")
    return WORDS.get(language, Words()), locale


def value_in_words(value: object, language: str) -> str:
    """The value of a text's variable: dates and times in words, lists joined with commas."""
    if isinstance(value, str):
        if _ISO_DAY.fullmatch(value) or _ISO_MOMENT.fullmatch(value):
            try:
                return calendar_day(date.fromisoformat(value[:10]), language)
            except ValueError:
                return value
        return value
    if isinstance(value, datetime):
        return moment(value, language)
    if isinstance(value, date):
        return calendar_day(value, language)
    if isinstance(value, list | tuple):
        return ", ".join(value_in_words(one, language) for one in value)
    return "" if value is None else str(value)
