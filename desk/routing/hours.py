"""Office hours: pure, in the city's zone, holidays included."""

from datetime import datetime

from city import City


def is_open(city: City, now: datetime) -> bool:
    """Whether the office is open at this moment (aware)."""
    raise NotImplementedError


def next_opening(city: City, now: datetime) -> datetime | None:
    """The next moment the office opens, in the city's zone; None when open now or never within a year."""
    raise NotImplementedError
