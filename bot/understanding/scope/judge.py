"""Small decision trees, added up: from the signs of a message (scope.py) to one score. Learned by scikit-learn, kept
and asked as plain arrays, so that a model file is data and a message costs microseconds."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

TREES, LEAF = 80, 10  # more trees, or deeper ones, tell strangers apart no better (docs/adr/0013)
RATE, SHARE = 0.1, 0.7


@dataclass(frozen=True)
class Judge:
    """`features`, `limits` (trees, 3): the question at the root, at its left and at its right. `values` (trees, 4)."""

    start: float
    features: np.ndarray
    limits: np.ndarray
    values: np.ndarray

    @classmethod
    def fit(cls, real: np.ndarray, strange: np.ndarray) -> Judge:
        """Rows of signs, of questions that are ours and of such that are not. Same rows, same judge."""
        from sklearn.ensemble import GradientBoostingClassifier  # not while serving

        told = np.r_[np.ones(len(real)), np.zeros(len(strange))]
        learned = GradientBoostingClassifier(
            n_estimators=TREES, learning_rate=RATE, max_depth=2, min_samples_leaf=LEAF, subsample=SHARE, random_state=0
        ).fit(np.vstack([real, strange]).astype(np.float32), told)  # fmt: skip
        parts = [_flat(tree.tree_) for tree in learned.estimators_[:, 0]]
        features, limits, values = (np.array(column) for column in zip(*parts, strict=True))
        share = float(told.mean())
        return cls(
            float(np.log(share / (1 - share))),
            features.astype(np.intp),
            limits.astype(np.float64),
            (RATE * values).astype(np.float64),
        )

    def __call__(self, signs: np.ndarray) -> np.ndarray:
        """One score a row, higher for what is ours: log odds."""
        asked = signs.astype(np.float32)[:, self.features] > self.limits  # (rows, trees, 3)
        leaf = np.where(asked[:, :, 0], 2 + asked[:, :, 2], asked[:, :, 1])
        return self.start + self.values[np.arange(len(self.values)), leaf].sum(axis=1)


def _flat(tree: Any) -> tuple[list[int], list[float], list[float]]:
    """A tree of depth two as three questions and four values; a missing question is one that is never answered yes."""

    def question(node: int) -> tuple[int, float, int, int]:
        if tree.children_left[node] < 0:
            return 0, np.inf, node, node
        return (
            int(tree.feature[node]),
            float(tree.threshold[node]),
            int(tree.children_left[node]),
            int(tree.children_right[node]),
        )

    feature, limit, left, right = question(0)
    below, above = question(left), question(right)
    value = tree.value[:, 0, 0]
    return (
        [feature, below[0], above[0]],
        [limit, below[1], above[1]],
        [float(value[node]) for node in (below[2], below[3], above[2], above[3])],
    )
