"""Finds sentences that are too similar: duplicates, contradictions and leaks, measured by word and letter n-grams."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from scipy.sparse import csr_matrix
from sklearn.feature_extraction.text import TfidfVectorizer

from bot.lint.examples import Example
from bot.understanding.text import fold

ALIKE = 0.9  # cosine above which two sentences differ only in a small word or a letter
OWN_WORDS = 3  # shorter sentences ("hello", "yes please") are common: they are no leak
_SIGNS = re.compile(r"[^\w]+")


@dataclass(frozen=True)
class Pair:
    """Two sentences of one language and their cosine, 1.0 for the same words."""

    first: Example
    second: Example
    cosine: float


def doubles(examples: Sequence[Example]) -> list[Pair]:
    """Pairs in one language with the same wording, whatever their intents.

    Under one intent the second adds nothing; under two they contradict each other. Across intents only
    identical words count: "thanks" and "no thanks" are similar and mean the opposite.
    """
    found = []
    for language in sorted({example.language for example in examples}):
        spoken = [example for example in examples if example.language == language]
        rows = _vectors([example.text for example in spoken])
        products = (rows @ rows.T).tocoo()
        close = (products.data >= ALIKE) & (products.row < products.col)
        for i, j, cosine in zip(products.row[close], products.col[close], products.data[close], strict=True):
            first, second = spoken[i], spoken[j]
            short = len(bare(first.text).split()) < OWN_WORDS
            if bare(first.text) == bare(second.text) or (first.intent == second.intent and not short):
                found.append(Pair(first, second, min(1.0, float(cosine))))
    return found


def leaks(examples: Iterable[Example], held_out: dict[str, str]) -> list[tuple[Example, str]]:
    """Examples that are also in `held_out` (sentence -> its source), with the source."""
    places = {bare(text): place for text, place in held_out.items() if len(bare(text).split()) >= OWN_WORDS}
    return [(example, places[key]) for example in examples if (key := bare(example.text)) in places]


def bare(text: str) -> str:
    """The text without case, accents and punctuation, so that copies compare equal."""
    return _SIGNS.sub(" ", fold(text)).strip()


def _vectors(texts: Sequence[str]) -> csr_matrix:
    """(texts, n-grams), rows of unit length: the product of two rows is their cosine."""
    vectorizer = TfidfVectorizer(analyzer="char_wb", ngram_range=(2, 4), lowercase=False, dtype=np.float32)
    return vectorizer.fit_transform([bare(text) or "?" for text in texts])
