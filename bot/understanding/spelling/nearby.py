"""Finds the words one or two edits from a typed one without comparing it with all 50,000.

Words that differ by one edit share a deletion variant. So each word is indexed by its deletion variants,
stored as CRC-32 (four bytes) and not as text: 10 MB instead of 100. Matches may be false
and are compared afterwards.
"""

from __future__ import annotations

import zlib
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from bot.understanding.spelling.correct import distance

_BITS = 22  # leading bits of a key, used to reject most absent keys: half a megabyte


class Nearby:
    """`keys` uint32, sorted, and the parallel `places` uint32: the number of the indexed word."""

    def __init__(self, keys: np.ndarray, places: np.ndarray) -> None:
        self._keys = keys
        self._places = places
        there = np.zeros(1 << _BITS, bool)
        there[keys >> (32 - _BITS)] = True
        self._filter = np.packbits(there, bitorder="little").tobytes()

    @classmethod
    def of(cls, words: Sequence[tuple[int, str]], depth: int) -> Nearby:
        """`words`: (number, folded word). `depth`: how many letters may be deleted."""
        pairs = [(_key(rest), place) for place, word in words for rest in remains(word, depth)]
        both = np.array(pairs, np.uint32).reshape(len(pairs), 2)
        both = both[np.argsort(both[:, 0], kind="stable")]
        return cls(np.ascontiguousarray(both[:, 0]), np.ascontiguousarray(both[:, 1]))

    def __call__(self, word: str, depth: int) -> list[int]:
        """Returns the distinct numbers of candidate words, with up to `depth` letters of the folded `word` deleted."""
        keys = np.array(
            [key for rest in remains(word, depth) if self._may_have(key := _key(rest))], np.uint32
        )
        if not len(keys):
            return []  # the result for most unknown words
        starts = self._keys.searchsorted(keys, "left")
        ends = self._keys.searchsorted(keys, "right")
        spans = [self._places[a:b] for a, b in zip(starts.tolist(), ends.tolist(), strict=True) if a < b]
        return list(dict.fromkeys(np.concatenate(spans).tolist())) if spans else []

    def _may_have(self, key: int) -> bool:
        """False only if the key is absent: a binary search would cost twenty cache misses."""
        place = key >> (32 - _BITS)
        return bool(self._filter[place >> 3] >> (place & 7) & 1)

    @property
    def arrays(self) -> tuple[np.ndarray, np.ndarray]:
        return self._keys, self._places


def write(path: Path, **indexes: Nearby) -> None:
    parts = {}
    for name, index in indexes.items():
        parts[f"{name}_keys"], parts[f"{name}_places"] = index.arrays
    np.savez(path, **parts)


def read(path: Path, *names: str) -> list[Nearby]:
    with np.load(path, allow_pickle=False) as arrays:
        return [Nearby(arrays[f"{name}_keys"], arrays[f"{name}_places"]) for name in names]


def slips_between(a: str, b: str, most: int) -> int:
    """As correct.distance, but faster; returns a value above `most` (1 or 2) if the distance is larger."""
    if abs(len(a) - len(b)) > most:
        return most + 1
    start, shorter = 0, min(len(a), len(b))
    while start < shorter and a[start] == b[start]:
        start += 1
    end = 0
    while end < shorter - start and a[-1 - end] == b[-1 - end]:
        end += 1
    left, right = a[start : len(a) - end], b[start : len(b) - end]
    if len(left) <= 1 and len(right) <= 1:
        return int(bool(left or right))
    if len(left) == 2 and left == right[::-1]:
        return 1
    return 2 if most == 1 else distance(left, right)


def remains(word: str, depth: int) -> set[str]:
    """Returns `word` and its variants with up to `depth` letters deleted."""
    found = latest = {word}
    for _ in range(depth):
        latest = {rest[:place] + rest[place + 1 :] for rest in latest for place in range(len(rest))}
        found = found | latest
    return found


def _key(word: str) -> int:
    return zlib.crc32(word.encode())
