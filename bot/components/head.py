"""The classifier's arithmetic: softmax regression, calibration, scope, thresholds. No Rasa in here.

Two numbers come out for a text. The calibrated probability says which intent and how sure ("74 % of the answers
given at 0.74 are right"). The scope score (scope.py) says whether the text is about any of our topics at all.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass

import numpy as np

from bot.components.regression import calibration_error, learn, loss_of, softmax, temperature_of
from bot.components.scope import Scope, axes_of, nearest, unit
from bot.components.thresholds import FLOOR, Seen, Thresholds, choose

GRID = (8.0, 25.0)  # strengths tried for C
FOLDS = 4
FEW, FOLDS_OF_FEW = 3000, 10  # a fold of 4 would leave 7 of 10 examples: too little to calibrate by


@dataclass(frozen=True)
class Head:
    """weights (features, intents), bias (intents,), temperature > 0. `scope` is None for a toy project."""

    labels: tuple[str, ...]
    weights: np.ndarray
    bias: np.ndarray
    temperature: float
    thresholds: Thresholds
    scope: Scope | None

    def logits(self, rows: np.ndarray) -> np.ndarray:
        return rows @ self.weights + self.bias

    def probabilities(self, logits: np.ndarray) -> np.ndarray:
        return softmax(logits / self.temperature)

    def scopes(self, logits: np.ndarray, rows: np.ndarray) -> np.ndarray:
        """One score a row, comparable with `thresholds.scope`."""
        if self.scope is None:
            return logits.max(axis=1)
        return self.scope(logits, rows[:, : self.scope.axes.shape[0]])


@dataclass(frozen=True)
class Evidence:
    """Examples as the model sees them when it has not seen them: what its report is written from."""

    truth: np.ndarray  # places in Head.labels
    probabilities: np.ndarray
    scope: np.ndarray
    strange_top: np.ndarray  # near misses
    strange_scope: np.ndarray
    figures: dict[str, float]


def fit(
    rows: np.ndarray,
    labels: list[str],
    strange: np.ndarray | None = None,
    embedding: int | None = None,
) -> tuple[Head, Evidence | None]:
    """Learn a head from rows (examples, features), of which the first `embedding` are the sentence embedding.

    C, temperature and thresholds come from out-of-fold scores, the thresholds also from `strange`, rows of near
    misses. No evidence for a toy project: there is nothing to measure on.
    """
    names = tuple(sorted(set(labels)))
    truth = np.array([names.index(label) for label in labels])
    smallest = int(np.bincount(truth).min()) if len(names) > 1 else 0
    if len(names) < 2 or smallest < 2:
        return _unmeasured(rows, truth, names), None
    from sklearn.model_selection import StratifiedKFold  # only here: serving loads neither sklearn nor scipy

    folds = FOLDS_OF_FEW if len(rows) < FEW else FOLDS
    near_part = slice(0, embedding or rows.shape[1])
    splits = list(StratifiedKFold(min(folds, smallest), shuffle=True, random_state=0).split(rows, truth))
    strength, unseen = _best(rows, truth, splits, len(names))
    scope = Scope.fit(rows[:, near_part], unseen, _neighbours(rows[:, near_part], splits))
    weights, bias = learn(rows, truth, len(names), strength)
    unmeasured = Thresholds(FLOOR, 0.3, 0.5, 0.7, float("-inf"))
    head = Head(names, weights, bias, temperature_of(unseen, truth), unmeasured, scope)
    probabilities = head.probabilities(unseen)
    real = Seen(
        probabilities.max(axis=1),
        scope.combine(unseen, _neighbours(rows[:, near_part], splits)),
        probabilities.argmax(axis=1) == truth,
    )
    foreign = _seen_strange(head, strange)
    head = Head(names, weights, bias, head.temperature, choose(real, foreign), scope)
    figures = _figures(head, strength, probabilities, real, foreign, truth)
    nothing = np.zeros(0, np.float32)
    return head, Evidence(
        truth,
        probabilities,
        real.scope,
        foreign.top if foreign else nothing,
        foreign.scope if foreign else nothing,
        figures,
    )


def _best(rows: np.ndarray, truth: np.ndarray, splits: list, count: int) -> tuple[float, np.ndarray]:
    """The strength with the best likelihood on unseen examples, and its out-of-fold logits.

    Strengths are compared on half of the folds: that tells them apart, and training stays short.
    """
    compared = splits[: max(1, len(splits) // 2)]
    seen = np.concatenate([test for _, test in compared])
    found = []
    for strength in GRID:
        unseen = np.zeros((len(truth), count), dtype=np.float32)
        _score(rows, truth, compared, strength, unseen)
        temperature = temperature_of(unseen[seen], truth[seen])
        found.append((loss_of(unseen[seen] / temperature, truth[seen]), strength, unseen))
    _, strength, unseen = min(found, key=lambda entry: entry[0])
    _score(rows, truth, splits[len(compared) :], strength, unseen)
    return strength, unseen


def _score(rows: np.ndarray, truth: np.ndarray, splits: list, strength: float, unseen: np.ndarray) -> None:
    """Fills `unseen` with the logits of every split's test rows."""
    for train, test in splits:
        weights, bias = learn(rows[train], truth[train], unseen.shape[1], strength)
        unseen[test] = rows[test] @ weights + bias


