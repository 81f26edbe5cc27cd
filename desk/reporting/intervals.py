"""The confidence interval of a proportion, and the median and 90th percentile of durations. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import ceil, sqrt
from statistics import median

Z = 1.959963984540054
"""The normal deviate of a two-sided interval of 95 %."""


@dataclass(frozen=True, slots=True)
class Share:
    """`of` all, `count` are meant. `low` and `high` hold the true proportion in 95 of 100 such samples."""

    count: int
    of: int
    low: float
    high: float

    @property
    def value(self) -> float:
        """The proportion, 0 to 1."""
        return self.count / self.of


@dataclass(frozen=True, slots=True)
class Spread:
    """Seconds: half of `of` values are at most `median`, and nine of ten at most `p90`."""

    median: float
    p90: float
    of: int


def share(count: int, of: int) -> Share | None:
    """The proportion with Wilson's interval, which stays within 0 and 1 for small numbers too; None of nothing."""
    if of == 0:
        return None
    p, z2 = count / of, Z * Z
    middle = (p + z2 / (2 * of)) / (1 + z2 / of)
    half = Z / (1 + z2 / of) * sqrt(p * (1 - p) / of + z2 / (4 * of * of))
    return Share(count, of, max(0.0, middle - half), min(1.0, middle + half))


def spread(values: Sequence[float]) -> Spread | None:
    """Median and 90th percentile (the smallest value that nine of ten do not exceed); None of nothing."""
    if not values:
        return None
    ordered = sorted(values)
    return Spread(median(ordered), ordered[ceil(0.9 * len(ordered)) - 1], len(ordered))
