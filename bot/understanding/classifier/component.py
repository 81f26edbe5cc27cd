"""Classifies the intent, with a calibrated confidence and a scope score.

Sets on every message:
- `intent` {name, confidence}; `nlu_fallback` if the message should not be answered directly;
- `intent_ranking`: the real intents with calibrated probabilities, best first;
- `scope`: how likely the text is about a topic of ours (scope/score.py), None for a text without words;
- `thresholds`: this model's thresholds, by name (thresholds.py); later components need no numbers of their own;
- `candidates`: intents to offer as "did you mean", best first, empty for a foreign text;
- `by`: why we are sure (`example`, `sure`, `eager`), or None; `nearest`: the examples most like it (nearest.py).
"""

from __future__ import annotations

import logging
from dataclasses import asdict
from typing import Any

import numpy as np
from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.nlu.classifiers.classifier import IntentClassifier
from rasa.shared.nlu.constants import FEATURE_TYPE_SENTENCE, INTENT, INTENT_RANKING_KEY, TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from bot.encoders.shared import shared_encoder
from bot.understanding.classifier.examples import Examples
from bot.understanding.classifier.families import families
from bot.understanding.classifier.head import Head, fit
from bot.understanding.classifier.head_file import read, write
from bot.understanding.classifier.moments import Moments
from bot.understanding.classifier.nearest import Nearest
from bot.understanding.scope.coverage import Words, words_of
from bot.understanding.scope.score import BEYOND
from bot.understanding.scope.training import Texts
from bot.understanding.spelling.component import PREPARED
from bot.understanding.text import has_words

logger = logging.getLogger(__name__)

