"""In which direction of meaning the questions lie that are a city's, seen from the near misses: courts, doctors, employers and
shops lie elsewhere than bins and passports, whatever words they share.

One direction for all, never a class of its own: it is one sign of many (scope.py). Near misses whose reason it was not
learned from are told by it alone with an AUROC of 85, and the judge that has it tells them with 92, without it 88 (ADR 13).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from bot.understanding.classifier.regression import learn

STRENGTH = 0.1  # C; between 0.03 and 1 nothing changes
GROUPS = 8  # of reasons, each scored by what was learned from the others


@dataclass(frozen=True)
class Leaning:
    """weights (embedding, DIMENSIONS of scope.py) and bias: log odds that a question is ours, both kinds weighed equally."""

    weights: np.ndarray
    bias: float

    @classmethod
    def fit(cls, ours: np.ndarray, strange: np.ndarray) -> Leaning:
        truth = np.repeat([1, 0], [len(ours), len(strange)])
        weights, bias = learn(np.vstack([ours, strange]).astype(np.float32), truth, 2, STRENGTH)
        return cls(weights[:, 1] - weights[:, 0], float(bias[1] - bias[0]))

    def __call__(self, rows: np.ndarray) -> np.ndarray:
        found: np.ndarray = rows @ self.weights + self.bias
        return found


def unseen(
    ours: np.ndarray,
    strange: np.ndarray,
    splits: Sequence[tuple[np.ndarray, np.ndarray]],
    reasons: Sequence[str],
) -> tuple[np.ndarray, np.ndarray]:
    """How examples lean whose fold, and near misses whose reason, was left out of what is learned from."""
    ours_lean, strange_lean = np.zeros(len(ours), np.float32), np.zeros(len(strange), np.float32)
    for train, test in splits:
        ours_lean[test] = Leaning.fit(ours[train], strange)(ours[test])
    groups = dealt(reasons, GROUPS)
    for group in np.unique(groups):
        learned = Leaning.fit(ours, strange[groups != group]) if (groups != group).any() else None
        if learned:
            strange_lean[groups == group] = learned(strange[groups == group])
    return ours_lean, strange_lean


def dealt(reasons: Sequence[str], count: int) -> np.ndarray:
    """A group below `count` for each near miss, the same for all of one reason."""
    names = list(dict.fromkeys(reasons))
    groups = dict(
        zip(names, (np.random.default_rng(0).permutation(len(names)) % count).tolist(), strict=True)
    )
    return np.array([groups[reason] for reason in reasons])
