"""Office hours: weekends, holidays, the hour that comes twice and the hour that never comes."""

from datetime import UTC, date, datetime, timedelta

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from city import City, load_city
from city.hours import WEEKDAYS
from desk.knowledge.words import calendar_day, moment, office_hours
from desk.routing.hours import is_open, next_opening, week

CITY = load_city("city.yml")
ZONE = CITY.zone


def at(*parts: int) -> datetime:
    return datetime(*parts, tzinfo=ZONE)  # type: ignore[arg-type, misc]  # the parts of a date, as many as the test gives


@pytest.mark.parametrize(
    ("now", "opens"),
    [
        (at(2026, 11, 23, 8, 30), None),
        (at(2026, 11, 23, 16, 59, 59), None),
        (at(2026, 11, 23, 8, 29, 59), at(2026, 11, 23, 8, 30)),
        (at(2026, 11, 23, 17, 0), at(2026, 11, 24, 8, 30)),
        (at(2026, 11, 25, 18, 0), at(2026, 11, 27, 8, 30)),  # Thursday 26 is a holiday
        (at(2026, 11, 26, 10, 0), at(2026, 11, 27, 8, 30)),
        (at(2026, 11, 27, 16, 30), at(2026, 11, 30, 8, 30)),  # Friday closes early, then the weekend
        (at(2026, 12, 31, 20, 0), at(2027, 1, 4, 8, 30)),  # New Year is a Friday
    ],
)
def test_open_or_when(now: datetime, opens: datetime | None) -> None:
    assert is_open(CITY, now) is (opens is None)
    assert next_opening(CITY, now) == opens


def test_the_answer_does_not_depend_on_the_zone_of_the_question() -> None:
    assert is_open(CITY, datetime(2026, 11, 23, 13, 30, tzinfo=UTC))
    assert not is_open(CITY, datetime(2026, 11, 23, 13, 29, tzinfo=UTC))


def test_summer_time_shifts_utc_and_not_the_city() -> None:
    assert next_opening(CITY, at(2027, 3, 13, 12, 0)) == datetime(2027, 3, 15, 12, 30, tzinfo=UTC)
    assert next_opening(CITY, at(2027, 3, 6, 12, 0)) == datetime(2027, 3, 8, 13, 30, tzinfo=UTC)


def test_an_office_that_never_opens_has_no_next_opening() -> None:
    never = msgspec.structs.replace(CITY, office_hours={}, special_days=())
    assert not is_open(never, at(2026, 11, 23, 10)) and next_opening(never, at(2026, 11, 23, 10)) is None


def test_hours_that_end_at_midnight_and_hours_with_a_break() -> None:
    late = msgspec.structs.replace(CITY, office_hours={"monday": ("09:00-12:00", "20:00-24:00")})
    assert is_open(late, at(2026, 11, 23, 23, 59)) and not is_open(late, at(2026, 11, 24, 0, 0))
    assert next_opening(late, at(2026, 11, 23, 12, 0)) == at(2026, 11, 23, 20, 0)


@given(st.datetimes(datetime(2026, 1, 1), datetime(2028, 1, 1), timezones=st.just(UTC)))
def test_the_next_opening_lies_ahead_is_open_and_nothing_before_it_is(now: datetime) -> None:
    opens = next_opening(CITY, now)
    if opens is None:
        assert is_open(CITY, now)
        return
    assert opens > now and is_open(CITY, opens)
    assert not is_open(CITY, opens - timedelta(seconds=1))
    middle = now + (opens - now) / 2
    assert not is_open(CITY, middle)


def test_days_that_open_alike_are_said_together(city: City) -> None:
    assert [(first, last) for first, last, _ in week(city)] == [(0, 2), (3, 3), (4, 4)]
    assert office_hours(city, "en").replace("\u00a0", " ") == (
        "Monday to Wednesday, 8:30 AM to 5:00 PM; Thursday, 8:30 AM to 6:30 PM; Friday, 8:30 AM to 4:00 PM"
    )
    assert office_hours(city, "es") == (
        "de lunes a miércoles, de 8:30 a 17:00; jueves, de 8:30 a 18:30; viernes, de 8:30 a 16:00"
    )
    assert office_hours(city, "fr") == (
        "du lundi au mercredi, de 8 h 30 à 17 h 00; jeudi, de 8 h 30 à 18 h 30; vendredi, de 8 h 30 à 16 h 00"
    )
    assert office_hours(city, "de").startswith("Montag – Mittwoch, 08:30 – 17:00")
    always = msgspec.structs.replace(city, office_hours={day: ("00:00-24:00",) for day in WEEKDAYS})
    assert office_hours(always, "en") == "Monday to Sunday, all day"
    assert office_hours(always, "es") == "de lunes a domingo, todo el día"


@pytest.mark.parametrize(
    ("language", "when", "day"),
    [
        ("en", "Monday, November 23 at 8:30 AM", "November 23, 2026"),
        ("es", "el lunes 23 de noviembre a las 8:30", "23 de noviembre de 2026"),
        ("fr", "le lundi 23 novembre à 8 h 30", "23 novembre 2026"),
        ("xx", "Monday, November 23 at 8:30 AM", "November 23, 2026"),
    ],
)
def test_moments_in_words(language: str, when: str, day: str) -> None:
    assert moment(at(2026, 11, 23, 8, 30), language) == when
    assert calendar_day(date(2026, 11, 23), language) == day
