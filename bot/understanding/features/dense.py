"""The features that our components add, always dense arrays."""

from __future__ import annotations

import numpy as np
from rasa.shared.nlu.constants import FEATURE_TYPE_SENTENCE, TEXT
from rasa.shared.nlu.training_data.features import Features


class Dense(Features):
    """Rasa's class without its check for sparse arrays, which runs four times per message."""

    def is_sparse(self) -> bool:
        return False

    def is_dense(self) -> bool:
        return True


def sentence(row: np.ndarray, origin: str) -> Dense:
    """`row` (size,) as a feature of the whole text."""
    return Dense(row[None, :], FEATURE_TYPE_SENTENCE, TEXT, origin)
