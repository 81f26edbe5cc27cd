"""Mends words before they are measured: "pasport", "bni day", "pass port", "lostmy card".

Encoder and n-grams both suffer from a slip in the one word that matters. A word is left alone where it occurs in the
training examples or is a whole word of the encoder's vocabulary (16 languages); else it becomes the commonest word
of the examples that is one slip away. Only what the classifier sees is changed, never what is kept or shown.
"""

from __future__ import annotations

import json
import re
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable
from typing import Any

from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.shared.nlu.constants import TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from bot.components.correct import distance
from bot.components.text import Normaliser, fold
from bot.encoders.shared import shared_encoder
from bot.project import load_project

PREPARED = "prepared"  # where a message carries its text as encoder and n-grams are to see it
SHORTEST = 4  # letters of a word that may be mended: shorter ones are one slip from half the dictionary
COMMON = 2  # a word of the examples must occur that often to be what somebody meant
_WORD = re.compile(r"[^\W\d_]+")
_ALL = 400  # words of a message that are looked at


class Speller:
    """`counts`: words of the examples, as written, and how often. `knows`: whether a word is one anyway."""

    def __init__(self, counts: dict[str, int], knows: Callable[[str], bool]) -> None:
        self.counts = counts
        self._knows = knows
        self._known = {fold(word) for word in counts}
        self._near: dict[str, list[str]] = defaultdict(list)
        for word, count in sorted(counts.items(), key=lambda entry: -entry[1]):
            if count >= COMMON and len(word) >= SHORTEST:
                for rest in {fold(word), *_less_one(fold(word))}:
                    self._near[rest].append(word)

    @classmethod
    def fit(cls, texts: Iterable[str], knows: Callable[[str], bool]) -> Speller:
        return cls(dict(Counter(word for text in texts for word in _WORD.findall(text))), knows)

    def __call__(self, text: str) -> str:
        """`text` (normalised) with its slips mended."""
        found = list(_WORD.finditer(text))
        if len(found) > _ALL:
            return text
        parts, end, skip = [], 0, False
        for place, match in enumerate(found):
            if skip:
                skip = False
                continue
            word = match[0]
            following = found[place + 1] if place + 1 < len(found) else None
            mended, stop = self._mend(word), match.end()
            if following and text[match.end() : following.start()] == " ":
                joined = self._joined(word, following[0])
                if joined:
                    mended, stop, skip = joined, following.end(), True
            parts += [text[end : match.start()], mended]
            end = stop
        return "".join([*parts, text[end:]])

    def _mend(self, word: str) -> str:
        if self._fine(word):
            return word
        if len(word) >= SHORTEST:
            folded = fold(word)
            near = {w for rest in (folded, *_less_one(folded)) for w in self._near.get(rest, ())}
            near = {w for w in near if distance(folded, fold(w)) <= 1}
            if near:
                return max(near, key=lambda w: (self.counts[w], w))
            for cut in range(3, len(word) - 2):
                if fold(word[:cut]) in self._known and fold(word[cut:]) in self._known:
                    return f"{word[:cut]} {word[cut:]}"
        return word

    def _joined(self, word: str, following: str) -> str | None:
        """One word that was written as two, where that explains a piece that is no word."""
        if self._fine(word) and self._fine(following):
            return None
        together = word + following
        return together if len(together) > SHORTEST and self.counts.get(together, 0) >= COMMON else None

    def _fine(self, word: str) -> bool:
        return fold(word) in self._known or self._knows(word)


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.MESSAGE_FEATURIZER, is_trainable=True)
class Spelling(GraphComponent):
    """Sets PREPARED on every message: normalised, and mended where it is a citizen's."""

    def __init__(self, storage: ModelStorage, resource: Resource, counts: dict[str, int]) -> None:
        self._storage = storage
        self._resource = resource
        self._normalise = Normaliser(load_project().reference_patterns)
        self._spell = Speller(counts, shared_encoder().tokens.knows)

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> Spelling:
        return cls(model_storage, resource, {})

    @classmethod
    def load(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
        **kwargs: Any,
    ) -> Spelling:
        with model_storage.read_from(resource) as folder:
            counts = json.loads((folder / "words.json").read_text(encoding="utf-8"))
        return cls(model_storage, resource, counts)

    def train(self, training_data: TrainingData) -> Resource:
        texts = [
            self._normalise(example.get(TEXT))
            for example in training_data.intent_examples
            if example.get(TEXT)
        ]
        self._spell = Speller.fit(texts, shared_encoder().tokens.knows)
        with self._storage.write_to(self._resource) as folder:
            (folder / "words.json").write_text(json.dumps(self._spell.counts), encoding="utf-8")
        return self._resource

    def process(self, messages: list[Message]) -> list[Message]:
        for message in messages:
            if message.get(TEXT):
                message.set(PREPARED, self._spell(self._normalise(message.get(TEXT))))
        return messages

    def process_training_data(self, training_data: TrainingData) -> TrainingData:
        self.process(training_data.training_examples)  # every word is known: nothing is changed
        return training_data


def _less_one(word: str) -> list[str]:
    return [word[:place] + word[place + 1 :] for place in range(len(word))]
