"""Mends words before they are measured: "pasport", "bni day", "pass port", "lostmy card", "ho wdo i", "noticeqon my car".

Encoder and n-grams both suffer from a slip in the one word that matters. What a message may have meant is weighed as a
noisy channel: how likely the words are after each other (lexicon.py), against how many slips it would take. A word that
occurs in examples or answers is never changed; one that the encoder's vocabulary has (16 languages) only where the words
around it say so. Only what the classifier sees is changed, never what is kept or shown.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import pairwise
from typing import Any

from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.shared.nlu.constants import INTENT, TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from bot.components.correct import distance
from bot.components.head_file import language_of
from bot.components.lexicon import SHORTEST, WORD, Lexicon
from bot.components.text import Normaliser, fold
from bot.encoders.shared import shared_encoder
from bot.project import load_project

PREPARED = "prepared"  # where a message carries its text as encoder and n-grams are to see it
_ALL = 400  # words of a message that are looked at
_BEAM = 6  # readings of a message that are followed at once
# Costs in nats, chosen on the training examples with slips added (docs/adr/0013).
SLIP, SECOND = 5.0, 4.0  # a letter lost, added, changed or swapped; one more of these in a word
SPACE, SPACE_LETTER = 4.0, 6.0  # a space lost, added or swapped with a letter; a letter in place of a space
STRANGE = 20.0  # to leave a word that nobody knows
LISTED = 9.0  # to leave a word that the encoder's vocabulary knows and no example has
INFLECTED = 12.0  # to leave a word that may be another form of such a one
FREQUENT = 20  # times that a short word must be known before another is cut for it
TWICE = 7  # letters of a word from which it may have two slips

Reading = tuple[float, str, str]  # cost, last word, text so far


class Speller:
    """`knows`: whether a word is one in the encoder's vocabulary."""

    def __init__(self, lexicon: Lexicon, knows: Callable[[str], bool]) -> None:
        self.lexicon = lexicon
        self._knows = knows

    @classmethod
    def fit(
        cls, texts: Sequence[str], knows: Callable[[str], bool], languages: Iterable[str] | None = None
    ) -> Speller:
        """`texts` normalised; `languages` of each, where they are known."""
        return cls(Lexicon.fit(texts, languages or [""] * len(texts)), knows)

    def __call__(self, text: str) -> str:
        """`text` (normalised) with its slips mended."""
        found = list(WORD.finditer(text))
        words = [match[0] for match in found]
        if len(words) > _ALL or all(self.lexicon.has(word) for word in words):
            return text
        gaps = [text[a.end() : b.start()] for a, b in pairwise(found)]
        mended = self._read(words, gaps)
        return text[: found[0].start()] + mended + text[found[-1].end() :]

    def _read(self, words: list[str], gaps: list[str]) -> str:
        """The cheapest reading. `gaps`: what stands between the words."""
        language = self.lexicon.language_of([word for word in words if self.lexicon.has(word)])
        beams: list[dict[str, Reading]] = [{} for _ in range(len(words) + 1)]
        beams[0][""] = (0.0, "", "")
        for place, word in enumerate(words):
            gap = gaps[place] if place < len(gaps) else ""
            readings = sorted(beams[place].values())[:_BEAM]
            for cost, said in self._single(word):
                self._extend(beams[place + 1], readings, cost, said, gap, language)
            if gap == " ":
                after = gaps[place + 1] if place + 1 < len(gaps) else ""
                for cost, said in self._double(word, words[place + 1]):
                    self._extend(beams[place + 2], readings, cost, said, after, language)
        return min(beams[-1].values())[2]

    def _extend(
        self,
        beam: dict[str, Reading],
        readings: list[Reading],
        cost: float,
        said: str,
        gap: str,
        language: str,
    ) -> None:
        for total, last, text in readings:
            here = total + cost
            for word in said.split(" "):
                if self.lexicon.has(word):
                    here -= self.lexicon.likelihood(word, language, last)
                last = word
            if last not in beam or here < beam[last][0]:
                beam[last] = (here, last, text + said + gap)

    def _single(self, word: str) -> Iterator[tuple[float, str]]:
        """(cost, what it may have meant)."""
        if self.lexicon.has(word):
            yield 0.0, word
            return
        listed = self._knows(word)
        yield (LISTED if listed else INFLECTED if self._inflected(word) else STRANGE), word
        yield from self._near(word, SLIP)
        for cut in range(1, len(word)):
            if self._piece(word[:cut]):
                if self._piece(word[cut:]):
                    yield SPACE, f"{word[:cut]} {word[cut:]}"
                if not listed and cut + 1 < len(word) and self._piece(word[cut + 1 :]):
                    yield SPACE_LETTER, f"{word[:cut]} {word[cut + 1 :]}"

    def _double(self, word: str, following: str) -> Iterator[tuple[float, str]]:
        if self.lexicon.has(word) and self.lexicon.has(following):
            return
        together = word + following
        if len(together) > SHORTEST:
            if self._piece(together):
                yield SPACE, self.lexicon.written(together)
            elif len(together) >= TWICE:
                yield from self._near(together, SPACE + SLIP)
        for cut in (len(word) - 1, len(word) + 1):  # "ho wdo", "mak ean"
            if 0 < cut < len(together) and self._piece(together[:cut]) and self._piece(together[cut:]):
                yield SPACE, f"{together[:cut]} {together[cut:]}"

    def _near(self, word: str, cost: float) -> Iterator[tuple[float, str]]:
        if len(word) < SHORTEST:
            return
        folded = fold(word)
        for other in self.lexicon.near(word):
            slips = distance(folded, fold(other))
            if slips <= 1:
                yield cost, other
            elif slips == 2 and len(word) >= TWICE:
                yield cost + SECOND, other

    def _inflected(self, word: str) -> bool:
        return any(len(word) - ending >= SHORTEST and self._knows(word[:-ending]) for ending in (1, 2, 3))

    def _piece(self, word: str) -> bool:
        return self.lexicon.has(word) and (len(word) >= SHORTEST or self.lexicon.count(word) >= FREQUENT)


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.MESSAGE_FEATURIZER, is_trainable=True)
class Spelling(GraphComponent):
    """Sets PREPARED on every message: normalised, and mended where it is a citizen's."""

    def __init__(self, storage: ModelStorage, resource: Resource, lexicon: Lexicon) -> None:
        self._storage = storage
        self._resource = resource
        self._normalise = Normaliser(load_project().reference_patterns)
        self._spell = Speller(lexicon, shared_encoder().tokens.knows)

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> Spelling:
        return cls(model_storage, resource, Lexicon({}, {}))

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
            told = json.loads((folder / "words.json").read_text(encoding="utf-8"))
        return cls(model_storage, resource, Lexicon(told["words"], told["pairs"]))

    def train(self, training_data: TrainingData) -> Resource:
        said = [
            m
            for m in training_data.training_examples
            if m.get(TEXT) and (m.get(INTENT) or m.get("answer_line"))
        ]
        self._spell = Speller.fit(
            [self._normalise(message.get(TEXT)) for message in said],
            shared_encoder().tokens.knows,
            [language_of(message) for message in said],
        )
        with self._storage.write_to(self._resource) as folder:
            (folder / "words.json").write_text(json.dumps(self._spell.lexicon.saved), encoding="utf-8")
        return self._resource

    def process(self, messages: list[Message]) -> list[Message]:
        for message in messages:
            if message.get(TEXT):
                message.set(PREPARED, self._spell(self._normalise(message.get(TEXT))))
        return messages

    def process_training_data(self, training_data: TrainingData) -> TrainingData:
        for message in training_data.training_examples:
            if message.get(TEXT):  # what editors wrote has no slips
                message.set(PREPARED, self._normalise(message.get(TEXT)))
        return training_data
