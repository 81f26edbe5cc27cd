"""When a team is open: hours of the week, a time zone, public holidays, special days, and what citizens are told
outside them. One value: city.yml and a JSON column hold the same mapping."""

from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime, timedelta, tzinfo
from typing import Annotated, Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import msgspec
from holidays import list_supported_countries

from city.errors import CityError

Language = Annotated[str, msgspec.Meta(pattern=r"^[a-z]{2}$")]
Country = Annotated[str, msgspec.Meta(pattern=r"^[A-Z]{2}$")]
Span = Annotated[
    str,
    msgspec.Meta(pattern=r"^([01][0-9]|2[0-3]):[0-5][0-9]-(([01][0-9]|2[0-3]):[0-5][0-9]|24:00)$"),
]
"""Local times, such as "08:30-17:00". One that does not end after it starts goes past midnight: "22:00-06:00"."""

WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
LONGEST_TEXT = 600


class SpecialDay(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A day, or all days until another, with hours of their own; no hours mean closed. `name` is by language, for a
    day that the calendar has no name for."""

    day: date
    until: date | None = None
    hours: tuple[Span, ...] = ()
    name: dict[Language, str] = {}


class Hours(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The hours of one team. `week` has the spans of each weekday; a day may have several, and a span belongs to the
    day on which it starts.

    Without `zone` and `country` the city's apply. `keeps_holidays` is false for a team that works on public holidays.
    `holidays` are further closing days, `special_days` have hours of their own. `texts` are what citizens are told
    outside the hours, by language; {opens} stands for the next opening. A language that is missing gets the desk's own
    sentence.
    """

    week: dict[str, tuple[Span, ...]]
    zone: str | None = None
    country: Country | None = None
    subdivision: str | None = None
    keeps_holidays: bool = True
    holidays: tuple[date, ...] = ()
    special_days: tuple[SpecialDay, ...] = ()
    texts: dict[Language, Annotated[str, msgspec.Meta(max_length=LONGEST_TEXT)]] = {}

    def time_zone(self, city_zone: ZoneInfo) -> ZoneInfo:
        """The zone that the spans are in."""
        return ZoneInfo(self.zone) if self.zone else city_zone


def read_hours(mapping: Mapping[str, Any]) -> Hours:
    """Hours from a mapping, as a JSON column or a form has them. Raises CityError with a sentence."""
    try:
        hours = msgspec.convert(mapping, Hours)
    except msgspec.ValidationError as error:
        raise CityError(f"These hours cannot be read: {error}.") from None
    if problem := problem_of(hours):
        raise CityError(problem)
    return hours


def problem_of(hours: Hours) -> str | None:
    """What is wrong with hours that have the right shape, as a sentence; None if nothing is."""
    return next(iter(problems_of(hours).values()), None)


def problems_of(hours: Hours) -> dict[str, str]:
    """All that is wrong with hours that have the right shape: a sentence by setting."""
    problems = {}
    for day in hours.week:
        if day not in WEEKDAYS:
            problems["week"] = f"'{day}' is no weekday. Use {', '.join(WEEKDAYS)}."
    if hours.zone is not None and not is_zone(hours.zone):
        problems["zone"] = f"'{hours.zone}' is no time zone. Use a name such as 'America/New_York'."
    if hours.subdivision and not hours.country:
        problems["subdivision"] = f"'{hours.subdivision}' is part of no country. Set 'country' too."
    if hours.country and not is_country(hours.country, hours.subdivision):
        problems["country"] = (
            f"No public holidays are known for '{hours.country}'"
            f"{f' and {hours.subdivision!r}' if hours.subdivision else ''}. Use the country's two letters, as in 'US'."
        )
    return problems | problems_of_days(hours.special_days)


def problems_of_days(days: Sequence[SpecialDay]) -> dict[str, str]:
    """What is wrong with special days, by setting."""
    ends = [one for one in days if one.until is not None and one.until < one.day]
    return {"special_days": f"The special day {ends[0].day} ends before it starts."} if ends else {}


class ZoneNow(tzinfo):
    """A time zone that may be another one tomorrow: for what is built once, while the city's zone is a setting."""

    def __init__(self, zone: Callable[[], tzinfo]) -> None:
        self._zone = zone

    def utcoffset(self, moment: datetime | None) -> timedelta | None:
        """As the zone has it now."""
        return self._zone().utcoffset(moment)

    def dst(self, moment: datetime | None) -> timedelta | None:
        """As the zone has it now."""
        return self._zone().dst(moment)

    def tzname(self, moment: datetime | None) -> str | None:
        """As the zone has it now."""
        return self._zone().tzname(moment)

    def fromutc(self, moment: datetime) -> datetime:
        """The local time, in the zone itself: it stays what it is when the setting changes."""
        zone = self._zone()
        return zone.fromutc(moment.replace(tzinfo=zone))


def is_zone(name: str) -> bool:
    """Whether the name is one of the time zone database."""
    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return False
    return bool(name)


def is_country(code: str, subdivision: str | None = None) -> bool:
    """Whether the holidays of this country, and of this part of it, are known."""
    known = list_supported_countries(include_aliases=False)
    return code in known and (subdivision is None or subdivision in known[code])
