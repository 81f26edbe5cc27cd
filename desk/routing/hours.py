"""Office hours: pure, in the city's zone, holidays and special days included."""

from datetime import datetime, time
from itertools import pairwise

from city import City
from city.calendar import calendar_of, hours_of, opens
from city.model import WEEKDAYS


def is_open(city: City, now: datetime) -> bool:
    """Whether the office is open at this moment (aware)."""
    today = now.astimezone(city.zone).date()
    hours = calendar_of(city).day(today).hours
    return any(start <= now < end for start, end in opens(hours, today, city.zone))


def next_opening(city: City, now: datetime) -> datetime | None:
    """The next moment the office opens, in the city's zone; None when open now or never within a year."""
    if is_open(city, now):
        return None
    days = calendar_of(city).days_from(now.astimezone(city.zone).date())
    starts = (start for day in days for start, _ in opens(day.hours, day.on, city.zone))
    return next((start for start in starts if start > now), None)


def week(city: City) -> list[tuple[int, int, tuple[tuple[time, time], ...]]]:
    """The office hours as runs of weekdays (0 is Monday) that open alike: (first, last, spans). Closed days are
    left out. A span that ends at 00:00 ends with the day."""
    spans = [hours_of(city.office_hours.get(day, ())) for day in WEEKDAYS]
    edges = [0, *(day for day in range(1, 7) if spans[day] != spans[day - 1]), 7]
    return [(first, end - 1, spans[first]) for first, end in pairwise(edges) if spans[first]]
