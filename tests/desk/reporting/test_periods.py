"""Whatever stands in a report's address, its period can be worked out."""

from datetime import date, timedelta
from zoneinfo import ZoneInfo

import pytest

from desk.reporting.periods import LONGEST, read_period

ZONE = ZoneInfo("America/New_York")
TODAY = date(2026, 11, 30)


@pytest.mark.parametrize("text", ["0001-01-01", "9999-12-31", "2026-13-45", "²", "-1", "x" * 10, "1e999"])
@pytest.mark.parametrize("name", ["from", "to"])
def test_what_is_no_day_of_ours_is_ignored(name: str, text: str) -> None:
    period = read_period({name: text}, ZONE, TODAY)
    assert period == read_period({}, ZONE, TODAY)
    assert period.end - period.start >= timedelta(days=27)


def test_a_period_has_an_end() -> None:
    period = read_period({"from": "2999-12-31", "to": "1970-01-01"}, ZONE, TODAY)
    assert (period.last - period.first).days == LONGEST - 1 and period.end > period.start
