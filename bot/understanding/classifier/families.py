"""Groups examples with the same meaning into families, and makes folds that keep families together.

An example whose translation is in the training data is not unseen. With random folds, 85 of
100 are understood; with whole families held out, 77. Citizens are somewhere in between. Thresholds are chosen by the
harder measure, since a wrong official answer costs more than a clarifying question.
"""

from __future__ import annotations

import numpy as np

ALIKE = 0.7  # cosine above which two examples of an intent belong to one family, in any languages


def families(embeddings: np.ndarray, truth: np.ndarray) -> np.ndarray:
    """Returns a number for each row, equal for rows of one intent connected by a chain of near paraphrases.

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
    """Returns (training rows, test rows) of `count` folds. Each family is whole in one fold; each intent is spread over the folds.

    An intent whose examples form one family cannot be held out whole, since nothing would be left to train on: its
    examples are distributed one by one. So an editor's new topic does not change the measurement of the others."""
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
