"""The known words: those of examples and answers with their frequencies in each language and the pairs in which they
occur, and the common words of the language (common_words.py)."""

from __future__ import annotations

import json
import math
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np

from bot.understanding.spelling import nearby
from bot.understanding.spelling.nearby import Nearby, slips_between
from bot.understanding.text import WORD, fold

SHORTEST = 4  # minimum letters of a correction; shorter words must be frequent
OTHER = 0.05  # weight of the other languages' counts
OWN = 0.7  # share of a word's probability that comes from examples and answers; the rest comes from the language
FOLLOWS = 0.6  # share that comes from its predecessor, if the pair was seen
RARE = math.log(1e-8)
# Occurrences in examples, or share of a language's words, above which a short word is frequent.
FREQUENT, USUAL = 20, 1e-3
ENDINGS = (1, 2, 3)  # additional letters in an inflection
FORMS = 30  # words that must occur with and without an ending for it to count as one: "s" does, "ze" does not
TWICE = 6  # minimum letters of a typed word with two errors; the intended word may have one fewer
_KEPT = 2048  # typed words whose candidates are cached


class Lexicon:
    """`words`: language -> word -> how often; `pairs`: "first second" -> how often; `common`: language -> word -> share.

    `one`, `two`: indexes for words one edit away, and for our own words two edits away; `endings`: the inflections of
    these languages. Missing ones are computed.
    """

    def __init__(
        self,
        words: Mapping[str, Mapping[str, int]],
        pairs: dict[str, int],
        common: Mapping[str, Mapping[str, float]],
        one: Nearby | None = None,
        two: Nearby | None = None,
        endings: Iterable[str] | None = None,
    ) -> None:
        counts: Counter[str] = Counter()
        for spoken in words.values():
            counts.update(spoken)
        own = sorted(counts, key=lambda word: (-counts[word], word))
        usual: dict[str, float] = {}
        for shares in common.values():
            for word, share in shares.items():
                usual[word] = max(share, usual.get(word, 0.0))
        more = sorted((word for word in usual if word not in counts), key=lambda word: (-usual[word], word))
        self._words = [*own, *more]
        self._own = len(own)
        self._told: dict[str, Any] = {}
        self._pairs = pairs
        self._count = dict(counts)
        self._places: dict[str, int] = {}  # folded word -> its most frequent spelling
        self._spelt: dict[str, int] = {}  # other spellings
        for place, word in enumerate(self._words):
            if self._places.setdefault(fold(word), place) != place:
                self._spelt[word] = place
        self._short = {
            fold(w)
            for w in self._words
            if len(w) < SHORTEST and (counts[w] >= FREQUENT or usual.get(w, 0) >= USUAL)
        }
        self._codes = [code for code in words if code] or list(words)
        self._chances = self._weigh(words, common)
        self._one = one or Nearby.of(list(self._findable(0, len(self._words), 0)), 1)
        self._two = two or Nearby.of(list(self._findable(0, self._own, TWICE - 1)), 2)
        self._endings = frozenset(self._regular() if endings is None else endings)
        self.once = lru_cache(maxsize=_KEPT)(self._once)
        self.twice = lru_cache(maxsize=_KEPT)(self._twice)

    @classmethod
    def fit(
        cls, texts: Sequence[str], languages: Iterable[str], common: Mapping[str, Mapping[str, float]]
    ) -> Lexicon:
        """`texts` are normalised; `languages` are those of the texts, "" if unknown."""
        words: dict[str, Counter[str]] = defaultdict(Counter)
        pairs: Counter[str] = Counter()
        for text, language in zip(texts, languages, strict=True):
            found = WORD.findall(text)
            words[language].update(found)
            pairs.update(f"{first} {second}" for first, second in pairwise(found))
        told = {language: dict(counts) for language, counts in words.items()}
        made = cls(told, dict(pairs), common)
        made._told = {"words": told, "pairs": dict(pairs), "common": common, "endings": sorted(made._endings)}
        return made

    @classmethod
    def load(cls, folder: Path) -> Lexicon:
        told = json.loads((folder / "words.json").read_text(encoding="utf-8"))
        one, two = nearby.read(folder / "nearby.npz", "one", "two")
        return cls(told["words"], told["pairs"], told["common"], one, two, told["endings"])

    def save(self, folder: Path) -> None:
        """Available only after `fit`: a loaded lexicon does not keep these."""
        (folder / "words.json").write_text(json.dumps(self._told, ensure_ascii=False), encoding="utf-8")
        nearby.write(folder / "nearby.npz", one=self._one, two=self._two)

    def commonest(self, count: int) -> list[str]:
        """The most frequent words of examples and answers, the most frequent first."""
        return self._words[: min(count, self._own)]

    def owned(self, word: str) -> bool:
        """Whether it is in examples or answers, ignoring accents."""
        return self._places.get(fold(word), self._own) < self._own

    def has(self, word: str) -> bool:
        """Whether it is known, ignoring accents."""
        return fold(word) in self._places

    def stems(self, word: str) -> list[str]:
        """Returns the word without each of its possible endings."""
        cuts = (len(word) - ending for ending in ENDINGS if len(word) - ending >= SHORTEST)
        return [word[:cut] for cut in cuts if fold(word[cut:]) in self._endings]

    def piece(self, word: str) -> bool:
        """Whether it is known well enough to split another word for it."""
        return fold(word) in (self._places if len(word) >= SHORTEST else self._short)

    def written(self, word: str) -> str:
        """Returns its most frequent spelling, with accents."""
        place = self._place(word)
        return word if place is None else self._words[place]

    def _once(self, word: str) -> tuple[str, ...]:
        """Returns known words one edit away, ignoring accents, or that differ in accents only."""
        folded = fold(word)
        near = (self._words[place] for place in self._one(folded, 1))
        return tuple(other for other in near if slips_between(folded, fold(other), 1) <= 1)

    def _twice(self, word: str) -> tuple[str, ...]:
        """Returns our own words two edits away."""
        folded = fold(word)
        if len(folded) < TWICE:
            return ()
        near = (self._words[place] for place in self._two(folded, 2))
        return tuple(other for other in near if slips_between(folded, fold(other), 2) == 2)

    def language_of(self, words: Sequence[str]) -> str:
        """Returns the language of most of the words."""
        if len(self._codes) < 2:
            return self._codes[0] if self._codes else ""
        places = [place for word in words if (place := self._place(word)) is not None]
        votes = np.log(self._chances[: len(self._codes), places] + 1e-6).sum(axis=1)
        return self._codes[int(votes.argmax())]

    def likelihood(self, word: str, language: str, before: str) -> float:
        """Returns the log probability of `word` after `before` in `language`."""
        return self.likelihoods(word, language, [before])[0]

    def likelihoods(
        self, word: str, language: str, before: Sequence[str], unknown: float = RARE
    ) -> list[float]:
        """The same for each possible predecessor; `unknown` for an unknown word."""
        place = self._place(word)
        if place is None:
            return [unknown] * len(before)
        row = self._codes.index(language) if language in self._codes else -1
        alone = float(self._chances[row, place])
        found = [(last, self._pairs.get(f"{last} {word}", 0)) for last in before]
        chances = [
            (1 - FOLLOWS) * alone + FOLLOWS * follows / max(1, self._count.get(last, 1)) if follows else alone
            for last, follows in found
        ]
        return [math.log(chance) if chance > 0 else RARE for chance in chances]

    def _regular(self) -> list[str]:
        found = Counter(
            word[-ending:]
            for word in self._places
            for ending in ENDINGS
            if len(word) - ending >= SHORTEST and word[:-ending] in self._places
        )
        return [ending for ending, times in found.items() if times >= FORMS]

    def _place(self, word: str) -> int | None:
        place = self._spelt.get(word)
        return self._places.get(fold(word)) if place is None else place

    def _findable(self, first: int, last: int, shortest: int) -> Iterable[tuple[int, str]]:
        for place in range(first, last):
            folded = fold(self._words[place])
            if len(folded) >= max(SHORTEST, shortest) or (not shortest and folded in self._short):
                yield place, folded

    def _weigh(
        self, words: Mapping[str, Mapping[str, int]], common: Mapping[str, Mapping[str, float]]
    ) -> np.ndarray:
        """float32 (languages + 1, words): the probability of each word. The last row is independent of language."""
        size = len(self._words)
        where = {word: place for place, word in enumerate(self._words)}

        def row(shares: Mapping[str, float]) -> np.ndarray:
            filled = np.zeros(size)
            if shares:
                filled[[where[word] for word in shares]] = list(shares.values())
            return filled

        whole = row(self._count) / max(1, sum(self._count.values()))
        widest = np.max([row(shares) for shares in common.values()], axis=0) if common else np.zeros(size)
        share = OWN if common else 1.0
        rows = []
        for code in self._codes:
            spoken = row(words[code])
            of_city = (1 - OTHER) * spoken / max(1.0, spoken.sum()) + OTHER * whole
            of_language = (1 - OTHER) * row(common[code]) + OTHER * widest if code in common else widest
            rows.append(share * of_city + (1 - share) * of_language)
        rows.append(share * whole + (1 - share) * widest)
        return np.array(rows, np.float32)
