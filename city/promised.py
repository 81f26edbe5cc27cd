"""Until when a service promises to deal with a request."""

from datetime import datetime, timedelta

from city.calendar import after_working_days, calendar_of
from city.model import City
from city.services import CityService


def promised_at(city: City, service: CityService, at: datetime) -> datetime:
    """`expected_days` after this time: working days, or all days for a service whose crews work on every day."""
    if service.every_day:
        return at + timedelta(days=service.expected_days)
    return after_working_days(calendar_of(city), at.astimezone(city.zone), service.expected_days)
