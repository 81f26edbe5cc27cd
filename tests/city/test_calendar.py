"""Days: public holidays of a country, days they are moved to, special days, and days with a name."""

from datetime import date, time

import msgspec
import pytest

from city import load_city
from city.calendar import Calendar, build_calendar, calendar_of, hours_of
from city.feasts import FEASTS, KEYS, feast_on, next_feast
from city.hours import SpecialDay

CITY = load_city("city.yml")
OFFICE = calendar_of(CITY)


@pytest.mark.parametrize(
    ("key", "country", "day"),
    [
        ("thanksgiving", "US", date(2026, 11, 26)),
        ("thanksgiving", "CA", date(2026, 10, 12)),
        ("thanksgiving_friday", "US", date(2026, 11, 27)),
        ("labor_day", "US", date(2026, 9, 7)),
        ("labor_day", "FR", date(2026, 5, 1)),
        ("memorial_day", "US", date(2026, 5, 25)),
        ("easter", None, date(2027, 3, 28)),
        ("good_friday", None, date(2027, 3, 26)),
        ("whit_monday", "FR", date(2027, 5, 17)),
        ("election_day", "US", date(2026, 11, 3)),
        ("bastille_day", "US", date(2027, 7, 14)),
        ("independence_day", "MX", date(2027, 9, 16)),
        ("martin_luther_king_day", "US", date(2027, 1, 18)),
    ],
)
def test_a_day_with_a_name(key: str, country: str | None, day: date) -> None:
    assert feast_on(key, day.year, country) == day


def test_the_next_one_includes_today() -> None:
    assert next_feast("christmas", date(2026, 12, 25), "US") == date(2026, 12, 25)
    assert next_feast("christmas", date(2026, 12, 26), "US") == date(2027, 12, 25)
    assert next_feast("no_such_day", date(2026, 12, 26), "US") is None


def test_every_name_has_a_day_in_every_year() -> None:
    for key in KEYS:
        assert all(feast_on(key, year, country) for year in range(2024, 2034) for country in ("US", None))


@pytest.mark.parametrize(
    ("day", "hours", "holiday"),
    [
        (date(2026, 11, 23), ("08:30-17:00",), None),
        (date(2026, 11, 26), (), "thanksgiving"),
        (date(2026, 12, 24), ("08:30-12:00",), "christmas_eve"),
        (date(2026, 12, 25), (), "christmas"),
        (date(2026, 11, 28), (), None),
        (date(2027, 7, 5), (), "independence_day"),  # moved: the fourth is a Sunday
        (date(2027, 6, 18), (), "juneteenth"),
    ],
)
def test_the_office(day: date, hours: tuple[str, ...], holiday: str | None) -> None:
    found = OFFICE.day(day)
    assert (found.hours, found.holiday) == (hours_of(hours), holiday)


def test_a_named_day_that_is_no_holiday_here_is_as_open_as_its_weekday() -> None:
    bastille = OFFICE.day(date(2027, 7, 14))
    assert bastille.hours and not bastille.public and bastille.holiday == "bastille_day"


def test_without_a_country_only_the_listed_days_are_closed() -> None:
    city = msgspec.structs.replace(CITY, country=None, holidays=(date(2026, 11, 23),), special_days=())
    calendar = calendar_of(city)
    assert calendar.day(date(2026, 11, 26)).hours and not calendar.day(date(2026, 11, 23)).hours
    assert calendar.next_holiday(date(2026, 11, 1)) == date(2026, 11, 23)
    assert calendar.next_holiday(date(2026, 11, 24)) is None


def test_a_break_of_several_days_has_its_own_name_and_comes_before_a_holiday() -> None:
    week = {"friday": ("08:00-15:00",)}
    closed = SpecialDay(day=date(2026, 12, 21), until=date(2027, 1, 1), name={"en": "winter break"})
    calendar = build_calendar(CITY, week, (closed,), keeps_holidays=True)
    assert calendar.day(date(2027, 1, 1)).named == {"en": "winter break"}
    following = calendar.next_open(date(2026, 12, 20))
    assert following and following.on == date(2027, 1, 8)


def test_a_place_that_keeps_no_holidays_is_open_on_them() -> None:
    always = build_calendar(CITY, {"thursday": ("07:00-24:00",)}, (), keeps_holidays=False)
    assert always.running(date(2026, 11, 26), time(23, 59))
    assert not always.running(date(2026, 11, 26), time(6, 59))


def test_nothing_open_has_no_next_day() -> None:
    assert Calendar(((),) * 7).next_open(date(2026, 11, 1)) is None


def test_fixed_days_are_in_both_directions() -> None:
    assert FEASTS["new_year"](2027) == date(2027, 1, 1)
