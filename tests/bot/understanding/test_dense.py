"""The features that our components add are Rasa's."""

import numpy as np
from rasa.shared.nlu.constants import FEATURE_TYPE_SENTENCE, TEXT
from rasa.shared.nlu.training_data.features import Features

from bot.understanding.features.dense import sentence


def test_a_sentence_is_the_feature_that_rasa_would_make_of_it() -> None:
    row = np.arange(4, dtype=np.float32)
    ours, rasas = sentence(row, "encoder"), Features(row[None, :], FEATURE_TYPE_SENTENCE, TEXT, "encoder")
    assert (ours.is_sparse(), ours.is_dense()) == (rasas.is_sparse(), rasas.is_dense())
    assert (ours.type, ours.attribute, ours.origin) == (rasas.type, rasas.attribute, rasas.origin)
    np.testing.assert_array_equal(ours.features, rasas.features)
    assert ours.fingerprint() == rasas.fingerprint()
