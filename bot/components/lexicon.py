"""The words that examples and answers are made of: how common each is in each language, and which follow each other."""

from __future__ import annotations

import math
import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any

from bot.components.text import fold

WORD = re.compile(r"[^\W\d_]+")
COMMON = 2  # a word must occur that often to be what somebody meant
SHORTEST = 4  # letters of a word that may be mended: shorter ones are one slip from half the dictionary
OTHER = 0.05  # how much the other languages' counts weigh
FOLLOWS = 0.4  # share of a word's probability that its predecessor decides, where the pair was seen
RARE = math.log(1e-7)


@dataclass(frozen=True)
class Lexicon:
    """`words`: language -> word -> how often; `pairs`: "first second" -> how often."""

    words: dict[str, dict[str, int]]
    pairs: dict[str, int]
    _sizes: dict[str, int] = field(init=False, default_factory=dict)
    _all: dict[str, int] = field(init=False, default_factory=dict)
    _folded: dict[str, str] = field(init=False, default_factory=dict)
    _near: dict[str, list[str]] = field(init=False, default_factory=dict)

    def __post_init__(self) -> None:
        whole: Counter[str] = Counter()
        for language, counts in self.words.items():
            self._sizes[language] = sum(counts.values())
            whole.update(counts)
        self._all.update(whole)
        near: dict[str, list[str]] = defaultdict(list)
        for word, count in sorted(whole.items(), key=lambda entry: (-entry[1], entry[0])):
            self._folded.setdefault(fold(word), word)
            if count >= COMMON and len(word) >= SHORTEST:
                for rest in {fold(word), *less_one(fold(word))}:
                    near[rest].append(word)
        self._near.update(near)

    @classmethod
    def fit(cls, texts: Sequence[str], languages: Iterable[str]) -> Lexicon:
        """`texts` normalised; `languages` the language of each, "" where nobody knows."""
        words: dict[str, Counter[str]] = defaultdict(Counter)
        pairs: Counter[str] = Counter()
        for text, language in zip(texts, languages, strict=True):
            found = WORD.findall(text)
            words[language].update(found)
            pairs.update(f"{first} {second}" for first, second in pairwise(found))
        return cls({language: dict(counts) for language, counts in words.items()}, dict(pairs))

    @property
    def saved(self) -> dict[str, Any]:
        return {"words": self.words, "pairs": self.pairs}

    def count(self, word: str) -> int:
        """In all languages together."""
        return self._all.get(word, 0)

    def has(self, word: str) -> bool:
        """Whether it is known, accents aside."""
        return fold(word) in self._folded

    def written(self, word: str) -> str:
        """With the accents that its commonest spelling has."""
        return word if word in self._all else self._folded.get(fold(word), word)

    def near(self, word: str) -> set[str]:
        """Common words that become the same as `word` when each may lose a letter, accents aside."""
        folded = fold(word)
        return {other for rest in (folded, *less_one(folded)) for other in self._near.get(rest, ())}

    def language_of(self, words: Sequence[str]) -> str:
        """The language that most of the words belong to."""

        def votes(language: str) -> float:
            counts, size = self.words[language], self._sizes[language]
            return sum(math.log(counts.get(word, 0) / size + 1e-5) for word in words)

        return max(self.words, key=votes, default="")

    def likelihood(self, word: str, language: str, before: str) -> float:
        """Log of the chance that a text of `language` says `word` after `before`."""
        own = self.words.get(language, {}).get(word, 0) / max(1, self._sizes.get(language, 1))
        chance = (1 - OTHER) * own + OTHER * self.count(word) / max(1, sum(self._sizes.values()))
        follows = self.pairs.get(f"{before} {word}", 0)
        if follows:
            chance = (1 - FOLLOWS) * chance + FOLLOWS * follows / max(1, self.count(before))
        return math.log(chance) if chance > 0 else RARE


def less_one(word: str) -> list[str]:
    return [word[:place] + word[place + 1 :] for place in range(len(word))]
