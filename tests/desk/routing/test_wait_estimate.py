"""The range that is stated: what it is made of, how it is rounded, and how often it is true."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bench.support.queues import PATTERNS, Queue
from desk.knowledge.words import duration, span_of_time
from desk.routing.wait_calibration import GOAL, PROVEN, Calibration, Scored, calibrate, coverage_of
from desk.routing.wait_estimate import STEPS, Claim, Outlook, Range, flow_of, outlook, rounded

START = datetime(2026, 11, 23, 14, 0, tzinfo=UTC)


def seconds(start: datetime, end: datetime) -> float:
    return (end - start).total_seconds()


def busy(count: int, gap: float) -> list[Claim]:
    """A queue that never empties, with a claim every `gap` seconds."""
    return [Claim(START, START + timedelta(seconds=gap * number)) for number in range(1, count + 1)]


def test_the_flow_is_the_time_between_claims_while_somebody_waited() -> None:
    flow = flow_of(busy(30, 120), seconds, now=START)
    assert flow and flow.gap == pytest.approx(120)
    # The same pace, but nobody waited: each was claimed ten seconds after coming.
    quiet = [Claim(one.claimed_at - timedelta(seconds=10), one.claimed_at) for one in busy(30, 120)]
    found = flow_of(quiet, seconds, now=START)
    assert found and found.gap == pytest.approx(10)
    assert flow_of(busy(5, 120), seconds, now=START) is None, "too few"


def test_the_latest_claims_count_most_and_a_long_pause_counts_before_it_is_over() -> None:
    slower = [*busy(30, 60), *(Claim(START, START + timedelta(seconds=1800 + 300 * n)) for n in range(1, 13))]
    flow = flow_of(slower, seconds, now=START)
    assert flow and 150 < flow.gap < 300
    now = busy(30, 60)[-1].claimed_at + timedelta(minutes=30)
    paused = flow_of(busy(30, 60), seconds, now=now, waiting_since=START)
    assert paused and paused.gap > 120


@given(st.floats(1, 20_000), st.floats(0.2, 60), st.floats(0, 100_000))
def test_a_score_says_where_a_wait_lies(mean: float, shape: float, waited: float) -> None:
    seen = Outlook(mean, shape)
    assert seen.seconds(seen.score(waited)) == pytest.approx(waited, abs=1e-3, rel=1e-6)
    assert seen.score(waited) < seen.score(waited + mean)


@given(st.floats(0, 200_000), st.floats(0, 200_000))
def test_rounding_keeps_what_is_inside_and_never_says_nothing(one: float, other: float) -> None:
    low, high = sorted((one, other))
    said = rounded(low, high)
    assert {said.low, said.high} <= set(STEPS) and said.low < said.high
    if high <= STEPS[-1] * 60:
        assert said.holds(low) and said.holds(high)


def test_a_range_that_helps_nobody() -> None:
    assert Range(0, 60).useless and Range(10, 90).useless
    assert not Range(0, 30).useless and not Range(20, 60).useless and not Range(60, 180).useless


def test_further_back_is_later_and_relatively_surer() -> None:
    flow = flow_of(busy(40, 100), seconds, now=START)
    assert flow
    near, far = outlook(flow, 1), outlook(flow, 9)
    assert far.mean == pytest.approx(9 * near.mean) and far.shape > near.shape


def test_nothing_is_shown_before_it_is_proven_or_while_it_is_wrong() -> None:
    seen, said = Outlook(600, 3), Range(5, 15)
    right = [Scored(1, seen, said, 600.0)] * 9 + [Scored(1, seen, said, 3_000.0)]
    assert Calibration().hidden == "unproven"
    assert calibrate(right * ((PROVEN // 10) - 1)).hidden == "unproven"
    assert calibrate(right * 20).hidden is None
    wrong = [Scored(1, seen, said, 600.0)] * 7 + [Scored(1, seen, said, 3_000.0)] * 3
    assert calibrate(wrong * 20).hidden == "error"
    still = [Scored(1, seen, said, 950.0, still=True)] * 3 + [Scored(1, seen, said, 600.0)] * 7
    assert calibrate(still * 20).hidden == "error", "a wait that is not over has already been longer"


def test_ranges_of_no_use_are_not_what_is_judged() -> None:
    seen, said = Outlook(600, 3), Range(5, 15)
    told = [Scored(1, seen, said, 600.0)] * 9 + [Scored(1, seen, said, 3_000.0)]
    others = [Scored(1, seen, Range(0, 2_400), 600.0, usable=False)] * 30
    assert calibrate([*told * 20, *others]).hidden is None
    assert coverage_of(told).share == GOAL and coverage_of([]).share is None


@pytest.mark.parametrize("pattern", PATTERNS, ids=lambda pattern: pattern.name)
def test_stated_ranges_hold_nine_times_in_ten(pattern: object) -> None:
    """In simulated queues of 12 to 40 days, on seeds that nothing was tuned on; `python -m bench.waits` has more."""
    days = 40 if pattern is PATTERNS[-1] else 12
    told = Queue(pattern, seed=2026).run(days)  # type: ignore[arg-type]  # text from the test's table, where the type lists the words
    judged = coverage_of([one.scored for one in told if one.scored and one.shown])
    assert judged.statements > 400
    assert judged.share == pytest.approx(GOAL, abs=0.03)


@pytest.mark.parametrize(
    ("language", "low", "high", "said"),
    [
        ("en", 5, 15, ("5", "15 minutes")),
        ("en", 90, 180, ("90 minutes", "3 hours")),
        ("es", 120, 150, ("2", "2,5 horas")),
        ("fr", 60, 120, ("60 minutes", "2\u00a0heures")),
        ("pt", 1, 2, ("1", "2 minutos")),
    ],
)
def test_ranges_in_words(language: str, low: int, high: int, said: tuple[str, str]) -> None:
    assert span_of_time(low, high, language) == said
    assert duration(1, "en") == "1 minute"
