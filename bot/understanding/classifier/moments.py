"""Moments: where in a dialogue an intent can be meant.

"Cancel my report" needs a report, "skip" a question, and nobody says goodbye first. Of two similar intents, the one that
does not fit the moment is hardly ever meant. It is not ruled out: a clear enough message is understood at any moment.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence

import numpy as np

AWAY = 2.5  # logits: an intent in a moment that it does not fit needs that much more


class Moments:
    """`fits`: intent -> the moments that it fits, the usual one first. An intent that is not in it fits anywhere."""

    def __init__(self, fits: Mapping[str, Sequence[str]], labels: Sequence[str]) -> None:
        self._fits = [tuple(fits.get(label, ())) for label in labels]
        self._known: dict[frozenset[str], np.ndarray] = {}

    def shift(self, moments: Collection[str]) -> np.ndarray:
        """What to add to each intent's logit (intents,)."""
        key = frozenset(moments)
        if key not in self._known:
            away = [bool(fits) and key.isdisjoint(fits) for fits in self._fits]
            self._known[key] = np.where(away, np.float32(-AWAY), np.float32(0))
        return self._known[key]

    def usual(self, truth: np.ndarray) -> np.ndarray:
        """The same for examples of these intents (examples, intents), each in the moment in which it is usually said."""
        rows = np.array([self.shift(fits[:1]) for fits in self._fits])
        return rows[truth]
