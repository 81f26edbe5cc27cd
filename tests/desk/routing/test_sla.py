"""Promises in open hours: deadlines, at risk, missed, and paused while waiting for the citizen."""

from datetime import UTC, datetime, timedelta

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from city import City
from city.hours import WEEKDAYS, Hours
from city.model import SlaPolicy
from desk.routing.hours import spans_between
from desk.routing.sla import OpenHours, Sla, open_hours, policy_of

FRIDAY = datetime(2026, 11, 6, 20, 50, tzinfo=UTC)
"""15:50 in the demo city, which closes at 16:00 on Fridays and opens at 8:30 (13:30 UTC) on Mondays."""


@pytest.fixture
def promising(city: City) -> City:
    policies = (
        SlaPolicy(urgent=True, first_response=2, next_response=5, always=True),
        SlaPolicy(team="front-desk", first_response=20, next_response=30),
    )
    return msgspec.structs.replace(city, sla=policies)


def test_the_clock_stands_over_the_weekend(promising: City) -> None:
    now = datetime(2026, 11, 9, 13, 39, tzinfo=UTC)
    found = Sla(promising, now).of_waiting("queued", "front-desk", False, FRIDAY, None)
    assert found and (found.promise, found.state) == ("first_response", "at_risk")  # 10 + 9 of 20 minutes
    assert found.due_at == datetime(2026, 11, 9, 13, 40, tzinfo=UTC)
    later = Sla(promising, now + timedelta(minutes=2))
    late = later.of_waiting("queued", "front-desk", False, FRIDAY, None)
    assert late and late.state == "missed"
    early = Sla(promising, FRIDAY).of_waiting("queued", "front-desk", False, FRIDAY, None)
    assert early and early.state == "on_time" and early.due_at == found.due_at


def test_danger_knows_no_office_hours_and_other_teams_promise_nothing(promising: City) -> None:
    sunday = datetime(2026, 11, 8, 3, 0, tzinfo=UTC)
    sla = Sla(promising, sunday + timedelta(seconds=100))
    urgent = sla.of_waiting("queued", "front-desk", True, sunday, None)
    assert urgent and urgent.state == "at_risk" and urgent.due_at == sunday + timedelta(minutes=2)
    assert sla.of_waiting("queued", "taxes", False, sunday, None) is None
    assert policy_of(promising, "taxes", True) is promising.sla[0]


def test_what_an_agent_has_waits_for_the_first_or_the_next_response_and_not_for_the_citizen(
    promising: City,
) -> None:
    noon = datetime(2026, 11, 9, 17, tzinfo=UTC)
    sla = Sla(promising, noon + timedelta(minutes=25))
    queued, before = noon, noon - timedelta(minutes=5)
    first = sla.of_waiting("assigned", "front-desk", False, queued, before)
    assert first and (first.promise, first.state) == ("first_response", "missed")
    following = sla.of_waiting("assigned", "front-desk", False, queued, noon + timedelta(minutes=1))
    assert following and (following.promise, following.state) == ("next_response", "at_risk")
    assert sla.of_waiting("waiting_on_contact", "front-desk", False, queued, before) is None


MINUTES = st.integers(0, 14 * 24 * 60)


@given(MINUTES, MINUTES, st.integers(1, 3_000))
def test_cutoffs_say_of_everybody_what_their_own_time_says(start: int, now: int, budget: int) -> None:
    base = datetime(2026, 11, 2, tzinfo=UTC)
    spans = [
        (base + timedelta(days=day, hours=hour), base + timedelta(days=day, hours=hour + 3, minutes=17))
        for day in (0, 1, 2, 3, 7, 8, 12)
        for hour in (8, 13)
    ]
    for hours in (open_hours(spans), OpenHours()):
        began, moment = base + timedelta(minutes=start), base + timedelta(minutes=now)
        late = hours.elapsed(began, moment) > budget * 60
        assert (began < hours.since_when(moment, budget * 60)) == late
        due = hours.due(began, budget * 60)
        if due is not None:
            assert hours.elapsed(began, due) == budget * 60
            assert (moment > due and hours.elapsed(due, moment) > 0) == late


def test_the_spans_of_the_office_leave_holidays_out(city: City) -> None:
    tuesday, sunday = datetime(2026, 11, 24, 12, tzinfo=UTC), datetime(2026, 11, 29, 12, tzinfo=UTC)
    week = spans_between(city, tuesday, sunday)
    assert [start.day for start, _ in week] == [23, 24, 25, 27]  # the 26th is Thanksgiving


def test_a_team_with_hours_of_its_own_keeps_its_promises_in_them(promising: City) -> None:
    night = Hours(week={day: ("22:00-06:00", "05:00-07:00") for day in WEEKDAYS}, keeps_holidays=False)
    team = msgspec.structs.replace(promising.teams[0], hours=night)
    asked = datetime(2026, 11, 10, 11, 50, tzinfo=UTC)  # 6:50, ten minutes before the night ends at 7:00
    assert (
        spans_between(promising, asked, asked, night)[-1][0].hour == 3
    )  # two spans that overlap are one: 22:00 to 7:00
    found = Sla(promising, asked + timedelta(hours=8), teams=(team,)).of_waiting(
        "queued", "front-desk", False, asked, None
    )
    assert found and found.state == "on_time"  # ten of twenty minutes; the day does not count
    assert found.due_at == datetime(2026, 11, 11, 3, 10, tzinfo=UTC)
    assert Sla(promising, asked).cutoffs() != Sla(promising, asked, teams=(team,)).cutoffs()
