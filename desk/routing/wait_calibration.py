"""Whether stated waits were accurate, and how wide the next ones must be. Pure.

Conformal prediction: the range lies between two quantiles of the scores of earlier statements, so that it holds as often
as it did for them, whatever the distribution. Because today's queue differs from last week's, the share that
may miss is corrected after each statement (adaptive conformal inference, Gibbs and Candès, 2021): that brings the
coverage back to the goal even when the flow changes.
"""

import math
from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass

from desk.routing.wait_estimate import Outlook, Range

GOAL = 0.90
LATEST = 300
"""Scored statements of a band that the quantiles are taken from."""
BANDS = (1, 3, 8)
"""The last place of each band but the last one. Somebody who is next waits for other things than number ten, so each
band has its own scores."""
ENOUGH = 40
"""Scored statements that a band needs for scores of its own; before, all bands together count."""
PROVEN = 100
"""Scored statements of 30 days before a range is shown at all."""
LIMIT = 0.03
"""How far the coverage may be from the goal, beyond what chance explains."""
RATE = 0.01
_NORMAL = 1.645  # of a normal distribution, 90 % lies within so many standard deviations
_FEWEST_MOST = (0.002, 0.40)


@dataclass(frozen=True, slots=True)
class Scored:
    """A statement and its outcome: the wait in seconds. `still` if it is not over: the wait so far, which was
    already longer than stated. `usable`: narrow enough, and over before the team closes, so that a citizen may be told
    it."""

    place: int
    outlook: Outlook
    range: Range
    waited: float
    usable: bool = True
    still: bool = False

    @property
    def held(self) -> bool:
        """Whether the range was true."""
        return not self.still and self.range.holds(self.waited)


@dataclass(frozen=True, slots=True)
class Calibration:
    """The two scores between which ranges lie, for each band of places. `hidden`: why no range may be shown, None if
    it may."""

    scores: tuple[tuple[float, float], ...] = ((-_NORMAL, _NORMAL),) * (len(BANDS) + 1)
    hidden: str | None = "unproven"

    def range(self, outlook: Outlook, place: int) -> Range:
        """What is stated to somebody at this place."""
        return outlook.range(*self.scores[band_of(place)])


@dataclass(frozen=True, slots=True)
class Coverage:
    """How often stated ranges held: of `statements` scored, `held` did."""

    statements: int
    held: int

    @property
    def share(self) -> float | None:
        """Between 0 and 1; None without statements."""
        return self.held / self.statements if self.statements else None

    @property
    def error(self) -> float:
        """How far it is from the goal, beyond one standard error."""
        if self.share is None:
            return 0.0
        chance = math.sqrt(GOAL * (1 - GOAL) / self.statements)
        return max(0.0, abs(self.share - GOAL) - chance)


def band_of(place: int) -> int:
    """The band of a place, from 0."""
    return bisect_left(BANDS, place)


def calibrate(scored: Sequence[Scored]) -> Calibration:
    """The next ranges, from the statements of the last 30 days, oldest first."""
    if not scored:
        return Calibration()
    scores = []
    for band in range(len(BANDS) + 1):
        own = [one for one in scored if band_of(one.place) == band]
        scores.append(_scores(own if len(own) >= ENOUGH else scored))
    return Calibration(tuple(scores), _hidden(scored))


def coverage_of(scored: Sequence[Scored]) -> Coverage:
    """Of all of them; filter before for those that citizens may be told."""
    return Coverage(len(scored), sum(one.held for one in scored))


def _scores(scored: Sequence[Scored]) -> tuple[float, float]:
    scores = sorted(one.outlook.score(one.waited) for one in scored[-LATEST:])
    count = len(scores)
    rank = math.ceil((count + 1) * (1 - _misses(scored) / 2))
    if rank > count:  # too few for a quantile: what a normal distribution would need, or what was seen
        return min(scores[0], -_NORMAL), max(scores[-1], _NORMAL)
    return scores[count - rank], scores[rank - 1]


def _hidden(scored: Sequence[Scored]) -> str | None:
    if len(scored) < PROVEN:
        return "unproven"
    # What citizens are told, or would be told if nothing were hidden: so a team can earn its ranges back.
    usable = [one for one in scored if one.usable]
    judged = coverage_of(usable)
    if judged.error <= LIMIT:
        return None
    # Short ranges hold too often, because there is no smaller step. That misleads nobody.
    short = sum(one.range.low == 0 for one in usable) > len(usable) / 2
    return None if short and (judged.share or 0) > GOAL else "error"


def _misses(scored: Sequence[Scored]) -> float:
    misses = 1 - GOAL
    for one in scored:
        misses += RATE * ((1 - GOAL) - (not one.held))
        misses = min(max(misses, _FEWEST_MOST[0]), _FEWEST_MOST[1])
    return misses
