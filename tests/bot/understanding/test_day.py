"""The day on which a message came: in the time zone that administrators set, or else in that of city.yml."""

from __future__ import annotations

from datetime import date
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from bot.understanding.entities.component import day_of

LATE = "2026-07-01T23:30:00+00:00"
NEW_YORK = ZoneInfo("America/New_York")


@pytest.mark.parametrize(
    ("settings", "day"),
    [
        (None, 1), ({}, 1), ({"time_zone": "Europe/Paris"}, 2), ({"time_zone": "Mars/Olympus"}, 1), ({"time_zone": 5}, 1),
        ({"time_zone": "../../etc/passwd"}, 1), ("Europe/Paris", 1),
    ],
    ids=range(7),
)  # fmt: skip
def test_the_day_is_that_of_the_zone_as_it_is_now(settings: Any, day: int) -> None:
    metadata = {"now": LATE} if settings is None else {"now": LATE, "settings": settings}
    assert day_of(metadata, NEW_YORK) == date(2026, 7, day)
