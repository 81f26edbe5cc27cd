"""When something is open: the hours of the week, public holidays of the country, closing days, special days. Pure.

Public holidays come from the package `holidays`, which knows those of 250 countries, with the days they are moved to.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

from holidays import country_holidays

from city.feasts import feasts_of
from city.hours import WEEKDAYS, Hours, SpecialDay
from city.model import City

LOOKS_AHEAD = 400  # days in which the next open day must come
Spans = tuple[tuple[time, time], ...]
"""The spans that start on one day, in order. One that does not end after it starts ends on the next day; 00:00 is the
end of the day."""


@dataclass(frozen=True, slots=True)
class Day:
    """What is known about a day: its hours (none: closed), and why it differs from the week's.

    `holiday` is a key of city/feasts.py, None where the day has no name we know; `named` is what the city itself
    calls a special day, by language. `public` marks a public holiday, `special` any day that differs.
    """

    on: date
    hours: Spans
    holiday: str | None = None
    named: Mapping[str, str] = field(default_factory=dict)
    public: bool = False
    special: bool = False


@dataclass(frozen=True, slots=True)
class Calendar:
    """The days of one place. `week` has the hours by weekday, 0 is Monday."""

    week: tuple[Spans, ...]
    country: str | None = None
    subdivision: str | None = None
    closed: frozenset[date] = frozenset()
    special: tuple[SpecialDay, ...] = ()
    keeps_holidays: bool = True

    def day(self, on: date) -> Day:
        """What applies on this day: a special day takes precedence over a public holiday, and that over the week."""
        public = is_public(on, self.country, self.subdivision) or on in self.closed
        holiday = _key(on, self.country, self.subdivision)
        for special in self.special:
            if special.day <= on <= (special.until or special.day):
                return Day(on, hours_of(special.hours), holiday, special.name, public, special=True)
        if self.keeps_holidays and public:
            return Day(on, (), holiday, public=True, special=True)
        return Day(on, self.week[on.weekday()], holiday, public=public)

    def running(self, on: date, at: time) -> tuple[time, time] | None:
        """The span that is open at this time of this day, which may have started the evening before; None if closed."""
        for start, end in self.day(on).hours:
            if start <= at and (at < end or end <= start):
                return start, end
        before = self.day(on - timedelta(days=1)).hours
        return next(((start, end) for start, end in before if time(0) < end <= start and at < end), None)

    def days_from(self, first: date) -> Iterator[Day]:
        """This day and those after it."""
        return (self.day(first + timedelta(days=count)) for count in range(LOOKS_AHEAD))

    def next_open(self, after: date) -> Day | None:
        """The first open day after this one."""
        return next((day for day in self.days_from(after + timedelta(days=1)) if day.hours), None)

    def next_holiday(self, first: date) -> date | None:
        """The first public holiday from this day on."""
        days = (first + timedelta(days=count) for count in range(LOOKS_AHEAD))
        return next(
            (on for on in days if on in self.closed or is_public(on, self.country, self.subdivision)), None
        )


def calendar_of(city: City) -> Calendar:
    """The office's."""
    return build_calendar(city, city.office_hours, city.special_days, keeps_holidays=True)


def calendar_of_team(city: City, hours: Hours) -> Calendar:
    """A team's, from its own hours: with the city's holidays unless it has a country of its own."""
    own = hours.country is not None
    return Calendar(
        tuple(hours_of(hours.week.get(day, ())) for day in WEEKDAYS),
        hours.country if own else city.country,
        hours.subdivision if own else city.subdivision,
        frozenset(hours.holidays if own else (*city.holidays, *hours.holidays)),
        hours.special_days,
        hours.keeps_holidays,
    )


def build_calendar(
    city: City,
    week: Mapping[str, tuple[str, ...]],
    special: tuple[SpecialDay, ...],
    *,
    keeps_holidays: bool,
) -> Calendar:
    """Of a place with its own hours in this city."""
    return Calendar(
        tuple(hours_of(week.get(day, ())) for day in WEEKDAYS),
        city.country,
        city.subdivision,
        frozenset(city.holidays),
        special,
        keeps_holidays,
    )


def after_working_days(calendar: Calendar, at: datetime, days: int) -> datetime:
    """The same time of day, so many open days later. `at` is in the calendar's time zone."""
    left, on = days, at.date()
    while left > 0 and (day := calendar.next_open(on)) is not None:
        on, left = day.on, left - 1
    return at + (on - at.date())


def opens(hours: Spans, on: date, zone: ZoneInfo) -> list[tuple[datetime, datetime]]:
    """The spans of a day as moments."""
    return [
        (
            datetime.combine(on, start, zone),
            datetime.combine(on + timedelta(days=1) if end <= start else on, end, zone),
        )
        for start, end in hours
    ]


def hours_of(spans: tuple[str, ...]) -> Spans:
    """ "08:30-17:00" as times, in order."""
    return tuple(_times(span) for span in sorted(spans))


def is_public(on: date, country: str | None, subdivision: str | None) -> bool:
    """Whether it is a public holiday."""
    return country is not None and on in _public(country, subdivision, on.year)


@lru_cache(maxsize=64)
def _public(country: str, subdivision: str | None, year: int) -> Mapping[date, str]:
    found = country_holidays(country, subdiv=subdivision, years=year, language="en_US")
    return {day: str(name) for day, name in found.items() if day.year == year}


def _key(on: date, country: str | None, subdivision: str | None) -> str | None:
    """The day's name. A holiday that was moved has the name of the day that it was moved from."""
    own = feasts_of(on, country)
    if country is None or on.year < 2:
        return own[0] if own else None
    name = _public(country, subdivision, on.year).get(on, "")
    if name.endswith("(observed)"):
        near = (on + timedelta(days=shift) for shift in (1, -1, 2, -2, 3, -3))
        moved = [
            key for day in near for key in feasts_of(day, country) if is_public(day, country, subdivision)
        ]
        return moved[0] if moved else None
    return own[0] if own else None


def _times(text: str) -> tuple[time, time]:
    start, _, end = text.partition("-")
    return _time(start), _time(end)


def _time(text: str) -> time:
    hour, _, minute = text.partition(":")
    return time(int(hour) % 24, int(minute))
