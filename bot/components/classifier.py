"""Which intent a text has, how sure that is, and whether the text is about our topics at all.

Sets on every message:
- `intent` {name, confidence}; `nlu_fallback` when we should not answer at once;
- `intent_ranking`: the real intents with calibrated probabilities, best first;
- `scope`: the largest raw logit (higher: more like something we know), None for a text without words;
- `thresholds`: where this model is sure, by name (head.py); what decides later needs no numbers of its own;
- `candidates`: names worth offering as "did you mean", best first, empty for a foreign text.
"""

from __future__ import annotations

import json
import logging
from pathlib import Path
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

from bot.components.head import Head, fit
from bot.components.text import has_words

logger = logging.getLogger(__name__)

FALLBACK = "nlu_fallback"
OFFERS = 3


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER, is_trainable=True)
class CalibratedClassifier(GraphComponent, IntentClassifier):
    """Logistic regression over the features of the components before it."""

    def __init__(self, config: dict[str, Any], storage: ModelStorage, resource: Resource) -> None:
        self._config = config
        self._storage = storage
        self._resource = resource
        self._head: Head | None = None
        self._means: list[np.ndarray] = []

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        """`weights`: one for each featurizer, in order. `eager`: intents that are believed at half
        the usual probability, because missing them is worse than asking once too often.
        `unoffered`: intents that make no sense as a "did you mean" button."""
        return {"weights": [1.0, 0.5], "eager": [], "unoffered": [], "ranking_length": 5}

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
            component._head, component._means = _read(folder)
        return component

    def train(self, training_data: TrainingData) -> Resource:
        examples = [e for e in training_data.intent_examples if e.get(TEXT) and e.get(INTENT)]
        if not examples:
            return self._resource
        blocks = _blocks(examples)
        self._means = [block.mean(axis=0) for block in blocks]
        self._head, report = fit(self._rows(blocks), [e.get(INTENT) for e in examples])
        with self._storage.write_to(self._resource) as folder:
            _write(folder, self._head, self._means, report)
        for name, value in report.items():
            logger.info("understanding: %s %.4g", name, value)
        return self._resource

    def process(self, messages: list[Message]) -> list[Message]:
        for message in messages:
            text = message.get(TEXT) or ""
            message.set("thresholds", self._head.thresholds() if self._head else {}, add_to_output=True)
            if self._head is None or not has_words(text):
                _set(message, FALLBACK, 0.0, [], None, [])
                continue
            logits = self._head.logits(self._rows(_blocks([message])))
            self._decide(message, logits[0], self._head.probabilities(logits)[0])
        return messages

    def process_training_data(self, training_data: TrainingData) -> TrainingData:
        return training_data

    def _decide(self, message: Message, logits: np.ndarray, probabilities: np.ndarray) -> None:
        assert self._head is not None
        order = np.argsort(-probabilities)
        ranking = [
            (self._head.labels[i], float(probabilities[i])) for i in order[: self._config["ranking_length"]]
        ]
        scope = float(logits.max())
        name, confidence = ranking[0]
        known = scope >= self._head.scope
        eager = name in self._config["eager"]
        if (known and confidence >= self._head.sure) or (
            eager and confidence >= min(self._head.lenient, self._head.sure / 2)
        ):
            _set(message, name, confidence, ranking, scope, [])
            return
        offers = [n for n, p in ranking if p >= self._head.floor and n not in self._config["unoffered"]]
        # the confidence of a fallback is how likely it is that the best guess would have been wrong
        _set(message, FALLBACK, 1.0 - confidence, ranking, scope, offers[:OFFERS] if known else [])

    def _rows(self, blocks: list[np.ndarray]) -> np.ndarray:
        parts = []
        for block, mean, weight in zip(blocks, self._means, self._config["weights"], strict=True):
            centred = block - mean
            parts.append(weight * centred / np.maximum(np.linalg.norm(centred, axis=1, keepdims=True), 1e-6))
        return np.hstack(parts).astype(np.float32)


def _blocks(messages: list[Message]) -> list[np.ndarray]:
    """One array (messages, size) for each featurizer, in the order of the pipeline."""
    features = [
        [f.features for f in m.features if f.attribute == TEXT and f.type == FEATURE_TYPE_SENTENCE]
        for m in messages
    ]
    return [np.vstack(block) for block in zip(*features, strict=True)]


def _set(
    message: Message,
    name: str,
    confidence: float,
    ranking: list[tuple[str, float]],
    scope: float | None,
    candidates: list[str],
) -> None:
    message.set(INTENT, {"name": name, "confidence": confidence}, add_to_output=True)
    message.set(INTENT_RANKING_KEY, [{"name": n, "confidence": p} for n, p in ranking], add_to_output=True)
    message.set("scope", scope, add_to_output=True)
    message.set("candidates", candidates, add_to_output=True)


def _write(folder: Path, head: Head, means: list[np.ndarray], report: dict[str, float]) -> None:
    arrays = {f"mean_{place}": mean for place, mean in enumerate(means)}
    np.savez(folder / "head.npz", weights=head.weights, bias=head.bias, **arrays)
    settings = {"labels": head.labels, "report": report}
    settings |= {
        key: getattr(head, key) for key in ("temperature", "sure", "scope", "floor", "lenient", "strict")
    }
    (folder / "head.json").write_text(json.dumps(settings, indent=1), encoding="utf-8")


def _read(folder: Path) -> tuple[Head, list[np.ndarray]]:
    settings = json.loads((folder / "head.json").read_text(encoding="utf-8"))
    with np.load(folder / "head.npz", allow_pickle=False) as arrays:
        means = [arrays[f"mean_{place}"] for place in range(sum(k.startswith("mean_") for k in arrays.files))]
        head = Head(
            tuple(settings["labels"]),
            arrays["weights"],
            arrays["bias"],
            settings["temperature"],
            settings["sure"],
            settings["scope"],
            settings["floor"],
            settings["lenient"],
            settings["strict"],
        )
    return head, means
