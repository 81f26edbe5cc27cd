"""Word and character n-grams, for names, misspellings and words that the sentence encoder does not know.

TF-IDF of words (1-2) and characters within words (2-5), reduced to a few hundred dimensions (a truncated
SVD), so that the classifier stays small and fast.
"""

from __future__ import annotations

import json
import re
from collections import Counter
from functools import lru_cache
from itertools import pairwise
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.shared.nlu.constants import TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from bot.project import load_project
from bot.understanding.features.dense import sentence
from bot.understanding.spelling.component import PREPARED
from bot.understanding.text import Normaliser, fold

KINDS: dict[str, dict[str, Any]] = {
    "words": {"analyzer": "word", "ngram_range": (1, 2), "token_pattern": r"\w+"},
    "letters": {"analyzer": "char_wb", "ngram_range": (2, 5)},
}

WORDS_KEPT = 4096  # recently used words, whose n-grams are cached
WORDS_READY = 1024  # words that are cached before the first message
_WORD = re.compile(r"\w+")


class Ngrams:
    """Texts -> float32 array (texts, at most `size`), rows of unit length. Saved without pickle.

    `vocabularies`: for each kind, n-gram -> column; `idf`: for each kind, a weight per column; `components` (n-grams of
    all kinds, size), of which a text reads few rows.
    """

    def __init__(
        self, vocabularies: dict[str, dict[str, int]], idf: dict[str, np.ndarray], components: np.ndarray
    ) -> None:
        self._vocabularies = vocabularies
        self._idf = idf
        self._components = np.ascontiguousarray(components)
        self._parts = []
        start = 0
        for kind in KINDS:
            self._parts.append((vocabularies[kind], idf[kind].astype(np.float64), start))
            start += len(vocabularies[kind])
        self._letters = lru_cache(maxsize=WORDS_KEPT)(self._places_of)

    @classmethod
    def fit(cls, texts: list[str], size: int) -> Ngrams:
        from sklearn.decomposition import (
            TruncatedSVD,
        )  # imported here: sklearn takes 60 MB, and serving does not need it

        found = {kind: Counted.of(kind, texts) for kind in KINDS}
        counts = _stack([counted.weighed for counted in found.values()])
        svd = TruncatedSVD(min(size, min(counts.shape) - 1), n_iter=3, random_state=0).fit(counts)
        return cls(
            {kind: counted.vocabulary for kind, counted in found.items()},
            {kind: counted.idf for kind, counted in found.items()},
            svd.components_.T.astype(np.float32),
        )

    def encode(self, texts: list[str]) -> np.ndarray:
        """Counts as the vectorizers do, without their overhead, which dominates for one short text."""
        rows = np.vstack([self._row(text) for text in texts])
        return rows / np.maximum(np.linalg.norm(rows, axis=1, keepdims=True), 1e-6)

    def _row(self, text: str) -> np.ndarray:
        words = self._parts[0][0]
        found_words = [place for gram in word_grams(text) if (place := words.get(gram)) is not None]
        found_letters = [place for word in text.split() for place in self._letters(word)]
        places, weights = [], []
        for (_, idf, start), grams in zip(self._parts, (found_words, found_letters), strict=True):
            counts = Counter(grams)
            found = np.fromiter(counts.keys(), np.intp, len(counts))
            shares = (np.log(np.fromiter(counts.values(), np.float64, len(counts))) + 1.0) * idf[found]
            weights.append((shares / max(np.sqrt(shares @ shares), 1e-12)).astype(np.float32))
            places.append(found + start)
        rows = single(self._components.take(np.concatenate(places), axis=0))
        words_end = len(places[0])
        row: np.ndarray = weights[0] @ rows[:words_end] + weights[1] @ rows[words_end:]
        return row

    def prepare(self) -> None:
        """Cache the most frequent words before the first message."""
        words, rarity, _ = self._parts[0]
        single_words = [word for word in words if " " not in word]
        for word in sorted(single_words, key=lambda word: (float(rarity[words[word]]), word))[:WORDS_READY]:
            self._letters(word)

    def _places_of(self, word: str) -> tuple[int, ...]:
        """The columns of a word's character n-grams."""
        places = self._parts[1][0]
        return tuple(place for gram in letter_grams(word) if (place := places.get(gram)) is not None)

    def save(self, folder: Path) -> None:
        (folder / "vocabularies.json").write_text(json.dumps(self._vocabularies), encoding="utf-8")
        idf = {kind: weights.astype(np.float32) for kind, weights in self._idf.items()}
        np.savez(folder / "ngrams.npz", components=self._components.astype(np.float16), **idf)

    @classmethod
    def load(cls, folder: Path) -> Ngrams:
        vocabularies = json.loads((folder / "vocabularies.json").read_text(encoding="utf-8"))
        with np.load(folder / "ngrams.npz", allow_pickle=False) as arrays:
            # Kept in half precision, as stored: a text needs a few rows of 15 MB.
            ngrams = cls(vocabularies, {kind: arrays[kind] for kind in KINDS}, arrays["components"])
        ngrams.prepare()
        return ngrams


