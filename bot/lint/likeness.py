"""Sentences that are too much alike: doubles, contradictions and leaks. Word and letter n-grams decide."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from scipy.sparse import csr_matrix
from sklearn.feature_extraction.text import TfidfVectorizer

from bot.lint.examples import Example
from bot.understanding.text import fold

ALIKE = 0.9  # cosine from which two sentences differ in a small word or a letter only
OWN_WORDS = 3  # shorter sentences ("hello", "yes please") belong to everybody: nothing leaks by them
_SIGNS = re.compile(r"[^\w]+")


@dataclass(frozen=True)
class Pair:
    """Two sentences of one language and their cosine, 1.0 for the same words."""

    first: Example
    second: Example
    cosine: float


def doubles(examples: Sequence[Example]) -> list[Pair]:
    """Pairs of one language that say the same in the same words, whatever their intents are.

    Under one intent the second teaches nothing; under two they contradict each other. Of two intents only
    the very same words count: "thanks" and "no thanks" are alike and mean the opposite.
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
    """Examples that are also in `held_out` (sentence -> where it is from), and where."""
    places = {bare(text): place for text, place in held_out.items() if len(bare(text).split()) >= OWN_WORDS}
    return [(example, places[key]) for example in examples if (key := bare(example.text)) in places]


def bare(text: str) -> str:
    """Without capitals, accents and signs: what two copies of a sentence have in common."""
    return _SIGNS.sub(" ", fold(text)).strip()


def _vectors(texts: Sequence[str]) -> csr_matrix:
    """(texts, n-grams), rows of unit length: a product of two rows is their cosine."""
    vectorizer = TfidfVectorizer(analyzer="char_wb", ngram_range=(2, 4), lowercase=False, dtype=np.float32)
    return vectorizer.fit_transform([bare(text) or "?" for text in texts])
