"""Gradient-boosted small trees: from the features of a message (score.py) to one score. Trained by scikit-learn, stored
and evaluated as plain arrays, so that a model file contains no code and a message takes microseconds."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

TREES, LEAF = 80, 10  # more or deeper trees are no better (docs/adr/0013)
RATE, SHARE = 0.1, 0.7


@dataclass(frozen=True)
class Judge:
    """`features`, `limits` (trees, 3): the splits at the root and at its left and right child. `values` (trees, 4)."""

    start: float
    features: np.ndarray
    limits: np.ndarray
    values: np.ndarray

    @classmethod
    def fit(cls, real: np.ndarray, strange: np.ndarray) -> Judge:
        """Train on feature rows of in-scope and out-of-scope questions. Deterministic."""
        from sklearn.ensemble import GradientBoostingClassifier  # not loaded while serving

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
        """Returns one score per row: the log odds of being in scope."""
        asked = signs.astype(np.float32)[:, self.features] > self.limits  # (rows, trees, 3)
        leaf = np.where(asked[:, :, 0], 2 + asked[:, :, 2], asked[:, :, 1])
        return self.start + self.values[np.arange(len(self.values)), leaf].sum(axis=1)


def _flat(tree: Any) -> tuple[list[int], list[float], list[float]]:
    """Converts a tree of depth two to three splits and four values; a missing split always goes left."""

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
