"""Which conversations a report is about: a period of days, and filters. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from desk.reporting.facts import Fact

DIMENSIONS: Mapping[str, str] = {
    "channel": "Channel",
    "topic": "Topic",
    "language": "Language",
    "team": "Team",
    "day": "Day",
    "handoff_reason": "Reason of the handoff",
    "reason": "Reason of the end",
}
"""What figures can be filtered and broken down by."""
LONGEST = 400
USUAL = 28
YEARS = (1970, 2999)
NONE = "-"
"""The value of a dimension that a conversation does not have."""


@dataclass(frozen=True, slots=True)
class Period:
    """Days from `first` to `last`, both included, in the zone of the city. `filters`: dimension -> value."""

    first: date
    last: date
    zone: ZoneInfo
    filters: Mapping[str, str] = field(default_factory=dict)

    @property
    def start(self) -> datetime:
        """The beginning of the first day."""
        return datetime.combine(self.first, time(0), self.zone)

    @property
    def end(self) -> datetime:
        """The end of the last day."""
        return datetime.combine(self.last + timedelta(days=1), time(0), self.zone)

    def wants(self, fact: Fact) -> bool:
        """Whether the fact passes the filters."""
        return all(value_of(fact, name) == value for name, value in self.filters.items())


def read_period(given: Mapping[str, str], zone: ZoneInfo, today: date) -> Period:
    """The period of a request: `from`, `to` and filters. Invalid values are ignored; the default is the last four weeks."""
    last = _day(given.get("to", "")) or today
    first = _day(given.get("from", "")) or last - timedelta(days=USUAL - 1)
    if first > last:
        first, last = last, first
    first = max(first, last - timedelta(days=LONGEST - 1))
    return Period(first, last, zone, {name: given[name][:100] for name in DIMENSIONS if given.get(name)})


def value_of(fact: Fact, dimension: str) -> str:
    """The fact's value in a dimension; NONE if it has none."""
    if dimension == "day":
        return fact.day.isoformat()
    found: str | None = getattr(fact, dimension)
    return found or NONE


def _day(text: str) -> date | None:
    try:
        day = date.fromisoformat(text) if len(text) == 10 else None
    except ValueError:
        return None
    return day if day and YEARS[0] <= day.year <= YEARS[1] else None  # the calendar ends on both sides
