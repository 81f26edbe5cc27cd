"""L-BFGS for smooth convex functions of many float32 numbers. Deterministic.

scipy's version works in float64 and handles bounds that we do not have, which costs a third of the training time.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable

import numpy as np

MEMORY = 10  # steps whose curvature is kept
_ENOUGH = 1e-4  # share of the predicted decrease that a step must achieve
_SHORTEST = 1e-4

Function = Callable[[np.ndarray], tuple[float, np.ndarray]]


def descend(function: Function, start: np.ndarray, rounds: int, tolerance: float) -> np.ndarray:
    """Returns the minimum of `function` (value, gradient), from `start` (float32), in at most `rounds` steps.

    Ends when a step lowers the value by less than `tolerance` of it (of 1, if it is below 1).
    """
    here, (value, slope) = start, function(start)
    past: deque[tuple[np.ndarray, np.ndarray, float]] = deque(maxlen=MEMORY)
    for _ in range(rounds):
        way = _direction(slope, past)
        promised = float(slope @ way)
        if promised <= 0.0:  # rounding errors have spoilt the curvature
            past.clear()
            way = _direction(slope, past)
            promised = float(slope @ way)
        length = 1.0
        while True:
            there = here - np.float32(length) * way
            lower, steeper = function(there)
            if lower <= value - _ENOUGH * length * promised or length < _SHORTEST:
                break
            bend = lower - value + length * promised
            length *= min(0.5, max(0.1, 0.5 * length * promised / bend))
        if lower > value:
            return here
        step, turn = there - here, steeper - slope
        curvature = float(step @ turn)
        if curvature > 1e-10 * float(np.sqrt((step @ step) * (turn @ turn))):
            past.append((step, turn, 1.0 / curvature))
        gained = value - lower
        here, value, slope = there, lower, steeper
        if gained <= tolerance * max(abs(value), 1.0):
            break
    return here


def _direction(slope: np.ndarray, past: deque[tuple[np.ndarray, np.ndarray, float]]) -> np.ndarray:
    """The gradient, corrected by the curvature of the last steps (the two loops of L-BFGS)."""
    if not past:
        return slope / np.float32(max(float(np.abs(slope).sum()), 1e-12))
    way = slope.copy()
    shares = []
    for step, turn, inverse in reversed(past):
        share = np.float32(inverse * float(step @ way))
        shares.append(share)
        way -= share * turn
    step, turn, _ = past[-1]
    way *= np.float32(float(step @ turn) / float(turn @ turn))
    for (step, turn, inverse), share in zip(past, reversed(shares), strict=True):
        way += (share - np.float32(inverse * float(turn @ way))) * step
    return way
