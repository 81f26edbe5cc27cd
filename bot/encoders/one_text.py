"""The multilingual encoder's network for a single text: a citizen writes one message at a time.

The package computes any number of texts with large matrix products. For the ten pieces of one message most of that
is overhead, and half of it is the same wherever a piece occurs: its embedding, and what it adds to each place of the
first convolution. That half is kept for the pieces seen last. The numbers are the package's but for rounding
(tests/bot/test_encoders.py), and the same for a text whatever was encoded before.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Sequence
from typing import Any

import numpy as np

KEPT = 1024  # pieces, 15 kB each
FEW = 15  # pieces of a text up to which a product row by row is quicker than one of matrices
_EMBEDDING, _WIDTH = 512, 256
_ORDERS = ((2, 0), (3, 1), (5, 2))  # (pieces of an n-gram, how many of them stand before its place)
_INPUTS = len(_ORDERS) * _WIDTH
_PLACES = sum(order for order, _ in _ORDERS)
_AROUND = 4  # empty places kept around a text: the longest n-gram looks two back and two ahead


class OneText:
    """`network` is the package's NumpyBackend; most of its arrays are used, not copied."""

    def __init__(self, network: Any, kept: int = KEPT) -> None:
        self._of = network
        self._rows = np.empty((kept, _EMBEDDING + _INPUTS + _PLACES * _WIDTH), np.float32)
        self._places: OrderedDict[int, int] = OrderedDict()
        self._first_bias = np.concatenate(network.b1)
        # Three layers that follow one another without a bend are one, and two that read the same are side by side.
        inner = np.hstack([network.d0, network.p1]).astype(np.float64)
        projected = network.cnn_W.astype(np.float64) @ inner
        self._entry = (network.ln_g[:, None] * projected).astype(np.float32)
        self._entry_bias = (network.ln_b @ projected + network.cnn_b @ inner).astype(np.float32)
        self._exit = np.hstack([network.d2, network.p3])
        self._first_weights = [
            np.hstack(np.split(weights, order))
            for (order, _), weights in zip(_ORDERS, network.w1, strict=True)
        ]

    def __call__(self, ids: Sequence[int]) -> np.ndarray:
        """float32 (512,) of unit length, for the ids of a text's pieces, of which at most `kept` may differ."""
        rows = self._rows[[self._row_of(piece) for piece in ids]]
        of, size = self._of, len(ids)
        features = np.empty((size, _EMBEDDING + _INPUTS), np.float32)
        features[:, :_EMBEDDING] = rows[:, :_EMBEDDING]
        first = self._first(rows, size)
        for place, (order, back) in enumerate(_ORDERS):
            part = slice(place * _WIDTH, (place + 1) * _WIDTH)
            second = _product(_windows(first[:, part], order, back), of.w2[place])
            second += of.b2[place]
            np.maximum(second, 0, out=second)
            second += first[:, part]
            features[:, _EMBEDDING + place * _WIDTH : _EMBEDDING + (place + 1) * _WIDTH] = second
        return self._pooled(features)

    def _first(self, rows: np.ndarray, size: int) -> np.ndarray:
        """What the first convolution gives at each place: the sum of what the pieces around it add, (size, 768)."""
        inputs, adds = rows[:, _EMBEDDING : _EMBEDDING + _INPUTS], rows[:, _EMBEDDING + _INPUTS :]
        sums = np.empty((size, _INPUTS), np.float32)
        sums[:] = self._first_bias
        column = 0
        for place, (order, back) in enumerate(_ORDERS):
            target = sums[:, place * _WIDTH : (place + 1) * _WIDTH]
            for offset in range(-back, order - back):
                added = adds[:, column : column + _WIDTH]
                column += _WIDTH
                if offset <= 0:
                    target[-offset:] += added[: size + offset]
                elif offset < size:
                    target[:-offset] += added[offset:]
        np.maximum(sums, 0, out=sums)
        sums += inputs
        return sums

    def _pooled(self, features: np.ndarray) -> np.ndarray:
        of, root = self._of, np.sqrt(np.float32(len(features)))
        features -= features.mean(axis=1, keepdims=True)
        spread = np.einsum("ij,ij->i", features, features) / np.float32(features.shape[1])
        total = np.reciprocal(np.sqrt(spread + np.float32(of.eps))) @ features
        both = (total / root) @ self._entry + root * self._entry_bias
        split = of.d0.shape[1]
        middle = np.maximum(both[split:] + np.maximum(both[:split], 0) @ of.d1, 0)
        ends = middle @ self._exit
        split = of.d2.shape[1]
        last = np.tanh(ends[split:] + np.maximum(ends[:split], 0) @ of.d3)
        found: np.ndarray = last / np.sqrt(max(last @ last, np.float32(of.eps)))
        return found

    def _row_of(self, piece: int) -> int:
        """Where the piece's numbers are; computed if it is not among the kept."""
        place = self._places.get(piece)
        if place is not None:
            self._places.move_to_end(piece)
            return place
        full = len(self._places) == len(self._rows)
        place = self._places.popitem(last=False)[1] if full else len(self._places)
        self._places[piece] = place
        self._compute(piece, self._rows[place])
        return place

    def _compute(self, piece: int, row: np.ndarray) -> None:
        """Fills (512 embedding, 768 inputs of the convolution, 256 for each place of the n-grams)."""
        of = self._of
        chunk = piece % len(of.scale)
        embedding = of.table[piece] * of.scale[chunk] + of.lo[chunk]
        inputs = embedding @ of.proj_W + of.proj_b
        inputs -= inputs.mean()
        inputs *= np.reciprocal(np.sqrt(inputs @ inputs / np.float32(_INPUTS) + np.float32(of.eps)))
        inputs = inputs * of.ln_g_all + of.ln_b_all
        row[:_EMBEDDING], row[_EMBEDDING : _EMBEDDING + _INPUTS] = embedding, inputs
        column = _EMBEDDING + _INPUTS
        for place, weights in enumerate(self._first_weights):
            end = column + weights.shape[1]
            row[column:end] = inputs[place * _WIDTH : (place + 1) * _WIDTH] @ weights
            column = end


def _windows(rows: np.ndarray, order: int, back: int) -> np.ndarray:
    """(size, order * 256): each place with those around it, zeros beyond the ends."""
    size = len(rows)
    padded = np.zeros((size + order - 1, _WIDTH), np.float32)
    padded[back : back + size] = rows
    step = padded.itemsize
    return np.lib.stride_tricks.as_strided(padded, (size, order * _WIDTH), (_WIDTH * step, step))


def _product(rows: np.ndarray, weights: np.ndarray) -> np.ndarray:
    if len(rows) <= FEW:
        return np.matmul(rows[:, None, :], weights)[:, 0]
    # A tall and narrow product is quicker turned on its side.
    return np.ascontiguousarray((weights.T @ np.ascontiguousarray(rows).T).T)
