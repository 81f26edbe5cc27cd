"""The multilingual encoder's network for a single text, since citizens write one message at a time.

The package encodes any number of texts with large matrix products. For one message of ten pieces most of that
is overhead, and half of it depends only on the piece: its embedding, and its contribution to each position of the
first convolution. That half is cached for recent pieces. The results equal the package's except for rounding
(tests/bot/encoders/test_encoders.py), and do not depend on earlier texts.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Sequence
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np

from bot.encoders.table import Table
from bot.kernels import multiplies_few_rows_fast

KEPT = 4096  # pieces, 15 kB each: nearly all that citizens of one city use
AT_ONCE = 32  # pieces prepared together, so that the weights stay in the processor's cache
FEW = 0 if multiplies_few_rows_fast() else 24
"""Up to this many rows, multiplying row by row is faster than one matrix product."""
_EMBEDDING, _WIDTH = 512, 256
_ORDERS = ((2, 0), (3, 1), (5, 2))  # (pieces of an n-gram, how many of them precede its position)
_INPUTS = len(_ORDERS) * _WIDTH
_PLACES = sum(order for order, _ in _ORDERS)
_USED = ("scale", "lo", "proj_W", "proj_b", "ln_g_all", "ln_b_all", "d1", "d3", "eps")


class OneText:
    """`network` has the arrays of the package's NumpyBackend; `table` returns the rows of pieces."""

    def __init__(self, network: Any, table: Table | np.ndarray, kept: int = KEPT) -> None:
        self._of = SimpleNamespace(**{name: getattr(network, name) for name in _USED})
        self._table = table
        self._rows = np.empty((kept, _EMBEDDING + _INPUTS + _PLACES * _WIDTH), np.float32)
        self._places: OrderedDict[int, int] = OrderedDict()
        self._first_bias = np.concatenate(network.b1)
        # Three consecutive linear layers become one, and two with the same input are computed together.
        inner = np.hstack([network.d0, network.p1]).astype(np.float64)
        projected = network.cnn_W.astype(np.float64) @ inner
        self._entry = (network.ln_g[:, None] * projected).astype(np.float32)
        self._entry_bias = (network.ln_b @ projected + network.cnn_b @ inner).astype(np.float32)
        self._exit = np.hstack([network.d2, network.p3])
        # (positions in the n-gram, 256, 256): a piece's contribution to each, without a copy
        self._first_weights = [
            weights.reshape(order, _WIDTH, _WIDTH)
            for (order, _), weights in zip(_ORDERS, network.w1, strict=True)
        ]
        self._second_weights = [
            weights.reshape(order, _WIDTH, _WIDTH)
            for (order, _), weights in zip(_ORDERS, network.w2, strict=True)
        ]
        self._second_bias = np.concatenate(network.b2)

    def __call__(self, ids: Sequence[int]) -> np.ndarray:
        """float32 (512,) of unit length, for the ids of a text's pieces, of which at most `kept` may differ."""
        rows = self._rows[self._places_of(ids)]
        size = len(ids)
        first = self._first(rows, size)
        features = np.empty((size, _EMBEDDING + _INPUTS), np.float32)
        features[:, :_EMBEDDING] = rows[:, :_EMBEDDING]
        second = self._second(first, size)
        np.add(np.maximum(second, 0, out=second), first, out=features[:, _EMBEDDING:])
        return self._pooled(features)

    def prepare(self, pieces: Sequence[int]) -> None:
        """Put these pieces into the cache; the first are evicted last."""
        last = list(reversed(pieces[: len(self._rows)]))
        for start in range(0, len(last), AT_ONCE):
            self._places_of(last[start : start + AT_ONCE])

    def _first(self, rows: np.ndarray, size: int) -> np.ndarray:
        """The first convolution, (size, 768): the sum of the contributions of the surrounding pieces."""
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

    def _second(self, first: np.ndarray, size: int) -> np.ndarray:
        """The second convolution before its activation, (size, 768): for each position in the n-grams, the contributions of the pieces
        there. The weights of one position (256 kB) stay in the processor's cache for all pieces."""
        sums = np.empty((size, _INPUTS), np.float32)
        sums[:] = self._second_bias
        for place, (order, back) in enumerate(_ORDERS):
            part = slice(place * _WIDTH, (place + 1) * _WIDTH)
            inputs, target = np.ascontiguousarray(first[:, part]), sums[:, part]
            for offset, weights in zip(range(-back, order - back), self._second_weights[place], strict=True):
                if offset <= 0:
                    target[-offset:] += _product(inputs[: size + offset], weights)
                elif offset < size:
                    target[:-offset] += _product(inputs[offset:], weights)
        return sums

    def _pooled(self, features: np.ndarray) -> np.ndarray:
        of, root = self._of, np.sqrt(np.float32(len(features)))
        features -= features.mean(axis=1, keepdims=True)
        spread = np.einsum("ij,ij->i", features, features) / np.float32(features.shape[1])
        total = np.reciprocal(np.sqrt(spread + np.float32(of.eps))) @ features
        both = (total / root) @ self._entry + root * self._entry_bias
        split = len(of.d1)
        middle = np.maximum(both[split:] + np.maximum(both[:split], 0) @ of.d1, 0)
        ends = middle @ self._exit
        split = len(of.d3)
        last = np.tanh(ends[split:] + np.maximum(ends[:split], 0) @ of.d3)
        found: np.ndarray = last / np.sqrt(max(last @ last, np.float32(of.eps)))
        return found

    def _places_of(self, ids: Sequence[int]) -> list[int]:
        """Returns the cache rows of the pieces; missing ones are computed together."""
        places = self._places
        missing: list[int] = []
        for piece in dict.fromkeys(ids):
            if piece in places:
                places.move_to_end(piece)
            else:
                missing.append(piece)
        for piece in missing:
            full = len(places) == len(self._rows)
            places[piece] = places.popitem(last=False)[1] if full else len(places)
        if missing:
            self._compute(missing, [places[piece] for piece in missing])
        return [places[piece] for piece in ids]

    def _compute(self, pieces: list[int], places: list[int]) -> None:
        """Fill rows (512 embedding, 768 inputs of the convolution, 256 for each position in the n-grams).

        Each piece is multiplied separately, so that its values do not depend on the others, and only the first waits
        for 4 MB of weights from memory.
        """
        of = self._of
        chunks = np.array(pieces) % len(of.scale)
        embeddings = self._table[pieces] * of.scale[chunks, None] + of.lo[chunks, None]
        inputs = np.matmul(embeddings[:, None, :], of.proj_W)[:, 0] + of.proj_b
        inputs -= inputs.mean(axis=1, keepdims=True)
        spread = np.einsum("ij,ij->i", inputs, inputs) / np.float32(_INPUTS)
        inputs *= np.reciprocal(np.sqrt(spread + np.float32(of.eps)))[:, None]
        inputs *= of.ln_g_all
        inputs += of.ln_b_all
        rows = np.empty((len(pieces), self._rows.shape[1]), np.float32)
        rows[:, :_EMBEDDING], rows[:, _EMBEDDING : _EMBEDDING + _INPUTS] = embeddings, inputs
        column = _EMBEDDING + _INPUTS
        for place, weights in enumerate(self._first_weights):
            part = inputs[:, None, None, place * _WIDTH : (place + 1) * _WIDTH]
            end = column + len(weights) * _WIDTH
            rows[:, column:end] = np.matmul(part, weights).reshape(len(pieces), -1)
            column = end
        self._rows[places] = rows


def read_weights(path: Path) -> SimpleNamespace:
    """The arrays of the package's file, named as in its NumpyBackend, without the table."""
    with np.load(path, allow_pickle=False) as arrays:
        read = {name: arrays[name] for name in arrays.files if not name.startswith("q")}
    read |= {name: [read[f"{name}_{order}"] for order, _ in _ORDERS] for name in ("w1", "b1", "w2", "b2")}
    for whole, part in (("proj_b", "proj_b"), ("ln_g_all", "ln_g"), ("ln_b_all", "ln_b")):
        read[whole] = np.concatenate([read[f"{part}{order}"] for order, _ in _ORDERS])
    read["proj_W"] = np.concatenate([read[f"proj{order}"] for order, _ in _ORDERS], axis=1)
    return SimpleNamespace(**read | {"eps": float(read["eps"])})


def _product(rows: np.ndarray, weights: np.ndarray) -> np.ndarray:
    found: np.ndarray = np.matmul(rows[:, None, :], weights)[:, 0] if len(rows) <= FEW else rows @ weights
    return found