FALLBACK = "nlu_fallback"
NEAR_MISS = "near_miss"  # marks the importer's near misses, for scope and thresholds: the reason
ANSWER_LINE = "answer_line"  # marks a sentence of an approved answer: its topic
OFFERS = 3
DOUBT = 2.0  # of the scope score, below its threshold


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER, is_trainable=True)
class CalibratedClassifier(GraphComponent, IntentClassifier):
    """Logistic regression over the features of the components before it."""

    def __init__(self, config: dict[str, Any], storage: ModelStorage, resource: Resource) -> None:
        self._config = config
        self._storage = storage
        self._resource = resource
        self._head: Head | None = None
        self._means: list[np.ndarray] = []
        self._thresholds: dict[str, float] = {}
        self._examples = Examples({})
        self._moments = Moments({}, ())
        self._nearest = Nearest()

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        """`weights`: one for each featurizer, in order. `eager`: intents that are accepted at half
        the usual probability, because missing them is worse than a needless question.
        `unoffered`: intents that make no sense as a "did you mean" button. `moments`: for an intent that only makes
        sense somewhere in a dialogue, where (moments.py); a message's own are in its metadata, and without any all fit."""
        return {"weights": [1.0, 0.5], "eager": [], "unoffered": [], "moments": {}, "ranking_length": 5}

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> CalibratedClassifier:
        return cls(config, model_storage, resource)

    @classmethod
    def load(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
        **kwargs: Any,
    ) -> CalibratedClassifier:
        component = cls(config, model_storage, resource)
        with model_storage.read_from(resource) as folder:
            component._head, component._means = read(folder)
            component._examples = Examples.read(folder)
            component._nearest = Nearest.read(folder)
        component._moments = Moments(config["moments"], component._head.labels)
        component._thresholds = asdict(component._head.thresholds)
        return component

    def train(self, training_data: TrainingData) -> Resource:
        examples = [e for e in training_data.intent_examples if e.get(TEXT) and e.get(INTENT)]
        if not examples:
            return self._resource
        labels = {e.get(INTENT) for e in examples}
        strange = [e for e in training_data.training_examples if e.get(NEAR_MISS)]
        lines = [e for e in training_data.training_examples if e.get(ANSWER_LINE) in labels]
        blocks = _blocks(examples)
        truth = np.unique([e.get(INTENT) for e in examples], return_inverse=True)[1]
        self._means = [block.mean(axis=0) for block in blocks]
        rows = self._rows(blocks)
        self._head, evidence = fit(
            rows,
            [e.get(INTENT) for e in examples],
            self._marked(strange, NEAR_MISS),
            self._embedding(blocks),
            [_words(e) for e in examples],
            self._marked(lines, ANSWER_LINE),
            families(_meaning(blocks), truth),
            self._config["moments"],
        )
        with self._storage.write_to(self._resource) as folder:
            write(folder, self._head, self._means, evidence, examples, strange)
            Examples.of((str(e.get(TEXT)), str(e.get(INTENT))) for e in examples).write(folder)
            Nearest.of(
                [str(e.get(TEXT)) for e in examples], [str(e.get(INTENT)) for e in examples], _meaning(blocks)
            ).write(folder)
        for name, value in (evidence.figures if evidence else {}).items():
            logger.info("understanding: %s %.4g", name, value)
        return self._resource

    def process(self, messages: list[Message]) -> list[Message]:
        for message in messages:
            text = message.get(TEXT) or ""
            message.set("thresholds", dict(self._thresholds), add_to_output=True)
            if self._head is None or not has_words(text):
                _set(message, FALLBACK, 0.0, [], None, [])
                continue
            blocks = _blocks([message])
            rows = self._rows(blocks)
            logits = self._head.logits(rows)
            scope = float(self._head.scopes(logits, rows, [_words(message)])[0])
            moments = (message.get("metadata") or {}).get("moments")
            if moments is not None:
                logits = logits + self._moments.shift(moments)
            self._decide(message, scope, self._head.probabilities(logits)[0])
            considered = [one["name"] for one in message.get(INTENT_RANKING_KEY)]
            message.set("nearest", self._nearest(_meaning(blocks)[0], considered), add_to_output=True)
        return messages

    def process_training_data(self, training_data: TrainingData) -> TrainingData:
        return training_data

    def _decide(self, message: Message, scope: float, probabilities: np.ndarray) -> None:
        assert self._head is not None
        order = np.argsort(-probabilities)
        ranking = [
            (self._head.labels[i], float(probabilities[i])) for i in order[: self._config["ranking_length"]]
        ]
        at = self._head.thresholds
        taught = self._examples(message.get(TEXT) or "")
        if taught:
            share = float(probabilities[self._head.labels.index(taught)])
            _set(message, taught, max(share, at.sure), ranking, scope, [], by="example")
            return
        name, confidence = ranking[0]
        known = scope >= at.scope
        eager = name in self._config["eager"]
        if (known and confidence >= at.sure) or (eager and confidence >= min(at.lenient, at.sure / 2)):
            sure = known and confidence >= at.sure
            _set(message, name, confidence, ranking, scope, [], by="sure" if sure else "eager")
            return
        offers = [n for n, p in ranking if p >= at.floor and n not in self._config["unoffered"]]
        # the confidence of a fallback is the probability that the best guess is wrong
        # Where the guess is plausible, a scope just below the threshold is a doubt and no "I have no answer".
        doubted = confidence >= at.lenient and scope >= at.scope - DOUBT
        # Like a collected near miss, and yet surely about this topic: asked about, not denied.
        doubted = doubted or (confidence >= at.strict and scope + BEYOND >= at.scope)
        _set(message, FALLBACK, 1.0 - confidence, ranking, scope, offers[:OFFERS] if known or doubted else [])

    def _marked(self, messages: list[Message], mark: str) -> Texts | None:
        if not messages:
            return None
        return Texts(
            self._rows(_blocks(messages)), [_words(m) for m in messages], [str(m.get(mark)) for m in messages]
        )

    def _embedding(self, blocks: list[np.ndarray]) -> int:
        """The number of embedding columns: all featurizers except the last, the n-grams."""
        return sum(block.shape[1] for block in blocks[:-1]) or blocks[0].shape[1]

    def _rows(self, blocks: list[np.ndarray]) -> np.ndarray:
        parts = []
        for block, mean, weight in zip(blocks, self._means, self._config["weights"], strict=True):
            centred = block - mean
            parts.append(weight * centred / np.maximum(np.linalg.norm(centred, axis=1, keepdims=True), 1e-6))
        return np.hstack(parts).astype(np.float32)


def _words(message: Message) -> Words:
    return words_of(message.get(PREPARED) or message.get(TEXT), shared_encoder().tokens.knows)


def _blocks(messages: list[Message]) -> list[np.ndarray]:
    """One array (messages, size) for each featurizer, in the order of the pipeline."""
    features = [
        [f.features for f in m.features if f.attribute == TEXT and f.type == FEATURE_TYPE_SENTENCE]
        for m in messages
    ]
    return [np.vstack(block) for block in zip(*features, strict=True)]


def _meaning(blocks: list[np.ndarray]) -> np.ndarray:
    """The rows of the last encoder; after it come only the n-grams."""
    return blocks[-2] if len(blocks) > 1 else blocks[0]


def _set(
    message: Message,
    name: str,
    confidence: float,
    ranking: list[tuple[str, float]],
    scope: float | None,
    candidates: list[str],
    by: str | None = None,
) -> None:
    message.set("by", by, add_to_output=True)
    message.set(INTENT, {"name": name, "confidence": confidence}, add_to_output=True)
    message.set(INTENT_RANKING_KEY, [{"name": n, "confidence": p} for n, p in ranking], add_to_output=True)
    message.set("scope", scope, add_to_output=True)
    message.set("candidates", candidates, add_to_output=True)
