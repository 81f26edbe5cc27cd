"""Load never above what was true, and intervals that published values confirm."""

from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from desk.reporting.intervals import share, spread
from desk.reporting.load import Held, concurrency, load_at_work, load_by_agent, load_of

BASE = datetime(2026, 11, 2, 15, tzinfo=UTC)
SPANS = st.lists(st.tuples(st.integers(0, 60), st.integers(0, 30)), max_size=12)


def span(start: int, length: int) -> tuple[datetime, datetime]:
    return BASE + timedelta(minutes=start), BASE + timedelta(minutes=start + length)


@given(SPANS)
def test_the_load_is_what_a_look_at_every_minute_finds(spans: list[tuple[int, int]]) -> None:
    found = load_of(span(*one) for one in spans)
    seen = [sum(start <= minute < start + length for start, length in spans) for minute in range(100)]
    assert found.peak == max(seen) and found.held == sum(seen) * 60
    assert found.busy == sum(one > 0 for one in seen) * 60
    assert found.mean <= found.peak


@given(SPANS, st.integers(0, 60), st.integers(1, 30))
def test_an_agents_load_in_a_period_is_never_above_the_whole(
    spans: list[tuple[int, int]], first: int, length: int
) -> None:
    held = [Held(UUID(int=1), *span(*one)) for one in spans]
    part = load_by_agent(held, *span(first, length)).get(UUID(int=1))
    whole = load_of(span(*one) for one in spans)
    assert part is None or (part.peak <= whole.peak and part.held <= whole.held)


def test_who_goes_makes_room_and_what_is_open_ends_with_the_period() -> None:
    one = UUID(int=1)
    back_to_back = [Held(one, *span(0, 10)), Held(one, *span(10, 10)), Held(one, BASE, None, active=False)]
    loads = load_by_agent(back_to_back, *span(0, 40))
    assert (loads[one].peak, loads[one].busy) == (2, 40 * 60)
    active = load_by_agent(back_to_back, *span(0, 40), active_only=True)
    assert (active[one].peak, active[one].mean) == (1, 1.0)
    assert concurrency(loads.values()) == 60 / 40 and concurrency([]) is None


def _apart(starts: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """Spans that do not overlap, as one person's presence: each begins where the one before ends, or later."""
    found, at = [], 0
    for gap, length in starts:
        if length:
            found.append((at + gap, length))
        at += gap + length
    return found


@given(SPANS, st.lists(st.tuples(st.integers(0, 20), st.integers(0, 20)), max_size=6))
def test_the_load_at_work_is_what_a_look_at_every_minute_at_work_finds(
    spans: list[tuple[int, int]], presence: list[tuple[int, int]]
) -> None:
    at_work = _apart(presence)
    minutes = {minute for start, length in at_work for minute in range(start, start + length)}
    found = load_at_work([span(*one) for one in spans], [span(*one) for one in at_work])
    if not minutes:
        assert found is None
        return
    seen = [sum(start <= minute < start + length for start, length in spans) for minute in minutes]
    assert found and found.seconds == len(minutes) * 60 and found.busy == sum(one > 0 for one in seen) * 60
    assert found.mean == pytest.approx(sum(seen) / len(minutes))


@pytest.mark.parametrize(
    ("count", "of", "low", "high"),  # Newcombe 1998, table I, method 3
    [(81, 263, 0.2553, 0.3662), (15, 148, 0.0624, 0.1605), (0, 20, 0.0, 0.1611), (1, 29, 0.0061, 0.1718)],
)
def test_wilsons_interval_is_the_published_one(count: int, of: int, low: float, high: float) -> None:
    found = share(count, of)
    assert found and (round(found.low, 4), round(found.high, 4)) == (low, high)


def test_of_nothing_there_is_no_share_and_no_middle() -> None:
    assert share(0, 0) is None and spread([]) is None
    ten = spread([10, 9, 8, 7, 6, 5, 4, 3, 2, 1])
    assert ten and (ten.median, ten.p90, ten.of) == (5.5, 9, 10)
