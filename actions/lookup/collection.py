"""Weekly collections, which a public holiday postpones by one day for the rest of its week. Pure."""

from dataclasses import dataclass
from datetime import date, timedelta

from city.calendar import Calendar
from city.hours import WEEKDAYS

_SUNDAY = 6
_WEEKS = 60


@dataclass(frozen=True, slots=True)
class Collection:
    """A date of collection; `because` is the holiday that moved it."""

    on: date
    because: date | None = None


def weekday_of(value: str) -> int | None:
    """The number of a weekday written in English, or of a date; 0 is Monday."""
    if value.strip().lower() in WEEKDAYS:
        return WEEKDAYS.index(value.strip().lower())
    try:
        return date.fromisoformat(value.strip()).weekday()
    except ValueError:
        return None


def next_collection(weekday: int, first: date, calendar: Calendar) -> Collection:
    """The first collection from this day on."""
    monday = first - timedelta(days=first.weekday() + 7)
    found = (in_week(weekday, monday + timedelta(weeks=week), calendar) for week in range(_WEEKS))
    return next(one for one in found if one.on >= first)


def in_week(weekday: int, monday: date, calendar: Calendar) -> Collection:
    """The collection of the week that begins on this Monday."""
    planned = monday + timedelta(days=weekday)
    days = (monday + timedelta(days=count) for count in range(weekday + 1))
    holiday = next(
        (on for on in days if calendar.day(on).public and on.weekday() != _SUNDAY),
        None,
    )
    return Collection(planned + timedelta(days=1), holiday) if holiday else Collection(planned)
