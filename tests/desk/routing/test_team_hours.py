"""Hours of one team: its own zone, split shifts, shifts past midnight, special days and holidays."""

from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from city import CityError, Team, load_city
from city.hours import WEEKDAYS, Hours, read_hours
from desk.routing.hours import closing, is_open, next_opening, open_seconds
from desk.routing.team_directory import get_hours, seed_teams
from desk.store.pool import Store
from desk.store.routing import teams

CITY = load_city("city.yml")  # New York
NIGHT = read_hours(
    {
        "week": {day: ["08:00-12:00", "13:00-16:30", "22:00-06:00"] for day in WEEKDAYS[:5]},
        "special_days": [{"day": "2026-12-24", "hours": ["08:00-10:00"]}, {"day": "2026-12-28"}],
    }
)


def at(*parts: int, zone: str = "America/New_York") -> datetime:
    return datetime(*parts, tzinfo=ZoneInfo(zone))  # type: ignore[arg-type, misc]  # the parts of a date, as many as the test gives


@pytest.mark.parametrize(
    ("now", "opens"),
    [
        (at(2026, 11, 23, 9, 0), None),
        (at(2026, 11, 23, 12, 30), at(2026, 11, 23, 13, 0)),  # between the shifts
        (at(2026, 11, 23, 16, 30), at(2026, 11, 23, 22, 0)),
        (at(2026, 11, 23, 23, 59), None),
        (at(2026, 11, 24, 5, 59), None),  # Monday's night
        (at(2026, 11, 24, 6, 0), at(2026, 11, 24, 8, 0)),
        (at(2026, 11, 23, 5, 0), at(2026, 11, 23, 8, 0)),  # Sunday has no night
        (at(2026, 11, 28, 5, 0), None),  # Friday's night, on Saturday
        (at(2026, 11, 28, 6, 0), at(2026, 11, 30, 8, 0)),
        (at(2026, 11, 26, 3, 0), None),  # Wednesday's night goes on into the holiday
        (at(2026, 11, 26, 9, 0), at(2026, 11, 27, 8, 0)),  # Thanksgiving
        (at(2026, 12, 24, 9, 0), None),
        (
            at(2026, 12, 24, 23, 0),
            at(2026, 12, 29, 8, 0),
        ),  # no night on the special day; Christmas; closed on the 28th
    ],
)
def test_split_shifts_nights_special_days_and_holidays(now: datetime, opens: datetime | None) -> None:
    assert is_open(CITY, now, NIGHT) is (opens is None)
    assert next_opening(CITY, now, NIGHT) == opens


def test_a_team_in_another_zone_keeps_its_own_clock_and_holidays() -> None:
    lisbon = read_hours({"zone": "Europe/Lisbon", "country": "PT", "week": {"tuesday": ["09:00-17:00"]}})
    assert is_open(CITY, at(2026, 11, 24, 4, 0), lisbon), "09:00 in Lisbon"
    assert next_opening(CITY, at(2026, 11, 24, 12, 0), lisbon) == at(2026, 12, 15, 4, 0), (
        "Portugal's holidays"
    )
    opens = next_opening(CITY, at(2026, 11, 25, 0, 0), lisbon)
    assert opens and str(opens.tzinfo) == "America/New_York", "citizens are told in the city's time"


def test_a_team_that_works_on_holidays() -> None:
    crisis = read_hours({"week": {day: ["00:00-24:00"] for day in WEEKDAYS}, "keeps_holidays": False})
    for hour in range(0, 24 * 400, 7):
        assert is_open(CITY, at(2026, 11, 1) + timedelta(hours=hour), crisis)
    assert closing(CITY, at(2026, 11, 26, 9, 0), crisis) is None, "it never closes"


