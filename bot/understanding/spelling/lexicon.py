"""The words that a message may be made of: those of examples and answers, how common each is in each language and which
follow each other; and beside them the common words of the language (common_words.py)."""

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

SHORTEST = 4  # letters of a word that may be meant wherever it is known; shorter ones must be frequent
OTHER = 0.05  # how much the other languages' counts weigh
OWN = 0.7  # share of a word's probability that examples and answers decide; the rest is the language's
FOLLOWS = 0.6  # share that its predecessor decides, where the pair was seen
RARE = math.log(1e-8)
# Times in examples, or share of a language's words, that make a short word frequent.
FREQUENT, USUAL = 20, 1e-3
ENDINGS = (1, 2, 3)  # letters that another form of a word may have more
FORMS = (
    30  # words that must have an ending beside their stem before it counts as one: "s" does, "ze" does not
)
TWICE = 6  # letters of a typed word from which it may have two slips; the meant one may have one fewer
_KEPT = 2048  # typed words whose likenesses are remembered


class Lexicon:
    """`words`: language -> word -> how often; `pairs`: "first second" -> how often; `common`: language -> word -> share.

    `one`, `two`: indexes of the words that are one slip away, and of our own that are two; `endings`: what words of
    these languages end with beside their stems. All are made where they are not given.
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
        self._places: dict[str, int] = {}  # folded word -> its commonest spelling
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
        """`texts` normalised; `languages` the language of each, "" where nobody knows."""
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
        """Only after `fit`: who loads a lexicon keeps no more than it needs."""
        (folder / "words.json").write_text(json.dumps(self._told, ensure_ascii=False), encoding="utf-8")
        nearby.write(folder / "nearby.npz", one=self._one, two=self._two)

    def commonest(self, count: int) -> list[str]:
        """The words that examples and answers say most often, the commonest first."""
        return self._words[: min(count, self._own)]

    def owned(self, word: str) -> bool:
        """Whether examples or answers have it, accents aside."""
        return self._places.get(fold(word), self._own) < self._own

    def has(self, word: str) -> bool:
        """Whether it is known at all, accents aside."""
        return fold(word) in self._places

    def stems(self, word: str) -> list[str]:
        """What is left of a word without each of the endings that it may have."""
        cuts = (len(word) - ending for ending in ENDINGS if len(word) - ending >= SHORTEST)
        return [word[:cut] for cut in cuts if fold(word[cut:]) in self._endings]

    def piece(self, word: str) -> bool:
        """Whether it is known well enough to cut another word for it."""
        return fold(word) in (self._places if len(word) >= SHORTEST else self._short)

    def written(self, word: str) -> str:
        """With the accents that its commonest spelling has."""
        place = self._place(word)
        return word if place is None else self._words[place]

    def _once(self, word: str) -> tuple[str, ...]:
        """Known words that are one slip away, accents aside, or that differ by accents alone."""
        folded = fold(word)
        near = (self._words[place] for place in self._one(folded, 1))
        return tuple(other for other in near if slips_between(folded, fold(other), 1) <= 1)

    def _twice(self, word: str) -> tuple[str, ...]:
        """Words of our own that are two slips away."""
        folded = fold(word)
        if len(folded) < TWICE:
            return ()
        near = (self._words[place] for place in self._two(folded, 2))
        return tuple(other for other in near if slips_between(folded, fold(other), 2) == 2)

    def language_of(self, words: Sequence[str]) -> str:
        """The language that most of the words belong to."""
        if len(self._codes) < 2:
            return self._codes[0] if self._codes else ""
        places = [place for word in words if (place := self._place(word)) is not None]
        votes = np.log(self._chances[: len(self._codes), places] + 1e-6).sum(axis=1)
        return self._codes[int(votes.argmax())]

    def likelihood(self, word: str, language: str, before: str) -> float:
        """Log of the chance that a text of `language` says `word` after `before`."""
        return self.likelihoods(word, language, [before])[0]

    def likelihoods(
        self, word: str, language: str, before: Sequence[str], unknown: float = RARE
    ) -> list[float]:
        """The same for each of the words that it may come after; `unknown` for a word that is not known."""
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
        """float32 (languages + 1, words): the chance of each word. The last row is for no language in particular."""
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
            said = (1 - OTHER) * spoken / max(1.0, spoken.sum()) + OTHER * whole
            heard = (1 - OTHER) * row(common[code]) + OTHER * widest if code in common else widest
            rows.append(share * said + (1 - share) * heard)
        rows.append(share * whole + (1 - share) * widest)
        return np.array(rows, np.float32)
