"""The sentence encoder as a Rasa component: adds one dense sentence feature to every message.

config.yml names the encoder; another entry of this component before it adds a second one, such as the English booster
(CONTRIBUTING.md):

- name: bot.understanding.features.encoder.SentenceEncoder
  encoder: onnx
  path: var/encoders/minilm
"""

from __future__ import annotations

import json
from typing import Any

from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.shared.nlu.constants import TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from bot.encoders import Encoder, EncoderError
from bot.encoders.multilingual import Multilingual
from bot.encoders.shared import encoder
from bot.project import load_project
from bot.understanding.features.dense import sentence
from bot.understanding.spelling.component import PREPARED
from bot.understanding.text import Normaliser


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.MESSAGE_FEATURIZER, is_trainable=True)
class SentenceEncoder(GraphComponent):
    """Training only records the encoder, so that the model refuses another one, and the pieces that are
    frequent in the city's texts."""

    def __init__(self, used: Encoder, storage: ModelStorage, resource: Resource, name: str) -> None:
        self._encoder = used
        self._storage = storage
        self._resource = resource
        self._name = name
        self._normalise = Normaliser(load_project().reference_patterns)

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        return {"encoder": "multilingual", "path": None}

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> SentenceEncoder:
        return cls(
            encoder(config["encoder"], config["path"]), model_storage, resource, execution_context.node_name
        )

    @classmethod
    def load(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
        **kwargs: Any,
    ) -> SentenceEncoder:
        component = cls.create(config, model_storage, resource, execution_context)
        with model_storage.read_from(resource) as folder:
            trained = json.loads((folder / "encoder.json").read_text(encoding="utf-8"))
        if trained["fingerprint"] != component._encoder.fingerprint:
            raise EncoderError(
                f"The model was trained with another {config['encoder']} encoder than the one that is here; "
                "it was not loaded. Put the old encoder back or train again with `make train`."
            )
        if isinstance(component._encoder, Multilingual):
            component._encoder.prepare(trained.get("pieces", []))
        return component

    def train(self, training_data: TrainingData) -> Resource:
        told: dict[str, Any] = {"fingerprint": self._encoder.fingerprint}
        if isinstance(self._encoder, Multilingual):
            spoken = [self._prepared(m) for m in training_data.intent_examples if m.get(TEXT)]
            told["pieces"] = self._encoder.commonest(spoken)
        with self._storage.write_to(self._resource) as folder:
            (folder / "encoder.json").write_text(json.dumps(told), encoding="utf-8")
        return self._resource

    def process(self, messages: list[Message]) -> list[Message]:
        spoken = [message for message in messages if message.get(TEXT)]
        if spoken:
            rows = self._encoder.encode([self._prepared(message) for message in spoken])
            for message, row in zip(spoken, rows, strict=True):
                message.add_features(sentence(row, self._name))
        return messages

    def process_training_data(self, training_data: TrainingData) -> TrainingData:
        self.process(training_data.training_examples)
        return training_data

    def _prepared(self, message: Message) -> str:
        return message.get(PREPARED) or self._normalise(message.get(TEXT))