def single(rows: np.ndarray) -> np.ndarray:
    """Converts finite float16 to float32. Numpy's own conversion takes five times as long."""
    if rows.dtype != np.float16:
        return rows.astype(np.float32, copy=False)
    bits = rows.view(np.int16).astype(np.int32)
    bits <<= 13  # moves fraction and exponent into position; the sign bit stays, with copies below it
    bits &= ~0x70001FFF
    found: np.ndarray = bits.view(np.float32)
    found *= np.float32(2.0**112)  # the exponent bias is 127, not 15
    return found


def word_grams(text: str) -> list[str]:
    """Words and pairs of adjacent words."""
    words = _WORD.findall(text)
    return words + [f"{first} {second}" for first, second in pairwise(words)]


def letter_grams(text: str) -> list[str]:
    """Substrings of 2 to 5 characters of a word, including its boundaries. A short word is counted once."""
    grams = []
    for word in text.split():
        framed = f" {word} "
        size = len(framed)
        for length in range(2, 6):
            if length >= size:
                grams.append(framed)
                break
            grams += [framed[place : place + length] for place in range(size - length + 1)]
    return grams


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.MESSAGE_FEATURIZER, is_trainable=True)
class SparseFeatures(GraphComponent):
    """Adds one dense sentence feature, the reduced n-grams, to every message."""

    def __init__(
        self,
        config: dict[str, Any],
        storage: ModelStorage,
        resource: Resource,
        name: str,
        ngrams: Ngrams | None,
    ) -> None:
        self._config = config
        self._storage = storage
        self._resource = resource
        self._name = name
        self._ngrams = ngrams
        self._normalise = Normaliser(load_project().reference_patterns)

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        return {"size": 256}

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> SparseFeatures:
        return cls(config, model_storage, resource, execution_context.node_name, None)

    @classmethod
    def load(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
        **kwargs: Any,
    ) -> SparseFeatures:
        with model_storage.read_from(resource) as folder:
            ngrams = Ngrams.load(folder)
        return cls(config, model_storage, resource, execution_context.node_name, ngrams)

    def train(self, training_data: TrainingData) -> Resource:
        texts = [self._prepare(example) for example in training_data.intent_examples if example.get(TEXT)]
        self._ngrams = Ngrams.fit(texts, int(self._config["size"]))
        with self._storage.write_to(self._resource) as folder:
            self._ngrams.save(folder)
        return self._resource

    def process(self, messages: list[Message]) -> list[Message]:
        spoken = [message for message in messages if message.get(TEXT)]
        if spoken and self._ngrams:
            rows = self._ngrams.encode([self._prepare(message) for message in spoken])
            for message, row in zip(spoken, rows, strict=True):
                message.add_features(sentence(row, self._name))
        return messages

    def process_training_data(self, training_data: TrainingData) -> TrainingData:
        self.process(training_data.training_examples)
        return training_data

    def _prepare(self, message: Message) -> str:
        return fold(message.get(PREPARED) or self._normalise(message.get(TEXT)))


class Counted(NamedTuple):
    """The n-grams of one kind: n-gram -> column, the weights, and the TF-IDF matrix (texts, n-grams)."""

    vocabulary: dict[str, int]
    idf: np.ndarray
    weighed: Any

    @classmethod
    def of(cls, kind: str, texts: list[str]) -> Counted:
        """As TfidfVectorizer.fit_transform, but each text is analysed once."""
        from sklearn.feature_extraction.text import CountVectorizer, TfidfTransformer

        counter = CountVectorizer(lowercase=False, dtype=np.float32, min_df=2, **KINDS[kind])
        counts = counter.fit_transform(texts)
        counts.sort_indices()  # otherwise the norms of rows would be rounded differently
        weigher = TfidfTransformer(sublinear_tf=True).fit(counts)
        vocabulary = {str(term): int(place) for term, place in counter.vocabulary_.items()}
        return cls(vocabulary, weigher.idf_, weigher.transform(counts, copy=False))


def _stack(kinds: list[Any]) -> Any:
    from scipy.sparse import hstack

    counts = hstack(kinds).tocsr()
    return counts.astype(np.float32)  # float64 would convert the other matrix in every product
