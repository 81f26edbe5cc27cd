"""The features that our components add: always an array."""

from __future__ import annotations

import numpy as np
from rasa.shared.nlu.constants import FEATURE_TYPE_SENTENCE, TEXT
from rasa.shared.nlu.training_data.features import Features


class Dense(Features):
    """Rasa's, without its look at scipy: of each message it asks four times whether the array is a sparse one."""

    def is_sparse(self) -> bool:
        return False

    def is_dense(self) -> bool:
        return True


def sentence(row: np.ndarray, origin: str) -> Dense:
    """`row` (size,) as a feature of the whole text."""
    return Dense(row[None, :], FEATURE_TYPE_SENTENCE, TEXT, origin)
