"""The classifier's mathematics: softmax regression, calibration, scope, thresholds. Does not use Rasa.

A text gets two numbers. The calibrated probability rates the intent ("74 % of the answers
given at 0.74 are right"). The scope score (scope/score.py) rates whether the text is about any of our topics.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass

import numpy as np

from bot.understanding.classifier.families import folds as family_folds
from bot.understanding.classifier.moments import Moments
from bot.understanding.classifier.regression import calibration_error, learn, loss_of, softmax, temperature_of
from bot.understanding.classifier.thresholds import FLOOR, Seen, Thresholds, choose
from bot.understanding.scope.coverage import Words
from bot.understanding.scope.score import Scope
from bot.understanding.scope.training import Lesson, Texts, learn_scope

GRID = (8.0, 25.0)  # strengths tried for C
FOLDS = 4
FEW, FOLDS_OF_FEW = 3000, 10  # 4 folds would leave 7 of 10 examples: too few for calibration
LINE = 0.3  # weight of an answer's sentence relative to a citizen's question


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

    def scopes(
        self, logits: np.ndarray, rows: np.ndarray, words: Sequence[Words] | None = None
    ) -> np.ndarray:
        """Returns one score per row, comparable with `thresholds.scope`. `words`: coverage.words_of each text."""
        if self.scope is None:
            return logits.max(axis=1)
        return self.scope(logits, rows[:, : self.scope.axes.shape[0]], words)


@dataclass(frozen=True)
class Evidence:
    """Out-of-fold predictions for the examples: the basis of the training report."""

    truth: np.ndarray  # indexes into Head.labels
    probabilities: np.ndarray
    scope: np.ndarray
    strange_top: np.ndarray  # near misses
    strange_scope: np.ndarray
    figures: dict[str, float]


def fit(
    rows: np.ndarray,
    labels: list[str],
    strange: Texts | None = None,
    embedding: int | None = None,
    words: Sequence[Words] | None = None,
    lines: Texts | None = None,
    family: np.ndarray | None = None,
    fits: Mapping[str, Sequence[str]] | None = None,
) -> tuple[Head, Evidence | None]:
    """Train a head from rows (examples, features), whose first `embedding` columns are the sentence embedding.

    C, temperature and thresholds come from out-of-fold scores, the thresholds also from the near misses `strange`. `words`
    are the examples' (coverage.words_of); `lines` are the sentences of approved answers, which every fold may train on,
    since citizens do not write them. With `family` (families.py) folds hold out whole families. `fits` (moments.py): each example is
    measured in the moment of the dialogue in which it is said, a near miss as a first message. A toy project gets no evidence.
    """
    names = tuple(sorted(set(labels)))
    truth = np.array([names.index(label) for label in labels])
    smallest = int(np.bincount(truth).min()) if len(names) > 1 else 0
    if len(names) < 2 or smallest < 2:
        return _unmeasured(rows, truth, names), None
    from sklearn.model_selection import (
        StratifiedKFold,
    )  # imported here, because serving loads neither sklearn nor scipy

    taught = _taught(lines, names, rows.shape[1])
    folds = FOLDS_OF_FEW if len(rows) < FEW else FOLDS
    near_part = slice(0, embedding or rows.shape[1])
    splits = list(StratifiedKFold(min(folds, smallest), shuffle=True, random_state=0).split(rows, truth))
    if family is not None:
        splits = family_folds(family, truth, min(folds, smallest))
    strangers = strange.rows if strange else np.zeros((0, rows.shape[1]), np.float32)
    strength, unseen, foreign_logits = _best(rows, truth, splits, len(names), taught, strangers)
    weights, bias = _learn(rows, truth, len(names), strength, taught)
    unmeasured = Thresholds(FLOOR, 0.3, 0.5, 0.7, float("-inf"))
    moments = Moments(fits or {}, names)
    said = unseen + moments.usual(truth)
    head = Head(names, weights, bias, temperature_of(said, truth), unmeasured, None)
    probabilities = head.probabilities(said)
    lesson = Lesson(rows[:, near_part], truth, words or [()] * len(rows), unseen, splits, foreign_logits)
    logits = head.logits(strange.rows) if strange else None
    near_misses = Texts(strange.rows[:, near_part], strange.words, strange.names) if strange else None
    line_words = lines.words if lines else ()
    scope, scores, strange_scores = learn_scope(
        lesson, (taught.rows[:, near_part], taught.truth, line_words), near_misses, logits
    )
    real = Seen(probabilities.max(axis=1), scores, probabilities.argmax(axis=1) == truth)
    foreign = None
    if logits is not None and len(logits):
        top = head.probabilities(logits + moments.shift(())).max(axis=1)
        foreign = Seen(top, strange_scores, np.zeros(len(top), bool))
    head = Head(names, weights, bias, head.temperature, choose(real, foreign), scope)
    figures = _figures(head, strength, probabilities, real, foreign, truth) | {
        "families": float(family is not None),
        "accuracy_anywhere": float((unseen.argmax(axis=1) == truth).mean()),
    }
    nothing = np.zeros(0, np.float32)
    return head, Evidence(
        truth,
        probabilities,
        real.scope,
        foreign.top if foreign else nothing,
        foreign.scope if foreign else nothing,
        figures,
    )


@dataclass(frozen=True)
class _Taught:
    """Sentences of answers as training rows; `truth` are their intents by number."""

    rows: np.ndarray
    truth: np.ndarray


def _taught(lines: Texts | None, names: tuple[str, ...], features: int) -> _Taught:
    if lines is None:
        return _Taught(np.zeros((0, features), np.float32), np.zeros(0, int))
    return _Taught(lines.rows, np.array([names.index(name) for name in lines.names], int))


def _learn(
    rows: np.ndarray, truth: np.ndarray, count: int, strength: float, taught: _Taught
) -> tuple[np.ndarray, np.ndarray]:
    if not len(taught.truth):
        return learn(rows, truth, count, strength)
    weights = np.r_[np.ones(len(truth)), np.full(len(taught.truth), LINE)]
    return learn(np.vstack([rows, taught.rows]), np.r_[truth, taught.truth], count, strength, weights)


def _best(
    rows: np.ndarray, truth: np.ndarray, splits: list, count: int, taught: _Taught, strange: np.ndarray
) -> tuple[float, np.ndarray, list[np.ndarray]]:
    """Returns the strength with the best likelihood on unseen examples, its out-of-fold logits, and each fold's logits of
    `strange` (rows).

    Strengths are compared on a quarter of the folds, which is enough to separate them and keeps training short.
    """
    quarter = max(1, len(splits) // 4)
    compared = splits[:quarter]
    seen = np.concatenate([test for _, test in compared])
    found = []
    for strength in GRID:
        unseen = np.zeros((len(truth), count), dtype=np.float32)
        foreign = _score(rows, truth, compared, strength, unseen, taught, strange)
        temperature = temperature_of(unseen[seen], truth[seen])
        found.append((loss_of(unseen[seen] / temperature, truth[seen]), strength, unseen, foreign))
    _, strength, unseen, foreign = min(found, key=lambda entry: entry[0])
    foreign += _score(rows, truth, splits[quarter:], strength, unseen, taught, strange)
    return strength, unseen, foreign


def _score(
    rows: np.ndarray,
    truth: np.ndarray,
    splits: list,
    strength: float,
    unseen: np.ndarray,
    taught: _Taught,
    strange: np.ndarray,
) -> list[np.ndarray]:
    """Fill `unseen` with the logits of every split's test rows. Returns each split's logits of `strange`."""
    foreign = []
    for train, test in splits:
        weights, bias = _learn(rows[train], truth[train], unseen.shape[1], strength, taught)
        unseen[test] = rows[test] @ weights + bias
        foreign.append(strange @ weights + bias)
    return foreign


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
    """AUROC: the probability that a real question scores above a near miss."""
    order = np.argsort(np.concatenate([real, strange]), kind="stable")
    ranks = np.empty(len(order))
    ranks[order] = np.arange(1, len(order) + 1)
    return float((ranks[: len(real)].sum() - len(real) * (len(real) + 1) / 2) / (len(real) * len(strange)))


def _unmeasured(rows: np.ndarray, truth: np.ndarray, names: tuple[str, ...]) -> Head:
    weights, bias = np.zeros((rows.shape[1], len(names)), np.float32), np.zeros(len(names), np.float32)
    if len(names) > 1:
        weights, bias = learn(rows, truth, len(names), GRID[-1])
    return Head(names, weights, bias, 0.5, Thresholds(FLOOR, 0.3, 0.5, 0.7, float("-inf")), None)
