"""How long somebody at a place in the queue will wait: an honest range, from the team's recent claims. Pure.

The queue's flow is the time between claims while somebody waited. The wait at place k is k such times, so it is spread
like a gamma distribution. Its cube root is nearly normal (Wilson and Hilferty, 1931), which turns a wait into a
score that is comparable between places and days: `Outlook.score`. The range is read back from two scores, which
desk/routing/wait_calibration.py takes from what happened to earlier ranges.
"""

import math
from bisect import bisect_left, bisect_right
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise

LEAST_CLAIMS = 5
"""Fewer say nothing about a flow."""
MOST_CLAIMS = 60
HALF_LIFE = 12.0
"""Claims after which one counts half: staff come and go."""
DRIFT = 0.2
"""How much the flow changes until the wait is over, as a share of it."""
_SHORTEST = 5.0  # seconds
_SPREAD = (0.25, 4.0)  # the squared coefficient of variation that a few gaps may show

STEPS = (
    *(0, 1, 2, 3, 5, 7, 10, 15, 20, 25, 30, 40, 50, 60, 75, 90),
    *(120, 150, 180, 240, 300, 360, 480, 600, 900, 1_200, 1_800, 2_400),
)
"""Minutes that a range is said in."""
WIDE, WIDE_RATIO = 30, 5
"""A range is of no use if it is wider than so many minutes and ends at more than so many times its start."""

Seconds = Callable[[datetime, datetime], float]
"""The time between two moments in which the team was open."""


@dataclass(frozen=True, slots=True)
class Claim:
    """Somebody was taken from the queue: since when they stood there, and when an agent claimed them."""

    queued_at: datetime
    claimed_at: datetime


@dataclass(frozen=True, slots=True)
class Flow:
    """Seconds between claims while somebody waited: their mean, their squared coefficient of variation, and how many
    claims that rests on."""

    gap: float
    spread: float
    weight: float


@dataclass(frozen=True, slots=True)
class Range:
    """A stated wait in minutes, both among STEPS."""

    low: int
    high: int

    def holds(self, seconds: float) -> bool:
        """Whether a wait of so many seconds is within it."""
        return self.low * 60 <= seconds <= self.high * 60

    @property
    def useless(self) -> bool:
        """Whether it is too wide to help anybody."""
        return self.high - self.low > WIDE and self.high > WIDE_RATIO * self.low


@dataclass(frozen=True, slots=True)
class Outlook:
    """What is expected of a place: the mean wait in seconds, and the shape of its distribution (larger: narrower)."""

    mean: float
    shape: float

    def score(self, seconds: float) -> float:
        """Where a wait lies in the distribution, in standard deviations from its middle."""
        return (math.cbrt(max(seconds, 0.0) / self.mean) - self._middle) * 3 * math.sqrt(self.shape)

    def seconds(self, score: float) -> float:
        """The wait with this score."""
        return self.mean * math.pow(max(0.0, self._middle + score / (3 * math.sqrt(self.shape))), 3)

    def range(self, low: float, high: float) -> Range:
        """The range between two scores, widened to the next steps."""
        return rounded(self.seconds(low), self.seconds(high))

    @property
    def _middle(self) -> float:
        return 1 - 1 / (9 * self.shape)


def flow_of(
    claims: Sequence[Claim], seconds: Seconds, *, now: datetime, waiting_since: datetime | None = None
) -> Flow | None:
    """The flow of the latest claims; None if they are too few. `waiting_since`: since when the next in the queue
    waits: a pause that is longer than usual counts before it is over."""
    latest = sorted(claims, key=lambda claim: claim.claimed_at)[-(MOST_CLAIMS + 1) :]
    if len(latest) <= LEAST_CLAIMS:
        return None
    gaps = [
        max(seconds(max(before.claimed_at, claim.queued_at), claim.claimed_at), 0.0)
        for before, claim in pairwise(latest)
    ]
    weights = [0.5 ** (age / HALF_LIFE) for age in range(len(gaps))][::-1]
    gap = _mean(gaps, weights)
    if waiting_since is not None:
        pause = seconds(max(latest[-1].claimed_at, waiting_since), now)
        if pause > max(gap, _SHORTEST):
            gaps, weights = [*gaps, pause], [*weights, 1.0]
            gap = _mean(gaps, weights)
    gap = max(gap, _SHORTEST)
    squares = _mean([(one - gap) ** 2 for one in gaps], weights)
    spread = min(max(squares / gap**2, _SPREAD[0]), _SPREAD[1])
    return Flow(gap, spread, sum(weights) ** 2 / sum(weight**2 for weight in weights))


def outlook(flow: Flow, place: int) -> Outlook:
    """What to expect at a place; 1 is the next."""
    variance = flow.spread / place + flow.spread / flow.weight + DRIFT**2
    return Outlook(flow.gap * place, 1 / variance)


def rounded(low: float, high: float) -> Range:
    """Seconds as a range in steps, the first rounded down and the second up; never empty."""
    first = min(bisect_right(STEPS, low / 60) - 1, len(STEPS) - 2)
    last = min(max(bisect_left(STEPS, high / 60), first + 1), len(STEPS) - 1)
    return Range(STEPS[first], STEPS[last])


def _mean(values: Sequence[float], weights: Sequence[float]) -> float:
    return sum(value * weight for value, weight in zip(values, weights, strict=True)) / sum(weights)
