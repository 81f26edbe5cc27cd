"""Office hours: pure, in the city's zone, holidays included."""

from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from itertools import pairwise

from city import City

DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")


def is_open(city: City, now: datetime) -> bool:
    """Whether the office is open at this moment (aware)."""
    today = now.astimezone(city.zone).date()
    return any(start <= now < end for start, end in _spans(city, today))


def next_opening(city: City, now: datetime) -> datetime | None:
    """The next moment the office opens, in the city's zone; None when open now or never within a year."""
    if is_open(city, now):
        return None
    today = now.astimezone(city.zone).date()
    starts = (start for days in range(367) for start, _ in _spans(city, today + timedelta(days=days)))
    return next((start for start in starts if start > now), None)


def week(city: City) -> list[tuple[int, int, tuple[tuple[time, time], ...]]]:
    """The office hours as runs of weekdays (0 is Monday) that open alike: (first, last, spans). Closed days are
    left out. A span that ends at 00:00 ends with the day."""
    spans = [tuple(_times(text) for text in city.office_hours.get(day, ())) for day in DAYS]
    edges = [0, *(day for day in range(1, 7) if spans[day] != spans[day - 1]), 7]
    return [(first, end - 1, spans[first]) for first, end in pairwise(edges) if spans[first]]


def _spans(city: City, day: date) -> Iterator[tuple[datetime, datetime]]:
    if day in city.holidays:
        return
    for text in sorted(city.office_hours.get(DAYS[day.weekday()], ())):
        start, end = _times(text)
        until = day + timedelta(days=1) if end == time(0) else day
        yield datetime.combine(day, start, city.zone), datetime.combine(until, end, city.zone)


def _times(text: str) -> tuple[time, time]:
    start, _, end = text.partition("-")
    return _time(start), _time(end)


def _time(text: str) -> time:
    hour, _, minute = text.partition(":")
    return time(int(hour) % 24, int(minute))
