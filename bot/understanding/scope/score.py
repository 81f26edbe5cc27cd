"""Is a text about any of our topics at all? A score beside the probability, which cannot say.

Without near misses to learn from, two signs are added: the largest raw logit (scaling would spoil it), and how near the
nearest training example is by its sentence embedding. A question beside a topic ("visa for japan" beside passports) has
a high logit, for it shares the topic's words, but no example means the same.

With near misses (data/near_misses/dev.yml) a judge weighs more signs: SIGNS. And a message that says what a collected near
miss says, more than what any example says, is a stranger whatever else it looks like: who sees a wrong answer adds the
question to the file, and it is not answered so again. docs/adr/0013 has the figures.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from bot.understanding.classifier.regression import softmax
from bot.understanding.scope.coverage import Coverage, Words, table
from bot.understanding.scope.direction import Leaning
from bot.understanding.scope.judge import Judge

DIMENSIONS = 128  # of the embeddings that neighbours are looked up in: a fifth of the time, no worse
NEARNESS = 1.5  # weight of the neighbour against the logit, both in standard deviations
SAME = 0.75  # cosine from which a message says what a near miss says
BEYOND = 10.0  # what is taken off its score: more than any question has
FEW = 3  # nearest examples of the believed intent that are averaged
NO_LINE = (
    0.3  # nearness to an answer of an intent that has none: about that of an average question to its own
)
SIGNS = (
    "top", "near", "margin", "energy", "agrees", "near_own", "near_own_few", "near_line",
    "share_own", "share_any", "strangest", "new_words", "length", "entropy", "surprise", "leaning",
)  # fmt: skip


@dataclass(frozen=True)
class Known:
    """What a message is compared with: rows of unit length, sorted by intent. `starts` (intents + 1,) says where each
    begins. `lines` are sentences of the approved answers, sorted likewise; `more` their stems, for each intent."""

    rows: np.ndarray
    starts: np.ndarray
    lines: np.ndarray
    line_starts: np.ndarray
    coverage: Coverage | None = None
    more: tuple[frozenset[str], ...] = ()


@dataclass(frozen=True)
class Scope:
    """axes (embedding, DIMENSIONS); means and spreads of the two signs; `judge` None where two signs have to do."""

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
        """One score a row, lower for strangers. `words`: see coverage.words_of; without them none is strange."""
        small = self.small(embeddings)
        if self.judge is None:
            return self.combine(logits, nearest(small, self.known.rows))
        leans = self.leaning(small) if self.leaning else np.zeros(len(small), np.float32)
        found = signs(self.known, logits, small, words or [()] * len(logits), leans)
        return self.judge(found) - BEYOND * self._collected(small, found[:, SIGNS.index("near")])

    def small(self, embeddings: np.ndarray) -> np.ndarray:
        """Embeddings as neighbours are looked up."""
        return unit(embeddings @ self.axes).astype(np.float32)

    def judged_by(self, judge: Judge, strangers: np.ndarray, leaning: Leaning) -> Scope:
        return replace(self, judge=judge, strangers=strangers, leaning=leaning)

    def _collected(self, small: np.ndarray, near: np.ndarray) -> np.ndarray:
        if self.strangers is None or not len(self.strangers):
            return np.zeros(len(small), bool)
        beside = nearest(small, self.strangers)
        return (beside >= SAME) & (beside > near)

    def combine(self, logits: np.ndarray, near: np.ndarray) -> np.ndarray:
        """The two signs: 0 for the average real question."""
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
    """Nearest of all, whether it is of the believed intent, nearest of this intent, mean of its few nearest."""
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
    """The directions in which the examples differ most."""
    _, vectors = np.linalg.eigh((embeddings.T @ embeddings).astype(np.float64))
    return np.ascontiguousarray(vectors[:, ::-1][:, :DIMENSIONS].astype(np.float32))


def nearest(rows: np.ndarray, known: np.ndarray) -> np.ndarray:
    """Cosine of each row with the nearest of `known`; both of unit length."""
    parts = [(rows[start : start + 512] @ known.T).max(axis=1) for start in range(0, len(rows), 512)]
    return np.concatenate(parts) if parts else np.zeros(0, np.float32)


def unit(rows: np.ndarray) -> np.ndarray:
    return rows / np.maximum(np.linalg.norm(rows, axis=1, keepdims=True), 1e-6)
