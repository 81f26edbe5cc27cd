"""The training examples that are most like a message, for people who ask why the assistant decided as it did. Nothing is
decided by them."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Collection, Sequence
from pathlib import Path
from typing import Any

import numpy as np

FILE = "nearest.npz"
MOST = 3
LONGEST = 120
"""Characters of an example that are kept with a turn."""
_EMPTY = np.zeros((0, 1), np.int8)
_NO_SIZES = np.zeros(0, np.float32)


class Nearest:
    """`vectors` are the encoder's, one row for each example, as int8 values; only angles between them mean something."""

    def __init__(
        self, texts: Sequence[str] = (), intents: Sequence[str] = (), vectors: np.ndarray = _EMPTY
    ) -> None:
        self._texts = list(texts)
        self._intents = list(intents)
        self._vectors = vectors
        self._sizes = np.concatenate(
            [_sizes(vectors[start : start + 512]) for start in range(0, len(vectors), 512)] or [_NO_SIZES]
        )
        rows: dict[str, list[int]] = defaultdict(list)
        for row, intent in enumerate(self._intents):
            rows[intent].append(row)
        self._rows = {intent: np.array(found) for intent, found in rows.items()}

    @classmethod
    def of(cls, texts: Sequence[str], intents: Sequence[str], vectors: np.ndarray) -> Nearest:
        """From the encoder's own values."""
        scale = np.maximum(np.abs(vectors).max(axis=1, keepdims=True), 1e-9)
        return cls(texts, intents, np.rint(vectors * (127 / scale)).astype(np.int8))

    def __call__(self, vector: np.ndarray, intents: Collection[str]) -> list[dict[str, Any]]:
        """The nearest examples of these intents, as {text, intent, likeness: the cosine}."""
        rows = [self._rows[intent] for intent in intents if intent in self._rows]
        if not rows:
            return []
        chosen = np.concatenate(rows)
        known = self._vectors[chosen].astype(np.float32)
        size = self._sizes[chosen] * max(float(np.linalg.norm(vector)), 1e-9)
        likeness = known @ vector.astype(np.float32) / np.maximum(size, 1e-9)
        return [
            {
                "text": self._texts[chosen[place]][:LONGEST],
                "intent": self._intents[chosen[place]],
                "likeness": round(float(likeness[place]), 3),
            }
            for place in np.argsort(-likeness, kind="stable")[:MOST]
        ]

    def write(self, folder: Path) -> None:
        named = json.dumps([self._texts, self._intents], ensure_ascii=False).encode()
        np.savez(folder / FILE, vectors=self._vectors, named=np.frombuffer(named, np.uint8))

    @classmethod
    def read(cls, folder: Path) -> Nearest:
        """Empty for a model that was trained before this file existed."""
        path = folder / FILE
        if not path.is_file():
            return cls()
        with np.load(path) as kept:
            texts, intents = json.loads(kept["named"].tobytes())
            return cls(texts, intents, kept["vectors"])


def _sizes(vectors: np.ndarray) -> np.ndarray:
    found: np.ndarray = np.linalg.norm(vectors.astype(np.float32), axis=1)
    return found
