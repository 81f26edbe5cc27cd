"""Converts a scope to arrays and JSON, for head_file.py."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from bot.understanding.scope.coverage import Coverage
from bot.understanding.scope.direction import Leaning
from bot.understanding.scope.judge import Judge
from bot.understanding.scope.score import SIGNS, Known, Scope

JUDGE = ("features", "limits", "values")


def written(scope: Scope) -> tuple[dict[str, np.ndarray], dict[str, Any]]:
    """(arrays, JSON)."""
    known = scope.known
    arrays = {
        "axes": scope.axes,
        "known": known.rows,
        "known_starts": known.starts,
        "lines": known.lines,
        "line_starts": known.line_starts,
    }
    told: dict[str, Any] = {"centres": scope.centres, "spreads": scope.spreads, "signs": SIGNS}
    told["more"] = [sorted(stems) for stems in known.more]
    if known.coverage:
        told["rarity"] = known.coverage.rarity
        told["unseen"] = known.coverage.unseen
        told["stems"] = [sorted(stems) for stems in known.coverage.known]
    if scope.judge:
        told["start"] = scope.judge.start
        arrays |= {f"judge_{name}": getattr(scope.judge, name) for name in JUDGE}
        arrays["strangers"] = scope.strangers if scope.strangers is not None else np.zeros((0, 0), np.float32)
    if scope.leaning:
        arrays["leaning"], told["leaning"] = scope.leaning.weights, scope.leaning.bias
    return arrays, told


def read(arrays: Mapping[str, np.ndarray], told: Mapping[str, Any]) -> Scope:
    """Raises KeyError or ValueError for files of a different version."""
    if tuple(told["signs"]) != SIGNS:
        raise ValueError("the model's scope was learned from other signs; train again with `make train`")
    coverage = None
    if "rarity" in told:
        coverage = Coverage(
            told["rarity"], told["unseen"], tuple(frozenset(stems) for stems in told["stems"])
        )
    known = Known(
        _for_one(arrays["known"]),
        arrays["known_starts"],
        arrays["lines"].astype(np.float32),
        arrays["line_starts"],
        coverage,
        tuple(frozenset(stems) for stems in told["more"]),
    )
    judge = Judge(told["start"], *(arrays[f"judge_{name}"] for name in JUDGE)) if "start" in told else None
    strangers = _for_one(arrays["strangers"]) if judge else None
    leaning = Leaning(arrays["leaning"], told["leaning"]) if "leaning" in told else None
    return Scope(
        arrays["axes"], known, tuple(told["centres"]), tuple(told["spreads"]), judge, strangers, leaning
    )


def _for_one(rows: np.ndarray) -> np.ndarray:
    """float32 in column-major order, which halves the time to compare one message with all rows."""
    return np.asfortranarray(rows.astype(np.float32))
