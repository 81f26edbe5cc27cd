"""Is a text about any of our topics at all? A score beside the probability, which cannot say.

Two signs, added: the largest raw logit (scaling would spoil it), and how near the nearest training example is by its
sentence embedding. A question beside a topic ("visa for japan" beside passports) has a high logit, for it shares the
topic's words, but no example means the same. docs/adr/0011-understanding-a-message.md has the figures.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

DIMENSIONS = 128  # of the embeddings that neighbours are looked up in: a fifth of the time, no worse
NEARNESS = 1.5  # weight of the neighbour against the logit, both in standard deviations


@dataclass(frozen=True)
class Scope:
    """axes (embedding, DIMENSIONS); known (examples, DIMENSIONS), rows of unit length; means and spreads of the signs."""

    axes: np.ndarray
    known: np.ndarray
    centres: tuple[float, float]
    spreads: tuple[float, float]

    @classmethod
    def fit(cls, embeddings: np.ndarray, logits: np.ndarray, near: np.ndarray) -> Scope:
        """`logits`, `near`: the two signs of examples that were not seen (see `nearest`)."""
        axes = axes_of(embeddings)
        signs = (logits.max(axis=1), near)
        centres, spreads = [float(s.mean()) for s in signs], [max(float(s.std()), 1e-6) for s in signs]
        return cls(
            axes,
            unit(embeddings @ axes).astype(np.float32),
            (centres[0], centres[1]),
            (spreads[0], spreads[1]),
        )

    def __call__(self, logits: np.ndarray, embeddings: np.ndarray) -> np.ndarray:
        """One score a row: 0 for the average real question, lower for strangers."""
        return self.combine(logits, nearest(unit(embeddings @ self.axes), self.known))

    def combine(self, logits: np.ndarray, near: np.ndarray) -> np.ndarray:
        certain = (logits.max(axis=1) - self.centres[0]) / self.spreads[0]
        return certain + NEARNESS * (near - self.centres[1]) / self.spreads[1]


def axes_of(embeddings: np.ndarray) -> np.ndarray:
    """The directions in which the examples differ most."""
    _, vectors = np.linalg.eigh((embeddings.T @ embeddings).astype(np.float64))
    return np.ascontiguousarray(vectors[:, ::-1][:, :DIMENSIONS].astype(np.float32))


def nearest(rows: np.ndarray, known: np.ndarray) -> np.ndarray:
    """Cosine of each row with the nearest of `known`; both of unit length."""
    parts = [(rows[start : start + 512] @ known.T).max(axis=1) for start in range(0, len(rows), 512)]
    return np.concatenate(parts) if parts else np.zeros(0, np.float32)


def unit(rows: np.ndarray) -> np.ndarray:
    return rows / np.maximum(np.linalg.norm(rows, axis=1, keepdims=True), 1e-6)
