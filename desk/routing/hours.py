"""Whether the office, or a team with its own hours, is open, including holidays and special days. Pure.

`hours` are a team's own; without them the office's apply. Times are compared in UTC: two times in one zone would be
compared by wall clock, which is wrong in the hour that occurs twice.
"""

from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

from city import City
from city.calendar import LOOKS_AHEAD, Calendar, calendar_of, calendar_of_team, hours_of, opens
from city.hours import WEEKDAYS, Hours

Moments = tuple[datetime, datetime]
WEEK = timedelta(days=7)


def is_open(city: City, now: datetime, hours: Hours | None = None) -> bool:
    """Whether it is open at this moment (aware)."""
    for start, until in _spans(city, now, hours):
        if start > now:
            return False
        if now < until:
            return True
    return False


def closing(city: City, now: datetime, hours: Hours | None = None) -> datetime | None:
    """When what is open now closes, in the city's zone; None if it is closed now, or does not close within a week.
    Spans that touch or overlap are one."""
    end = now
    for start, until in _spans(city, now, hours):
        if start > end or end - now > WEEK:
            break
        end = max(end, until)
    return end.astimezone(city.zone) if now < end <= now + WEEK else None


def next_opening(city: City, now: datetime, hours: Hours | None = None) -> datetime | None:
    """The next moment it opens, in the city's zone; None when open now or never within a year."""
    if is_open(city, now, hours):
        return None
    starts = (start for start, until in _spans(city, now, hours) if start > now and until > start)
    first = next(starts, None)
    return first.astimezone(city.zone) if first else None


def open_seconds(city: City, start: datetime, end: datetime, hours: Hours | None = None) -> float:
    """For how many seconds between two moments it was open."""
    total, reached = 0.0, start
    for opened, until in _spans(city, start, hours):
        if opened >= end:
            break
        total += max(0.0, (min(until, end) - max(opened, reached)).total_seconds())
        reached = max(reached, until)
    return total


def spans_between(city: City, start: datetime, end: datetime, hours: Hours | None = None) -> list[Moments]:
    """When it is open, from the day before `start` to the day of `end`, in UTC and in order. Spans that touch or overlap
    are one."""
    calendar, zone = _calendar(city, hours)
    first, last = start.astimezone(zone).date() - timedelta(days=1), end.astimezone(zone).date()
    found: list[Moments] = []
    for ahead in range((last - first).days + 1):
        day = calendar.day(first + timedelta(days=ahead))
        for opened, until in opens(day.hours, day.on, zone):
            span = opened.astimezone(UTC), until.astimezone(UTC)
            if found and span[0] <= found[-1][1]:
                found[-1] = found[-1][0], max(found[-1][1], span[1])
            elif span[0] < span[1]:
                found.append(span)
    return found


def week(city: City) -> list[tuple[int, int, tuple[tuple[time, time], ...]]]:
    """The office hours as runs of weekdays (0 is Monday) that open alike: (first, last, spans). Closed days are
    left out. A span that ends at 00:00 ends with the day."""
    spans = [hours_of(city.office_hours.get(day, ())) for day in WEEKDAYS]
    edges = [0, *(day for day in range(1, 7) if spans[day] != spans[day - 1]), 7]
    return [(first, end - 1, spans[first]) for first, end in pairwise(edges) if spans[first]]


def _spans(city: City, since: datetime, hours: Hours | None) -> Iterator[Moments]:
    """The spans from the day before `since` on, in UTC and in order of their start."""
    calendar, zone = _calendar(city, hours)
    first: date = since.astimezone(zone).date() - timedelta(days=1)
    for ahead in range(LOOKS_AHEAD + 1):
        day = calendar.day(first + timedelta(days=ahead))
        for start, until in opens(day.hours, day.on, zone):
            yield start.astimezone(UTC), until.astimezone(UTC)


def _calendar(city: City, hours: Hours | None) -> tuple[Calendar, ZoneInfo]:
    if hours is None:
        return calendar_of(city), city.zone
    return calendar_of_team(city, hours), hours.time_zone(city.zone)
