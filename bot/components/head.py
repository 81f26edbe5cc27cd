"""The classifier's arithmetic: softmax regression, calibration and the two thresholds. No Rasa in here.

Two numbers come out for a text. The calibrated probability says which intent and how sure ("74 % of the
answers given at 0.74 are right"). The scope score, the largest raw logit, says whether the text is about
any of our topics at all; scaling would spoil it, so it is left raw.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.optimize import minimize_scalar
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import StratifiedKFold

GRID = (8.0, 25.0)  # strengths tried for C
ASK_COST = 1.0
WRONG_COST = 3.0  # a wrong answer hurts as much as three "did you mean" questions
MISSED_COST = 1.5  # where missing something hurts nearly as much: distress, a question inside a form
TAKEN_COST = 8.0  # where a message may well be something else, such as the description of a problem
SCOPE_LOSS = 0.03  # share of real questions that may be taken for strange ones


@dataclass(frozen=True)
class Head:
    """weights (features, intents), bias (intents,), temperature > 0, and what counts as sure.

    `sure`: probability from which we answer at once. `scope`: raw logit below which a text is foreign.
    `floor`: probability from which an intent is worth offering in "did you mean". `lenient` and `strict` are
    like `sure`, for when missing an intent costs more than usual, and for when believing it wrongly does.
    """

    labels: tuple[str, ...]
    weights: np.ndarray
    bias: np.ndarray
    temperature: float
    sure: float
    scope: float
    floor: float
    lenient: float
    strict: float

    def thresholds(self) -> dict[str, float]:
        """By name, for whoever decides with them."""
        names = ("floor", "lenient", "sure", "strict", "scope")
        return {name: float(getattr(self, name)) for name in names}

    def logits(self, rows: np.ndarray) -> np.ndarray:
        return rows @ self.weights + self.bias

    def probabilities(self, logits: np.ndarray) -> np.ndarray:
        return _softmax(logits / self.temperature)


def fit(rows: np.ndarray, labels: list[str], folds: int = 4) -> tuple[Head, dict[str, float]]:
    """Learn a head from rows (examples, features) and say how good it is on examples it had not seen.

    C, the temperature and both thresholds come from out-of-fold scores.
    """
    names = tuple(sorted(set(labels)))
    truth = np.array([names.index(label) for label in labels])
    smallest = int(np.bincount(truth).min()) if len(names) > 1 else 0
    if len(names) < 2 or smallest < 2:  # a toy project: nothing to measure on
        return _unmeasured(rows, truth, names), {}
    splits = list(StratifiedKFold(min(folds, smallest), shuffle=True, random_state=0).split(rows, truth))
    strength, unseen = _best(rows, truth, splits, len(names))
    temperature = _temperature(unseen, truth)
    probabilities = _softmax(unseen / temperature)
    weights, bias = _regression(rows, truth, strength, len(names))
    head = Head(
        labels=names,
        weights=weights,
        bias=bias,
        temperature=temperature,
        sure=_sure(probabilities, truth, WRONG_COST),
        scope=_scope(unseen, truth),
        floor=0.08,
        lenient=_sure(probabilities, truth, MISSED_COST),
        strict=_sure(probabilities, truth, TAKEN_COST),
    )
    return head, _report(head, strength, unseen, probabilities, truth)


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
        temperature = _temperature(unseen[seen], truth[seen])
        found.append((_loss(unseen[seen] / temperature, truth[seen]), strength, unseen))
    _, strength, unseen = min(found, key=lambda entry: entry[0])
    _score(rows, truth, splits[len(compared) :], strength, unseen)
    return strength, unseen


def _score(rows: np.ndarray, truth: np.ndarray, splits: list, strength: float, unseen: np.ndarray) -> None:
    """Fills `unseen` with the logits of every split's test rows."""
    for train, test in splits:
        weights, bias = _regression(rows[train], truth[train], strength, unseen.shape[1])
        unseen[test] = rows[test] @ weights + bias


def _regression(
    rows: np.ndarray, truth: np.ndarray, strength: float, count: int
) -> tuple[np.ndarray, np.ndarray]:
    model = LogisticRegression(C=strength, max_iter=60, tol=1e-3, class_weight="balanced")
    import warnings

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # "not converged": the last digits do not change an answer
        model.fit(rows, truth)
    if count == 2:
        return np.hstack([-model.coef_.T / 2, model.coef_.T / 2]), np.hstack(
            [-model.intercept_, model.intercept_]
        ) / 2
    return model.coef_.T.astype(np.float32), model.intercept_.astype(np.float32)


def _temperature(logits: np.ndarray, truth: np.ndarray) -> float:
    found = minimize_scalar(lambda t: _loss(logits / np.exp(t), truth), bounds=(-2.5, 2.0), method="bounded")
    return float(np.exp(found.x))


def _sure(probabilities: np.ndarray, truth: np.ndarray, wrong_cost: float) -> float:
    """The probability where answering at once costs least: `wrong_cost` for a wrong one, ASK_COST for asking."""
    top = probabilities.max(axis=1)
    right = probabilities.argmax(axis=1) == truth
    candidates = np.linspace(0.2, 0.98, 79)
    costs = [np.where(top >= at, np.where(right, 0.0, wrong_cost), ASK_COST).mean() for at in candidates]
    return float(candidates[int(np.argmin(costs))])


def _scope(unseen: np.ndarray, truth: np.ndarray) -> float:
    right = unseen.argmax(axis=1) == truth
    return float(np.quantile(unseen.max(axis=1)[right], SCOPE_LOSS))


def _report(
    head: Head, strength: float, unseen: np.ndarray, probabilities: np.ndarray, truth: np.ndarray
) -> dict[str, float]:
    top, guess = probabilities.max(axis=1), probabilities.argmax(axis=1)
    right = guess == truth
    answered = (top >= head.sure) & (unseen.max(axis=1) >= head.scope)
    best3 = np.argsort(-probabilities, axis=1)[:, :3]
    bins = np.clip((top * 10).astype(int), 0, 9)
    gap = sum(
        abs(right[bins == b].mean() - top[bins == b].mean()) * (bins == b).mean()
        for b in range(10)
        if (bins == b).any()
    )
    return {
        "examples": len(truth),
        "intents": len(head.labels),
        "accuracy": float(right.mean()),
        "accuracy_top3": float((best3 == truth[:, None]).any(axis=1).mean()),
        "answered_at_once": float(answered.mean()),
        "right_when_answered": float(right[answered].mean()) if answered.any() else 0.0,
        "calibration_error": float(gap),
        "strength": strength,
        "temperature": head.temperature,
        "sure": head.sure,
        "scope": head.scope,
    }


def _unmeasured(rows: np.ndarray, truth: np.ndarray, names: tuple[str, ...]) -> Head:
    if len(names) < 2:
        weights, bias = np.zeros((rows.shape[1], len(names)), np.float32), np.zeros(len(names), np.float32)
    else:
        weights, bias = _regression(rows, truth, GRID[-1], len(names))
    return Head(names, weights, bias, 0.5, 0.5, float("-inf"), 0.08, lenient=0.3, strict=0.7)


def _loss(logits: np.ndarray, truth: np.ndarray) -> float:
    shifted = logits - logits.max(axis=1, keepdims=True)
    return float((np.log(np.exp(shifted).sum(axis=1)) - shifted[np.arange(len(truth)), truth]).mean())


def _softmax(logits: np.ndarray) -> np.ndarray:
    raised = np.exp(logits - logits.max(axis=1, keepdims=True))
    return raised / raised.sum(axis=1, keepdims=True)