def _neighbours(embeddings: np.ndarray, splits: list) -> np.ndarray:
    """For every example, the nearest one of the other folds."""
    small = unit(embeddings @ axes_of(embeddings)).astype(np.float32)
    found = np.zeros(len(embeddings), np.float32)
    for train, test in splits:
        found[test] = nearest(small[test], small[train])
    return found


def _seen_strange(head: Head, strange: np.ndarray | None) -> Seen | None:
    if strange is None or not len(strange):
        return None
    logits = head.logits(strange)
    top = head.probabilities(logits).max(axis=1)
    return Seen(top, head.scopes(logits, strange), np.zeros(len(strange), bool))


def _figures(
    head: Head,
    strength: float,
    probabilities: np.ndarray,
    real: Seen,
    strange: Seen | None,
    truth: np.ndarray,
) -> dict[str, float]:
    answered = (real.top >= head.thresholds.sure) & (real.scope >= head.thresholds.scope)
    best3 = np.argsort(-probabilities, axis=1)[:, :3]
    figures = {
        "examples": float(len(truth)),
        "intents": float(len(head.labels)),
        "accuracy": float(real.right.mean()),
        "accuracy_top3": float((best3 == truth[:, None]).any(axis=1).mean()),
        "answered_at_once": float(answered.mean()),
        "right_when_answered": float(real.right[answered].mean()) if answered.any() else 0.0,
        "calibration_error": calibration_error(probabilities, truth),
        "strength": strength,
        "temperature": head.temperature,
    }
    if strange is not None:
        taken = (strange.top >= head.thresholds.sure) & (strange.scope >= head.thresholds.scope)
        figures["near_misses"] = float(len(strange.top))
        figures["near_misses_answered"] = float(taken.mean())
        figures["near_misses_auroc"] = auroc(real.scope, strange.scope)
    return figures | asdict(head.thresholds)


def auroc(real: np.ndarray, strange: np.ndarray) -> float:
    """The chance that a real question scores above a strange one; 0.5 is a coin."""
    order = np.argsort(np.concatenate([real, strange]), kind="stable")
    ranks = np.empty(len(order))
    ranks[order] = np.arange(1, len(order) + 1)
    return float((ranks[: len(real)].sum() - len(real) * (len(real) + 1) / 2) / (len(real) * len(strange)))


def _unmeasured(rows: np.ndarray, truth: np.ndarray, names: tuple[str, ...]) -> Head:
    weights, bias = np.zeros((rows.shape[1], len(names)), np.float32), np.zeros(len(names), np.float32)
    if len(names) > 1:
        weights, bias = learn(rows, truth, len(names), GRID[-1])
    return Head(names, weights, bias, 0.5, Thresholds(FLOOR, 0.3, 0.5, 0.7, float("-inf")), None)
