"""Which examples say the same, and folds that keep them together.

An example whose translation is in the training data is no unseen example. Where families fall into random folds, 85 of
100 are understood; where a family is left out whole, 77. Citizens are somewhere between: thresholds are chosen by the
harder measure, since a wrong official answer costs more than a question back.
"""

from __future__ import annotations

import numpy as np

ALIKE = 0.7  # cosine of embeddings from which two examples of an intent are one family, in whatever languages


def families(embeddings: np.ndarray, truth: np.ndarray) -> np.ndarray:
    """A number for each row: equal for rows of one intent that a chain of near paraphrases connects.

    `embeddings` (rows, size) as the encoder gives them, of unit length; `truth` the intents by number.
    """
    from scipy.sparse import coo_matrix  # not while serving
    from scipy.sparse.csgraph import connected_components

    firsts, seconds = [], []
    for intent in np.unique(truth):
        places = np.flatnonzero(truth == intent)
        first, second = np.nonzero(np.triu(embeddings[places] @ embeddings[places].T >= ALIKE, 1))
        firsts.append(places[first])
        seconds.append(places[second])
    first, second = np.concatenate(firsts), np.concatenate(seconds)
    links = coo_matrix((np.ones(len(first)), (first, second)), (len(truth), len(truth)))
    return connected_components(links, directed=False)[1]


def folds(
    family: np.ndarray, truth: np.ndarray, count: int, seed: int = 0
) -> list[tuple[np.ndarray, np.ndarray]]:
    """(training rows, test rows) of `count` folds: every family whole in one of them, every intent spread over them.

    An intent whose examples are all one family cannot be held out whole, or nothing would be left to learn it from: its
    examples are dealt out one by one. So an editor's new topic does not change how all others are measured."""
    draw = np.random.default_rng(seed)
    fold = np.zeros(len(truth), int)
    for intent in np.unique(truth):
        places = np.flatnonzero(truth == intent)
        families_here = family[places]
        if (families_here == families_here[0]).all():
            families_here = np.arange(len(places))
        names, sizes = np.unique(families_here, return_counts=True)
        order = draw.permutation(len(names))
        load = draw.random(count)
        for name in names[
            order[np.argsort(-sizes[order], kind="stable")]
        ]:  # the largest are hardest to place
            chosen = places[families_here == name]
            fold[chosen] = lightest = int(load.argmin())
            load[lightest] += len(chosen)
    return [(np.flatnonzero(fold != one), np.flatnonzero(fold == one)) for one in range(count)]
