"""Finds examples whose neighbours belong to another intent: mislabelled, or in need of an explanation.

Measured with the sentence encoder, all languages together, as the classifier sees them.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from bot.lint.examples import Example

NEIGHBOURS = 5
FOREIGN = 4  # how many of the nearest sentences must belong to the one other intent
MARGIN = 0.1  # how much closer its mean must be, as a cosine


@dataclass(frozen=True)
class Stray:
    """`neighbour` is the nearest sentence; `gap` is how much closer the other intent's mean is (cosine)."""

    example: Example
    other: str
    neighbour: str
    gap: float


def strays(examples: Sequence[Example], embeddings: np.ndarray) -> list[Stray]:
    """`embeddings`: (examples, size). Every example is compared with all others; the worst come first."""
    rows = embeddings - embeddings.mean(axis=0)
    rows = rows / np.maximum(np.linalg.norm(rows, axis=1, keepdims=True), 1e-6)
    names = sorted({example.intent for example in examples})
    owner = np.array([names.index(example.intent) for example in examples])
    other, gap = _nearer_means(rows, owner, len(names))
    products = rows @ rows.T
    np.fill_diagonal(products, -1.0)
    found = []
    for place in np.flatnonzero(gap > MARGIN):
        near = np.argsort(-products[place])[:NEIGHBOURS]
        if (owner[near] == other[place]).sum() >= FOREIGN:
            neighbour = examples[near[0]].text
            found.append(Stray(examples[place], names[other[place]], neighbour, float(gap[place])))
    return sorted(found, key=lambda stray: -stray.gap)


def _nearer_means(rows: np.ndarray, owner: np.ndarray, count: int) -> tuple[np.ndarray, np.ndarray]:
    """The nearest other intent of each row, and how much closer its mean is than the row's own intent without the row."""
    places = np.arange(len(rows))
    sums = np.zeros((count, rows.shape[1]), dtype=rows.dtype)
    np.add.at(sums, owner, rows)
    products, lengths = rows @ sums.T, np.linalg.norm(sums, axis=1)
    own = products[places, owner]
    rest = np.sqrt(np.maximum(lengths[owner] ** 2 - 2 * own + 1, 1e-6))
    cosines = products / np.maximum(lengths, 1e-6)
    cosines[places, owner] = -1.0
    other = cosines.argmax(axis=1)
    return other, cosines[places, other] - (own - 1) / rest
