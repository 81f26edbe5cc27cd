"""Where the model is sure: chosen from data, by what errors cost, and stored with the model.

Measured on real questions that the model had not seen and on near misses (data/near_misses/dev.yml), questions that a
citizen asks beside our topics and that no topic answers.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

ASK_COST = 1.0
WRONG_COST = 3.5  # a wrong answer hurts as much as three or four "did you mean" questions
MISSED_COST = 1.5  # where missing something hurts nearly as much: distress, a question inside a form
TAKEN_COST = 8.0  # where a message may well be something else, such as the description of a problem
STRANGE_SHARE = 0.1  # of messages that are about nothing we answer: what a desk is told to expect
SCOPE_LOSS = 0.08  # at most this share of rightly understood questions may be taken for strange ones
BLIND_LOSS = 0.03  # the same where there are no near misses to learn from
NEARLY = 1.03  # thresholds that cost so little more than the best are as good: the data of one training say no more
FLOOR = 0.08  # probability from which an intent is worth offering in "did you mean"


@dataclass(frozen=True)
class Thresholds:
    """`sure`: probability from which we answer at once. `scope`: score below which a text is foreign. `lenient` and
    `strict` are like `sure`, for when missing an intent costs more than usual, and for when believing it wrongly does."""

    floor: float
    lenient: float
    sure: float
    strict: float
    scope: float


@dataclass(frozen=True)
class Seen:
    """Unseen messages as the model saw them: top probability, scope score, whether the guess was right."""

    top: np.ndarray
    scope: np.ndarray
    right: np.ndarray


def choose(real: Seen, strange: Seen | None) -> Thresholds:
    """`strange`: near misses; every answer to one is wrong."""
    scope = _scope(real, strange)
    lenient, strict = (_sure(real, strange, scope, cost) for cost in (MISSED_COST, TAKEN_COST))
    sure = _sure(real, strange, scope, WRONG_COST, NEARLY)
    return Thresholds(FLOOR, min(lenient, sure), sure, max(strict, sure), scope)


def cost_of(seen: Seen, sure: float, scope: float, wrong: float, *, known: bool) -> float:
    """Mean cost of a message. A stranger whom we tell that we do not know costs nothing: that is right."""
    answered = (seen.top >= sure) & (seen.scope >= scope)
    return float(np.where(answered, np.where(seen.right, 0.0, wrong), ASK_COST if known else 0.0).mean())


def _total(real: Seen, strange: Seen | None, sure: float, scope: float, wrong: float) -> float:
    cost = cost_of(real, sure, scope, wrong, known=True)
    if strange is None:
        return cost
    return (1 - STRANGE_SHARE) * cost + STRANGE_SHARE * cost_of(strange, sure, scope, wrong, known=False)


def _scope(real: Seen, strange: Seen | None) -> float:
    if strange is None:
        return float(np.quantile(real.scope[real.right], BLIND_LOSS))
    tried = np.quantile(real.scope[real.right], np.linspace(0.0, SCOPE_LOSS, 25))
    costs = [_total(real, strange, _sure(real, strange, at, WRONG_COST), at, WRONG_COST) for at in tried]
    return float(tried[int(np.argmin(costs))])


def _sure(real: Seen, strange: Seen | None, scope: float, wrong: float, nearly: float = 1.0) -> float:
    """The lowest threshold that costs at most `nearly` times the least. The curve is flat: its very lowest point jumps
    by 0.2 from one training to the next, and of two that cost the same, people would rather have the answer."""
    tried = np.linspace(0.2, 0.98, 79)
    costs = np.array([_total(real, strange, at, scope, wrong) for at in tried])
    return float(tried[int(np.argmax(costs <= costs.min() * nearly))])
