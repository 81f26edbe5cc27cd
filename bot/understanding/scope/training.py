"""Trains the scope score. Real examples are scored with their fold held out, near misses with their
reason held out, so that nothing is scored by a model trained on it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from bot.cores import side_by_side
from bot.understanding.scope.coverage import Coverage, Words
from bot.understanding.scope.direction import Leaning, dealt, unseen
from bot.understanding.scope.judge import Judge
from bot.understanding.scope.score import SIGNS, Known, Scope, axes_of, nearest, signs, unit

ENOUGH = 100  # near misses needed to train a judge
FOLDS = 4
EVERY = -1  # no fold is held out

Splits = Sequence[tuple[np.ndarray, np.ndarray]]


@dataclass(frozen=True)
class Texts:
    """Additional texts: near misses (`names` are their reasons) or sentences of answers (`names` are their topics)."""

    rows: np.ndarray
    words: Sequence[Words]
    names: Sequence[str]


@dataclass(frozen=True)
class Lesson:
    """Examples: embeddings (examples, size), intents by number, words, and out-of-fold logits. `foreign`: each
    fold's logits of the near misses, since a model trained on fewer examples is less confident."""

    embeddings: np.ndarray
    truth: np.ndarray
    words: Sequence[Words]
    unseen: np.ndarray
    splits: Splits
    foreign: Sequence[np.ndarray] = ()


def learn_scope(
    lesson: Lesson,
    lines: tuple[np.ndarray, np.ndarray, Sequence[Words]],
    strange: Texts | None,
    logits: np.ndarray | None,
) -> tuple[Scope, np.ndarray, np.ndarray]:
    """Returns (scope, scores of the examples, scores of the near misses). `lines`: embeddings, intents and words of the
    answers' sentences. `logits`: the model's of `strange`, whose rows are embeddings."""
    axes = axes_of(lesson.embeddings)
    small = unit(lesson.embeddings @ axes).astype(np.float32)
    near = np.zeros(len(small), np.float32)
    for train, test in lesson.splits:
        near[test] = nearest(small[test], small[train])
    both = (lesson.unseen.max(axis=1), near)
    centres, spreads = [float(s.mean()) for s in both], [max(float(s.std()), 1e-6) for s in both]
    count = lesson.unseen.shape[1]
    line_rows = (
        unit(lines[0] @ axes).astype(np.float32)
        if len(lines[0])
        else np.zeros((0, axes.shape[1]), np.float32)
    )
    answers = (line_rows, lines[1], lines[2])
    everything = np.arange(len(small))
    scope = Scope(
        axes,
        _known(small, lesson, everything, count, answers),
        (centres[0], centres[1]),
        (spreads[0], spreads[1]),
    )
    if strange is None or logits is None:
        return scope, scope.combine(lesson.unseen, near), np.zeros(0)
    if len(strange.names) < ENOUGH:
        return scope, scope.combine(lesson.unseen, near), scope(logits, strange.rows, strange.words)
    real = np.empty((len(small), len(SIGNS)), np.float32)
    foreign = []
    strange_small = scope.small(strange.rows)
    leans, strange_leans = unseen(small, strange_small, lesson.splits, strange.names)
    for (train, test), strange_logits in zip(lesson.splits, lesson.foreign, strict=True):
        known = _known(small, lesson, train, count, answers)
        words = [lesson.words[place] for place in test]
        real[test] = signs(known, lesson.unseen[test], small[test], words, leans[test])
        foreign.append(signs(known, strange_logits, strange_small, strange.words, strange_leans))
    leaning = Leaning.fit(small, strange_small)
    judge, scores, strange_scores = _judged(real, foreign, strange.names)
    return scope.judged_by(judge, strange_small, leaning), scores, strange_scores


def _known(
    small: np.ndarray,
    lesson: Lesson,
    chosen: np.ndarray,
    count: int,
    answers: tuple[np.ndarray, np.ndarray, Sequence[Words]],
) -> Known:
    """The reference rows of a model trained on the `chosen` examples."""
    order = chosen[np.argsort(lesson.truth[chosen], kind="stable")]
    lines, owners, words = answers
    by_intent = np.argsort(owners, kind="stable")
    more: list[set[str]] = [set() for _ in range(count)]
    for owner, told in zip(owners, words, strict=True):
        more[owner].update(stem for stem, _ in told)
    return Known(
        small[order],
        _starts(lesson.truth[order], count),
        lines[by_intent],
        _starts(owners[by_intent], count),
        Coverage.fit([lesson.words[i] for i in order], lesson.truth[order], count),
        tuple(frozenset(stems) for stems in more),
    )


def _starts(owners: np.ndarray, count: int) -> np.ndarray:
    return np.searchsorted(owners, np.arange(count + 1))


def _judged(
    real: np.ndarray, foreign: Sequence[np.ndarray], reasons: Sequence[str]
) -> tuple[Judge, np.ndarray, np.ndarray]:
    """Returns (the judge trained on all, and the scores by judges trained without the example, or without any question with the near miss's
    reason: of the examples, of the near misses).

    `foreign`: the near misses' signs in each fold; a near miss is scored by their mean."""
    draw = np.random.default_rng(0)
    fold = draw.permutation(len(real)) % FOLDS
    strange_fold = dealt(reasons, FOLDS)
    scores, strange_scores = np.zeros(len(real)), np.zeros(len(reasons))

    def without(left: int) -> Judge:
        """With `left` EVERY, nothing is held out."""
        return Judge.fit(real[fold != left], np.vstack([one[strange_fold != left] for one in foreign]))

    whole, *judges = side_by_side(without, (EVERY, *range(FOLDS)))
    for left, judge in enumerate(judges):
        scores[fold == left] = judge(real[fold == left])
        unseen = [judge(one[strange_fold == left]) for one in foreign]
        strange_scores[strange_fold == left] = np.mean(unseen, axis=0)
    return whole, scores, strange_scores
