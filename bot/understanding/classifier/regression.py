"""Softmax regression, and functions of its logits. No Rasa, no thresholds."""

from __future__ import annotations

import numpy as np

from bot.understanding.classifier.descent import descend

ROUNDS = 60
TOLERANCE = (
    1e-5  # the objective is then within 0.01 % of the optimum, and no decision changes (docs/performance.md)
)
BEND = 0.01  # the mean curvature of the softmax at the optimum: affects only the speed


def learn(
    rows: np.ndarray, truth: np.ndarray, count: int, strength: float, weights: np.ndarray | None = None
) -> tuple[np.ndarray, np.ndarray]:
    """Returns (weights (features, count), bias (count,)) of L2 regression; `strength` is C. Every class has the same total weight,
    distributed over its rows by `weights` (rows,).

    Uses preconditioned coordinates, in which the objective is about equally steep in all directions; that halves the
    steps. Matrices are float32, which halves their time without changing the answers.
    """
    examples = len(truth)
    weights = np.ones(examples) if weights is None else weights
    sizes = np.bincount(truth, weights, minlength=count)
    balance = 1.0 / (np.where(sizes > 0, sizes, 1) * (sizes > 0).sum())
    share = (weights * balance[truth]).astype(np.float32)
    place = np.arange(examples)
    scale = 1.0 / (strength * examples)
    whole = np.hstack([rows, np.ones((examples, 1), np.float32)])
    axes = _even(whole, scale)
    turned = whole @ axes
    # The penalty excludes the bias, the last column.
    lengths = (scale * (axes.astype(np.float64) ** 2).sum(axis=0))[:, None].astype(np.float32)
    bias = axes[-1]

    def cost(flat: np.ndarray) -> tuple[float, np.ndarray]:
        both = flat.reshape(-1, count)
        odds = turned @ both
        odds -= odds.max(axis=1, keepdims=True)
        right = odds[place, truth]
        np.exp(odds, out=odds)
        sums = odds.sum(axis=1)
        loss = float((share * (np.log(sums) - right)).sum(dtype=np.float64))
        odds *= (share / sums)[:, None]
        odds[place, truth] -= share
        pulled = lengths * both - np.float32(scale) * np.outer(bias, bias @ both)
        slope = turned.T @ odds
        slope += pulled
        return loss + 0.5 * float((pulled * both).sum(dtype=np.float64)), slope.ravel()

    found = descend(cost, np.zeros(axes.shape[1] * count, np.float32), ROUNDS, TOLERANCE)
    both = axes @ found.reshape(-1, count)
    return both[:-1], both[-1]


def _even(rows: np.ndarray, scale: float) -> np.ndarray:
    """The preconditioner (columns, columns): the examples' principal directions, scaled to equal steepness."""
    spread, directions = np.linalg.eigh((rows.T @ rows).astype(np.float64) / len(rows))
    return (directions / np.sqrt(BEND * np.maximum(spread, 0.0) + scale)).astype(np.float32)


def temperature_of(logits: np.ndarray, truth: np.ndarray) -> float:
    """Returns the temperature: the divisor that calibrates the logits of unseen examples."""
    from scipy.optimize import minimize_scalar

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
    """Expected calibration error over ten bins of confidence, weighted by their size."""
    top, right = probabilities.max(axis=1), probabilities.argmax(axis=1) == truth
    bins = np.clip((top * 10).astype(int), 0, 9)
    used = [bins == place for place in range(10) if (bins == place).any()]
    return float(sum(abs(right[one].mean() - top[one].mean()) * one.mean() for one in used))
