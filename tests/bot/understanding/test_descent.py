"""The solver behind the classifier finds what scipy finds, each time the same."""

import numpy as np
import pytest
from scipy.optimize import minimize

from bot.understanding.classifier.descent import descend
from bot.understanding.classifier.regression import learn


def test_finds_the_bottom_of_a_long_valley() -> None:
    steepness = np.geomspace(1, 1000, 50).astype(np.float32)
    bottom = np.linspace(-2, 2, 50).astype(np.float32)

    def valley(here: np.ndarray) -> tuple[float, np.ndarray]:
        away = here - bottom
        return float(0.5 * (steepness * away * away).sum()), steepness * away

    found = descend(valley, np.zeros(50, np.float32), 300, 1e-9)
    np.testing.assert_allclose(found, bottom, atol=1e-2)


def test_stops_where_it_stands_at_the_bottom_and_after_its_rounds() -> None:
    calls = []

    def bowl(here: np.ndarray) -> tuple[float, np.ndarray]:
        calls.append(here)
        return float(here @ here), 2 * here

    np.testing.assert_array_equal(descend(bowl, np.zeros(3, np.float32), 50, 1e-6), np.zeros(3))
    assert len(calls) < 20
    calls.clear()
    descend(bowl, np.full(3, 9.0, np.float32), 2, 0.0)
    assert len(calls) < 10


@pytest.mark.parametrize("strength", [0.5, 8.0, 25.0])
def test_learns_what_the_exact_optimum_says(strength: float) -> None:
    draw = np.random.default_rng(1)
    truth = np.repeat(np.arange(5), (40, 40, 40, 40, 10))
    rows = (np.eye(5, 12)[truth] + draw.normal(0, 0.6, (len(truth), 12))).astype(np.float32)
    share = (len(truth) / (np.bincount(truth) * 5))[truth]

    def cost(flat: np.ndarray) -> float:
        weights, bias = flat[:-5].reshape(12, 5), flat[-5:]
        logits = rows @ weights + bias
        logits = logits - logits.max(axis=1, keepdims=True)
        loss = np.log(np.exp(logits).sum(axis=1)) - logits[np.arange(len(truth)), truth]
        return float((share * loss).mean() + 0.5 * (weights**2).sum() / (strength * len(truth)))

    best = minimize(cost, np.zeros(65), method="L-BFGS-B", options={"maxfun": 200_000}).fun
    weights, bias = learn(rows, truth, 5, strength)
    reached = cost(np.concatenate([weights.ravel(), bias]).astype(np.float64))
    assert reached <= best * 1.001
    again = learn(rows, truth, 5, strength)
    np.testing.assert_array_equal(weights, again[0])
    np.testing.assert_array_equal(bias, again[1])
