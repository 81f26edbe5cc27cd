"""The model's thresholds: chosen from data by the cost of errors, and stored with the model.

Chosen on unseen real questions and on near misses (data/near_misses/dev.yml): questions close to our topics that
no topic answers.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

ASK_COST = 1.0
WRONG_COST = 3.5  # a wrong answer costs as much as three or four "did you mean" questions
MISSED_COST = 1.5  # where a miss costs nearly as much: distress, a question inside a form
TAKEN_COST = 8.0  # where a message is often something else, such as the description of a problem
STRANGE_SHARE = 0.1  # assumed share of messages about topics that we do not answer
SCOPE_LOSS = 0.08  # at most this share of correctly understood questions may be judged out of scope
BLIND_LOSS = 0.03  # the same if there are no near misses
NEARLY = (
    1.03  # thresholds within this factor of the lowest cost are equally good: the data do not separate them
)
FLOOR = 0.08  # the lowest probability at which an intent is offered in "did you mean"


@dataclass(frozen=True)
class Thresholds:
    """`sure`: probability above which we answer directly. `scope`: score below which a text is out of scope. `lenient` and
    `strict` are like `sure`, for cases in which a miss or a false acceptance costs more than usual."""

    floor: float
    lenient: float
    sure: float
    strict: float
    scope: float


@dataclass(frozen=True)
class Seen:
    """Out-of-fold predictions: top probability, scope score, whether the guess was right."""

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
    """Mean cost per message. An out-of-scope message that gets "I do not know" costs nothing."""
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
    """Returns the lowest threshold whose cost is within the factor `nearly` of the minimum. The curve is flat: its minimum moves
    by 0.2 between trainings, and of two equal thresholds the lower one answers more."""
    tried = np.linspace(0.2, 0.98, 79)
    costs = np.array([_total(real, strange, at, scope, wrong) for at in tried])
    return float(tried[int(np.argmax(costs <= costs.min() * nearly))])
