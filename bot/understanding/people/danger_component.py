"""The danger model as a Rasa component: sets `danger` (level and kind, or None) for bot/understanding/decision.py."""

from __future__ import annotations

from typing import Any

import numpy as np
from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.shared.nlu.constants import FEATURE_TYPE_SENTENCE, INTENT, METADATA, TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from bot.languages.dangers import DANGERS
from bot.project import load_project
from bot.understanding.people.alarm import DISTRESS, EMERGENCY, PERSON, distinct
from bot.understanding.people.danger_model import CALM, DangerModel, Reading, Sentence
from bot.understanding.people.urgency import PERHAPS, Urgency
from bot.understanding.shape import is_question
from bot.understanding.spelling.component import PREPARED
from bot.understanding.text import has_words

DANGER = "danger"
BY_WORDS = "by_words"  # a danger whose kind the rules name
FEW = 20  # sentences of each sort, without which nothing is learned
REPORTS = ("report_problem", "report_detail")


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER, is_trainable=True)
class DangerLearner(GraphComponent):
    """Reads the first sentence features, those of the encoders, and leaves the intent alone."""

    def __init__(self, storage: ModelStorage, resource: Resource) -> None:
        self._storage, self._resource = storage, resource
        project = load_project()
        languages = project.languages
        self._matters = {*REPORTS, *(path.stem for path in (project.content / "answers").glob("*.yml"))}
        self._roles = {role for code in DANGERS if code in languages for role in DANGERS[code]}
        self._words = Urgency({code: DANGERS[code] for code in DANGERS if code in languages})
        self._model: DangerModel | None = None

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> DangerLearner:
        return cls(model_storage, resource)

    @classmethod
    def load(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
        **kwargs: Any,
    ) -> DangerLearner:
        component = cls(model_storage, resource)
        with model_storage.read_from(resource) as folder:
            component._model = DangerModel.read(folder)
        return component

    def train(self, training_data: TrainingData) -> Resource:
        sentences = [
            sentence
            for message in training_data.training_examples
            if message.get(TEXT) and (sentence := self._sentence(message)) is not None
        ]
        written = [one for one in sentences if not one.ordinary]
        with self._storage.write_to(self._resource) as folder:
            if min(sum((one.label == CALM) is calm for one in written) for calm in (True, False)) >= FEW:
                self._model = DangerModel.fit(sentences, self._roles)
                self._model.write(folder)
        return self._resource

    def process(self, messages: list[Message]) -> list[Message]:
        for message in messages:
            reading = self._read(message)
            told = {"level": reading.level, "kind": reading.kind} if reading.level else None
            message.set(DANGER, told, add_to_output=True)
        return messages

    def process_training_data(self, training_data: TrainingData) -> TrainingData:
        return training_data

    def _read(self, message: Message) -> Reading:
        text = message.get(TEXT) or ""
        if self._model is None or not has_words(text):
            return Reading(None, None)
        language = message.get("language")
        roles = self._words.roles(distinct(text, message.get(PREPARED) or text), language)
        return self._model(_embedding(message), roles, asks=is_question(text, language))

    def _sentence(self, message: Message) -> Sentence | None:
        """A sentence of data/danger, or an example of an intent; None for what is neither calm nor a danger."""
        text = message.get(TEXT)
        metadata = message.get(METADATA) or {}
        language = (metadata.get(INTENT) or metadata).get("language")
        label, intent = message.get(DANGER), message.get(INTENT)
        if label == BY_WORDS:
            label = self._kind(text, language)
        ordinary = label is None
        if ordinary and intent == DISTRESS:
            label, ordinary = "", False
        elif ordinary and intent == EMERGENCY:
            if not self._kind(text, language):
                return None  # "which number do I dial in an emergency?"
            label, ordinary = self._kind(text, language), False
        elif ordinary:
            if intent is None or intent == PERSON:
                return None
            label = CALM
        return Sentence(
            label,
            _embedding(message),
            self._words.roles([text], language),
            is_question(text, language),
            ordinary,
            aside=ordinary and intent not in self._matters,
        )

    def _kind(self, text: str, language: str | None) -> str:
        kind = self._words([text], language)
        return "" if kind in (None, PERHAPS) else str(kind)


def _embedding(message: Message) -> np.ndarray:
    """The features of the encoders: all but the last, the n-grams. Of unit length."""
    blocks = [
        feature.features[0]
        for feature in message.features
        if feature.attribute == TEXT and feature.type == FEATURE_TYPE_SENTENCE
    ]
    row = np.concatenate(blocks[:-1] or blocks)
    return row / max(float(np.linalg.norm(row)), 1e-6)
