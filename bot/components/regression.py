"""Softmax regression and what is done with its logits. No Rasa, no thresholds."""

from __future__ import annotations

import numpy as np
from scipy.optimize import minimize, minimize_scalar

ROUNDS = 60  # of L-BFGS: more changes no answer


def learn(
    rows: np.ndarray, truth: np.ndarray, count: int, strength: float, weights: np.ndarray | None = None
) -> tuple[np.ndarray, np.ndarray]:
    """(weights (features, count), bias (count,)) of L2 regression; `strength` is C. Every class weighs the same,
    and within it the rows as `weights` (rows,) say.

    Matrices are float32, which halves the time of sklearn's; the answers are the same.
    """
    weights = np.ones(len(truth)) if weights is None else weights
    sizes = np.bincount(truth, weights, minlength=count)
    balance = len(truth) / (np.where(sizes > 0, sizes, 1) * (sizes > 0).sum())
    share = (weights * balance[truth]).astype(np.float32)
    place = np.arange(len(truth))
    features = rows.shape[1]
    scale = 1.0 / (strength * len(truth))

    def cost(flat: np.ndarray) -> tuple[float, np.ndarray]:
        both = flat.astype(np.float32).reshape(features + 1, count)
        logits = rows @ both[:-1]
        logits += both[-1]
        logits -= logits.max(axis=1, keepdims=True)
        odds = np.exp(logits)
        sums = odds.sum(axis=1)
        loss = float((share * (np.log(sums) - logits[place, truth])).mean())
        odds *= (1.0 / sums)[:, None]
        odds[place, truth] -= 1.0
        odds *= (share / len(truth))[:, None]
        slope = np.empty_like(both)
        slope[:-1] = rows.T @ odds
        slope[:-1] += scale * both[:-1]
        slope[-1] = odds.sum(axis=0)
        penalty = 0.5 * scale * float((both[:-1] ** 2).sum())
        return loss + penalty, slope.ravel().astype(np.float64)

    start = np.zeros((features + 1) * count)
    options = {"maxiter": ROUNDS, "gtol": 1e-6, "ftol": 1e-7}
    found = minimize(cost, start, jac=True, method="L-BFGS-B", options=options).x
    both = found.astype(np.float32).reshape(features + 1, count)
    return both[:-1], both[-1]


def temperature_of(logits: np.ndarray, truth: np.ndarray) -> float:
    """What logits of unseen examples must be divided by to be honest probabilities."""
    found = minimize_scalar(
        lambda t: loss_of(logits / np.exp(t), truth), bounds=(-2.5, 2.0), method="bounded"
    )
    return float(np.exp(found.x))


def loss_of(logits: np.ndarray, truth: np.ndarray) -> float:
    """Mean negative log likelihood."""
    shifted = logits - logits.max(axis=1, keepdims=True)
    return float((np.log(np.exp(shifted).sum(axis=1)) - shifted[np.arange(len(truth)), truth]).mean())


def softmax(logits: np.ndarray) -> np.ndarray:
    raised = np.exp(logits - logits.max(axis=1, keepdims=True))
    return raised / raised.sum(axis=1, keepdims=True)


def calibration_error(probabilities: np.ndarray, truth: np.ndarray) -> float:
    """Mean distance between how sure and how right, over ten bins of confidence, weighed by their size."""
    top, right = probabilities.max(axis=1), probabilities.argmax(axis=1) == truth
    bins = np.clip((top * 10).astype(int), 0, 9)
    used = [bins == place for place in range(10) if (bins == place).any()]
    return float(sum(abs(right[one].mean() - top[one].mean()) * one.mean() for one in used))
