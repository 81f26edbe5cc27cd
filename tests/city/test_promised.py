"""Until when a request is promised: working days, without weekends and holidays, or all days."""

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest

from city import load_city
from city.services import load_services, promised_at

CITY = load_city("city.yml")
SERVICES = load_services("content/services.yml")
ZONE = ZoneInfo("America/New_York")


@pytest.mark.parametrize(
    ("service", "at", "promised"),
    [
        ("missed_bin", datetime(2026, 11, 20, 16, 0), datetime(2026, 11, 24, 16, 0)),  # a weekend between
        ("street_light", datetime(2026, 11, 23, 9, 0), datetime(2026, 12, 1, 9, 0)),  # Thanksgiving, too
        ("missed_bin", datetime(2026, 11, 21, 12, 0), datetime(2026, 11, 24, 12, 0)),  # begins on a Saturday
        ("water_leak", datetime(2026, 11, 20, 16, 0), datetime(2026, 11, 21, 16, 0)),  # every day
        ("street_light", datetime(2026, 10, 29, 9, 0), datetime(2026, 11, 5, 9, 0)),  # the clocks go back
    ],
)
def test_days_that_count(service: str, at: datetime, promised: datetime) -> None:
    found = promised_at(CITY, SERVICES[service], at.replace(tzinfo=ZONE))
    assert found.astimezone(ZONE).replace(tzinfo=None) == promised
