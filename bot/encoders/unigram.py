"""A SentencePiece unigram vocabulary in 4 MB of memory. The tokenizers library needs 280 MB for the same 250,000 pieces.

A piece is found by its hash in a sorted list. Pieces never span a space, so a text's ids are the concatenated ids of its
words, which are cached (tests/bot/encoders/test_e5.py compares with the library's ids).
"""

from __future__ import annotations

import unicodedata
from bisect import bisect_left
from collections.abc import Mapping, Sequence
from functools import lru_cache
from hashlib import blake2b
from pathlib import Path

import numpy as np

FILE = "unigram.npz"
SPACE = "\u2581"  # how the vocabulary writes the space before a word
WORDS_KEPT = 20_000  # a bound, since the number of different words is unlimited
LONGEST_KEPT = 40  # letters of a word that is cached
PENALTY = 10  # how much less likely an unknown letter is than the rarest piece, as in SentencePiece


class Unigram:
    """Read the folder that `save` wrote. Raises OSError, ValueError, KeyError or BadZipFile if it is damaged."""

    def __init__(self, folder: Path) -> None:
        with (folder / FILE).open("rb") as file, np.load(file, allow_pickle=False) as arrays:
            self._keys = memoryview(arrays["keys"])
            self._ids = memoryview(arrays["ids"])
            self._scores = memoryview(arrays["scores"])
            self._begin, self._end, self._unknown, self._widest = arrays["marks"].tolist()
            self._strange = float(arrays["scores"].min()) - PENALTY
            self._letters = dict(zip(arrays["letters"].tolist(), arrays["written"].tolist(), strict=True))
        if not len(self._keys) == len(self._ids) == len(self._scores):
            raise ValueError(f"{folder / FILE} is damaged")
        self._word = lru_cache(maxsize=WORDS_KEPT)(self._pieces)

    def encode(self, text: str, longest: int) -> list[int]:
        """Returns at most `longest` ids, including the start and end markers."""
        plain = unicodedata.normalize("NFKC", text.translate(self._letters))[: longest * self._widest]
        ids: list[int] = []
        for word in plain.split(" "):
            if word and len(ids) < longest:
                ids += (self._word if len(word) <= LONGEST_KEPT else self._pieces)(SPACE + word)
        return [self._begin, *ids[: longest - 2], self._end]

    def _pieces(self, word: str) -> tuple[int, ...]:
        """Returns the most likely segmentation; each piece has a log probability."""
        best = [0.0] + [-np.inf] * len(word)
        back = [(0, self._unknown)] * (len(word) + 1)
        for start in range(len(word)):
            for end in range(start + 1, min(start + self._widest, len(word)) + 1):
                found = self._find(word[start:end])
                if found is None and end > start + 1:
                    continue
                piece, score = found or (self._unknown, self._strange)
                if best[start] + score > best[end]:
                    best[end], back[end] = best[start] + score, (start, piece)
        ids: list[int] = []
        place = len(word)
        while place:
            place, piece = back[place]
            if not (
                piece == self._unknown and ids and ids[-1] == piece
            ):  # consecutive unknown letters are one piece
                ids.append(piece)
        return tuple(reversed(ids))

    def _find(self, piece: str) -> tuple[int, float] | None:
        key = _key(piece)
        place = bisect_left(self._keys, key)
        if place == len(self._keys) or self._keys[place] != key:
            return None
        return self._ids[place], self._scores[place]


def save(
    folder: Path,
    pieces: Sequence[str],
    scores: np.ndarray,
    marks: tuple[int, int, int],
    letters: Mapping[int, str],
) -> None:
    """Write the vocabulary. `pieces` and `scores` (log probabilities) by id; `marks`: the ids of start, end and unknown; `letters`: code points that
    are normalised differently from NFKC. A marker is never found in a text. Raises ValueError."""
    known = np.array([place for place in range(len(pieces)) if place not in marks], np.int32)
    keys = np.array([_key(pieces[place]) for place in known], np.uint64)
    if len(np.unique(keys)) != len(keys):
        raise ValueError("two pieces of the vocabulary have the same hash, or are the same")
    order = np.argsort(keys)
    np.savez(
        folder / FILE,
        keys=keys[order],
        ids=known[order],
        scores=np.asarray(scores, np.float32)[known[order]],
        marks=np.array([*marks, max(map(len, pieces))], np.int32),
        letters=np.array(list(letters), np.uint32),
        written=np.array(list(letters.values()), np.str_),
    )


def _key(piece: str) -> int:
    return int.from_bytes(blake2b(piece.encode("utf-8", "surrogatepass"), digest_size=8).digest(), "little")
