"""Scores whether a text is about any of our topics, which the classifier's probability cannot tell.

Without near misses, the score is the sum of two features: the largest unscaled logit, and the similarity to the
nearest training example by sentence embedding. A question close to a topic ("visa for japan" and passports) has
a high logit, because it shares the topic's words, but no example has the same meaning.

With near misses (data/near_misses/dev.yml) a trained judge combines more features: SIGNS. A message closer to
a collected near miss than to any example is always out of scope: a question that got a wrong answer is added
to the file and is not answered that way again. A message that says nearly word for word what an example of the
predicted intent says is always in scope. docs/adr/0013 has the figures.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from bot.understanding.classifier.regression import softmax
from bot.understanding.scope.coverage import Coverage, Words, table
from bot.understanding.scope.direction import Leaning
from bot.understanding.scope.judge import Judge

DIMENSIONS = 128  # of the embeddings used for the neighbour search: a fifth of the time, equally good
NEARNESS = 1.5  # weight of the neighbour relative to the logit, both in standard deviations
SAME = 0.75  # cosine above which a message means the same as a near miss
BEYOND = 10.0  # subtracted from its score; larger than any score
TAUGHT = 0.85  # cosine above which a message means the same as an example: 1 % of real questions, 0.2 % of near misses
FEW = 3  # number of nearest examples of the predicted intent that are averaged
NO_LINE = (
    0.3  # similarity to the answer for an intent without one: about that of an average question to its own
)
SIGNS = (
    "top", "near", "margin", "energy", "agrees", "near_own", "near_own_few", "near_line",
    "share_own", "share_any", "strangest", "new_words", "length", "entropy", "surprise", "leaning",
)  # fmt: skip


@dataclass(frozen=True)
class Known:
    """The reference rows, of unit length, sorted by intent. `starts` (intents + 1,) says where each
    begins. `lines` are sentences of the approved answers, sorted likewise; `more` their stems, for each intent."""

    rows: np.ndarray
    starts: np.ndarray
    lines: np.ndarray
    line_starts: np.ndarray
    coverage: Coverage | None = None
    more: tuple[frozenset[str], ...] = ()


@dataclass(frozen=True)
class Scope:
    """axes (embedding, DIMENSIONS); means and standard deviations of the two features; `judge` is None if only these are used."""

    axes: np.ndarray
    known: Known
    centres: tuple[float, float]
    spreads: tuple[float, float]
    judge: Judge | None = None
    strangers: np.ndarray | None = None  # near misses, rows of unit length
    leaning: Leaning | None = None

    def __call__(
        self, logits: np.ndarray, embeddings: np.ndarray, words: Sequence[Words] | None = None
    ) -> np.ndarray:
        """Returns one score per row, lower for out-of-scope texts. `words`: see coverage.words_of; without them every word counts as known."""
        small = self.small(embeddings)
        if self.judge is None:
            return self.combine(logits, nearest(small, self.known.rows))
        leans = self.leaning(small) if self.leaning else np.zeros(len(small), np.float32)
        found = signs(self.known, logits, small, words or [()] * len(logits), leans)
        near, agrees = found[:, SIGNS.index("near")], found[:, SIGNS.index("agrees")]
        collected = self._collected(small, near)
        taught = (near >= TAUGHT) & (agrees > 0) & ~collected
        return self.judge(found) - BEYOND * collected + BEYOND * taught

    def small(self, embeddings: np.ndarray) -> np.ndarray:
        """Embeddings projected for the neighbour search."""
        return unit(embeddings @ self.axes).astype(np.float32)

    def judged_by(self, judge: Judge, strangers: np.ndarray, leaning: Leaning) -> Scope:
        return replace(self, judge=judge, strangers=strangers, leaning=leaning)

    def _collected(self, small: np.ndarray, near: np.ndarray) -> np.ndarray:
        if self.strangers is None or not len(self.strangers):
            return np.zeros(len(small), bool)
        nearest_miss = nearest(small, self.strangers)
        return (nearest_miss >= SAME) & (nearest_miss > near)

    def combine(self, logits: np.ndarray, near: np.ndarray) -> np.ndarray:
        """The two features, 0 for the average real question."""
        certain = (logits.max(axis=1) - self.centres[0]) / self.spreads[0]
        return certain + NEARNESS * (near - self.centres[1]) / self.spreads[1]


def signs(
    known: Known, logits: np.ndarray, small: np.ndarray, words: Sequence[Words], leans: np.ndarray
) -> np.ndarray:
    """float32 (messages, SIGNS). `leans` (messages,): see leaning.py."""
    two = np.partition(logits, -2, axis=1)[:, -2:]
    guess = logits.argmax(axis=1)
    share = softmax(logits)
    found = np.empty((len(logits), len(SIGNS)), np.float32)
    found[:, 0], found[:, 2] = two[:, 1], two[:, 1] - two[:, 0]
    found[:, 3] = two[:, 1] - np.log(share.max(axis=1))  # log of the sum of all
    for start in range(0, len(small), 512):
        part = slice(start, start + 512)
        found[part, 1], found[part, 4], found[part, 5], found[part, 6] = _nearness(
            known, small[part], guess[part]
        )
        found[part, 7] = _line_nearness(known, small[part], guess[part])
    if known.coverage is None:
        found[:, 8:13] = (1.0, 1.0, 0.0, 0.0, 0.0)
    else:
        found[:, 8:13] = table(known.coverage, words, guess, known.more)
    found[:, 13] = -(share * np.log(share + 1e-12)).sum(axis=1)
    found[:, 14] = np.log(share.max(axis=1))
    found[:, 15] = leans
    return found


def _nearness(known: Known, small: np.ndarray, guess: np.ndarray) -> tuple[np.ndarray, ...]:
    """Returns the nearest of all, whether it has the predicted intent, the nearest of this intent, and the mean of its FEW nearest."""
    cosines = small @ known.rows.T
    place = cosines.argmax(axis=1)
    own, few = np.empty(len(small), np.float32), np.empty(len(small), np.float32)
    for row, intent in enumerate(guess):
        mine = cosines[row, known.starts[intent] : known.starts[intent + 1]]
        best = np.sort(mine)[-FEW:] if len(mine) else np.zeros(1, np.float32)
        own[row], few[row] = best[-1], best.mean()
    agrees = (known.starts[guess] <= place) & (place < known.starts[guess + 1])
    return cosines[np.arange(len(small)), place], agrees, own, few


def _line_nearness(known: Known, small: np.ndarray, guess: np.ndarray) -> np.ndarray:
    found = np.full(len(small), NO_LINE, np.float32)
    for row, intent in enumerate(guess):
        lines = known.lines[known.line_starts[intent] : known.line_starts[intent + 1]]
        if len(lines):
            found[row] = (lines @ small[row]).max()
    return found


def axes_of(embeddings: np.ndarray) -> np.ndarray:
    """The principal components of the examples."""
    _, vectors = np.linalg.eigh((embeddings.T @ embeddings).astype(np.float64))
    return np.ascontiguousarray(vectors[:, ::-1][:, :DIMENSIONS].astype(np.float32))


def nearest(rows: np.ndarray, known: np.ndarray) -> np.ndarray:
    """Returns the cosine of each row with the nearest of `known`; both of unit length."""
    parts = [(rows[start : start + 512] @ known.T).max(axis=1) for start in range(0, len(rows), 512)]
    return np.concatenate(parts) if parts else np.zeros(0, np.float32)


def unit(rows: np.ndarray) -> np.ndarray:
    return rows / np.maximum(np.linalg.norm(rows, axis=1, keepdims=True), 1e-6)
