"""Measures which of a message's words the predicted intent knows: "do I need a visa for Japan" shares words with passports, and
has two that occur in no passport question and no passport answer.

Words are compared by their first letters, to ignore endings. A word that is in no example and
in no dictionary is a typing error and is ignored.
"""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

import numpy as np

from bot.understanding.text import fold

STEM = 6  # letters
SHORTEST = 3  # letters; shorter words are ignored
_WORD = re.compile(r"[^\W\d_]+")

Words = tuple[tuple[str, bool], ...]  # stems, and whether the word is in a dictionary


def words_of(text: str, knows: Callable[[str], bool]) -> Words:
    """Returns the distinct informative words of a normalised text."""
    found = {fold(word)[:STEM]: knows(word) for word in _WORD.findall(text) if len(word) >= SHORTEST}
    return tuple(found.items())


@dataclass(frozen=True)
class Coverage:
    """`rarity`: stem -> its weight (at least 1 for a word of few examples). `known`: intent -> its stems."""

    rarity: dict[str, float]
    unseen: float
    known: tuple[frozenset[str], ...]

    @classmethod
    def fit(cls, examples: Sequence[Words], owners: Iterable[int], count: int) -> Coverage:
        """`owners`: the intent of each example, below `count`."""
        found = Counter(stem for words in examples for stem, _ in words)
        known: list[set[str]] = [set() for _ in range(count)]
        for words, owner in zip(examples, owners, strict=True):
            known[owner].update(stem for stem, _ in words)
        size = len(examples) + 1
        rarity = {stem: math.log(size / (times + 0.5)) for stem, times in found.items()}
        return cls(rarity, math.log(size / 0.5), tuple(frozenset(stems) for stems in known))

    def __call__(self, words: Words, intent: int, more: frozenset[str] = frozenset()) -> tuple[float, ...]:
        """Returns (share known to the intent, share known to any, weight of the most informative word unknown to the intent,
        number of words unknown to all, log of the number of words). `more`: additional stems that the intent knows."""
        mine = self.known[intent]
        of_intent = of_any = strangest = 0.0
        total = new = 0
        weight = 0.0
        for stem, listed in words:
            if stem not in self.rarity and not listed:
                continue
            here = self.rarity.get(stem, self.unseen)
            total += 1
            weight += here
            if stem in self.rarity:
                of_any += here
            else:
                new += 1
            if stem in mine or stem in more:
                of_intent += here
            else:
                strangest = max(strangest, here)
        if not total:
            return 1.0, 1.0, 0.0, 0.0, 0.0
        return of_intent / weight, of_any / weight, strangest, float(new), math.log1p(total)


def table(
    coverage: Coverage, messages: Sequence[Words], guesses: np.ndarray, more: Sequence[frozenset[str]]
) -> np.ndarray:
    """(messages, 5), see Coverage.__call__."""
    rows = [coverage(words, int(guess), more[guess]) for words, guess in zip(messages, guesses, strict=True)]
    return np.array(rows, np.float32).reshape(len(rows), 5)