def test_the_hour_that_comes_twice_and_the_one_that_never_comes() -> None:
    late = read_hours({"week": {"saturday": ["22:00-06:00"]}})
    # The night of 31 October 2026 has nine hours, that of 13 March 2027 seven.
    for start, hours in ((at(2026, 10, 31, 22, 0), 9), (at(2027, 3, 13, 22, 0), 7)):
        start = start.astimezone(UTC)
        end = start + timedelta(hours=hours)
        assert open_seconds(CITY, start - timedelta(hours=3), end + timedelta(hours=3), late) == hours * 3600
        assert is_open(CITY, end - timedelta(seconds=1), late) and not is_open(CITY, end, late)


def test_when_it_closes() -> None:
    assert closing(CITY, at(2026, 11, 23, 9, 0), NIGHT) == at(2026, 11, 23, 12, 0)
    assert closing(CITY, at(2026, 11, 23, 23, 0), NIGHT) == at(2026, 11, 24, 6, 0)
    assert closing(CITY, at(2026, 11, 23, 12, 30), NIGHT) is None
    assert closing(CITY, at(2026, 11, 23, 9, 0)) == at(2026, 11, 23, 17, 0), "the office's"


_TIME = st.integers(0, 24 * 4 - 1).map(lambda quarter: f"{quarter // 4:02}:{quarter % 4 * 15:02}")
_SPAN = st.tuples(_TIME, _TIME).map("-".join)
_HOURS = st.builds(
    Hours,
    week=st.dictionaries(st.sampled_from(WEEKDAYS), st.lists(_SPAN, max_size=3).map(tuple)),
    zone=st.sampled_from([None, "Europe/Lisbon", "Asia/Kathmandu", "Pacific/Auckland"]),
    keeps_holidays=st.booleans(),
)


@settings(max_examples=60, deadline=None)
@given(_HOURS, st.datetimes(datetime(2026, 1, 1), datetime(2028, 1, 1), timezones=st.just(UTC)))
def test_opening_closing_and_open_time_agree(hours: Hours, now: datetime) -> None:
    ends = closing(CITY, now, hours)
    if not is_open(CITY, now, hours):
        assert ends is None
        opens = next_opening(CITY, now, hours)
        if opens is not None:
            assert opens > now and is_open(CITY, opens, hours)
            assert open_seconds(CITY, now, opens, hours) == 0
    elif ends is not None:
        assert ends > now and not is_open(CITY, ends, hours)
        assert open_seconds(CITY, now, ends, hours) == pytest.approx((ends - now).total_seconds())


def test_hours_survive_a_json_column() -> None:
    assert read_hours(msgspec.json.decode(msgspec.json.encode(NIGHT))) == NIGHT


@pytest.mark.parametrize(
    ("wrong", "says"),
    [
        ({"week": {"mon": []}}, "'mon' is no weekday"),
        ({"week": {}, "zone": "New York"}, "is no time zone"),
        ({"week": {}, "country": "XX"}, "No public holidays are known for 'XX'"),
        ({"week": {}, "subdivision": "CA"}, "Set 'country' too"),
        ({"week": {"monday": ["8-17"]}}, "cannot be read"),
        ({"week": {"monday": ["08:00-24:30"]}}, "cannot be read"),
        (
            {"week": {}, "special_days": [{"day": "2026-12-24", "until": "2026-12-20"}]},
            "ends before it starts",
        ),
        ({"week": {}, "texts": {"en": "x" * 601}}, "cannot be read"),
    ],
)
def test_wrong_hours_are_refused_with_a_sentence(wrong: dict[str, Any], says: str) -> None:
    with pytest.raises(CityError, match=says):
        read_hours(wrong)


async def test_a_team_without_hours_keeps_the_offices(store: Store) -> None:
    own = Team(name="night", title="Night", languages=("en",), hours=NIGHT)
    city = msgspec.structs.replace(CITY, teams=(*CITY.teams, own))
    assert await get_hours(store.pool, city, "night") == NIGHT  # before the first worker has added the teams
    await seed_teams(store.pool, city)
    assert await get_hours(store.pool, city, "night") == NIGHT
    assert await get_hours(store.pool, city, "front-desk") is await get_hours(store.pool, city, None) is None
    await teams.set_team(store.pool, msgspec.structs.replace(own, hours=None))
    assert await get_hours(store.pool, city, "night") is None
