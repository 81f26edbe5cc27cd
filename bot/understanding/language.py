"""Identifies in which of the city's languages a text is written.

Naive Bayes over character n-grams and words, trained on the city's own texts: content/ has every answer in
every language, and the training examples, labelled by a first pass, add how people type.
Why not a library: docs/adr/0009. Languages that the city does not speak are handled by foreign.py.

The conversation's language wins unless the text is clearly in another: "ok", "12 Mill Lane" and
"SR-1234" have no language.
"""

from __future__ import annotations

import json
import math
import re
from collections import Counter
from collections.abc import Iterable
from functools import lru_cache
from pathlib import Path
from typing import Any

from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.shared.nlu.constants import TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from bot.languages.wishes import WISHES
from bot.project import Project, load_project, read_yaml
from bot.understanding.foreign import Foreign
from bot.understanding.text import LINK, fold

SURE = 3.0  # log-odds above which a text overrides the conversation's language
SURE_OF_FEW = 6.0  # the same for one or two words, which may be a name
EVERYWHERE = frozenset(
    {"ok", "okay", "stop", "no", "email", "chat", "photo", "unsubscribe"}
)  # used in every language
LIKELY = 1.0  # enough if the conversation has no language yet
# The letters of "SR4711" belong to no language.
_WORD = re.compile(r"(?<![^\W_])[^\W\d_]+(?:['’][^\W\d_]+)*(?![^\W_])")
WORDS_KEPT = 4096  # recently used words, whose n-grams are cached
WORDS_READY = 1024  # words that are cached before the first message
_OWN = {
    code: frozenset(word for phrases in roles.values() for phrase in phrases for word in phrase.split())
    for code, roles in WISHES.items()
}
"""Words that a language has whatever the city's texts say; folded."""
_RARE = 2  # rarer n-grams are dropped, which keeps the model small


class Languages:
    """n-gram counts for each language, and their log-probabilities. `guess` and `known` do not need the counts."""

    def __init__(self, counts: dict[str, dict[str, int]]) -> None:
        self.counts = counts
        self._codes = tuple(counts)
        self._logs = _logs(counts, len(set().union(*counts.values())) + 1 if counts else 1)
        self._word = lru_cache(maxsize=WORDS_KEPT)(self._sums)

    @classmethod
    def fit(cls, labelled: dict[str, list[str]], unlabelled: Iterable[str] = ()) -> Languages:
        """`labelled`: language -> texts. Texts in `unlabelled` are used if their language is clear."""
        first = cls({code: _count(texts) for code, texts in labelled.items()})
        more: dict[str, list[str]] = {code: list(texts) for code, texts in labelled.items()}
        for text in unlabelled:
            code, odds = first.guess(text)
            if code and odds >= SURE:
                more[code].append(text)
        counts = {code: _count(texts) for code, texts in more.items()}
        return cls({code: {g: n for g, n in grams.items() if n >= _RARE} for code, grams in counts.items()})

    def guess(self, text: str) -> tuple[str | None, float]:
        """Returns the most likely language and its log-odds against the next; (None, 0) without evidence."""
        return self.guess_of(_words(text))

    def guess_of(self, spoken: list[str]) -> tuple[str | None, float]:
        """The same for a text's words."""
        words = [self._word(word) for word in spoken]
        known = sum(count for count, _ in words)
        if not known:
            return None, 0.0
        sums = map(sum, zip(*(logs for count, logs in words if count), strict=True))
        scores = sorted(zip(sums, self._codes, strict=True), reverse=True)
        if len(scores) == 1:
            return scores[0][1], math.inf
        # n-grams overlap and are not independent, so their evidence is divided by the square root of their number
        return scores[0][1], (scores[0][0] - scores[1][0]) / math.sqrt(known)

    def prepare(self) -> None:
        """Cache the most frequent words before the first message."""
        words: Counter[str] = Counter()
        for grams in self.counts.values():
            words.update({gram[1:]: times for gram, times in grams.items() if gram.startswith("=")})
        for word, _ in words.most_common(WORDS_READY):
            self._word(word)

    def _sums(self, word: str) -> tuple[int, tuple[float, ...]]:
        """Returns the number of known n-grams of a word, and the sum of their log-probabilities in each language."""
        found = (self._logs.get(gram) for gram in _grams_of(word))
        known = [logs for logs in found if logs is not None]
        return len(known), tuple(map(sum, zip(*known, strict=True)))

    def known(self, text: str) -> float:
        """Returns the share of the text's words that occur in our texts, in any language; 1 if it has no words."""
        words = _words(text)
        found = sum(any(f"={form}" in self._logs for form in {word, fold(word)}) for word in words)
        return found / len(words) if words else 1.0


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.MESSAGE_FEATURIZER, is_trainable=True)
class LanguageIdentifier(GraphComponent):
    """Sets `language` (a code of the city's), `language_confident` and `foreign` (another code) on every message."""

    def __init__(
        self, project: Project, storage: ModelStorage, resource: Resource, languages: Languages
    ) -> None:
        self._project = project
        self._storage = storage
        self._resource = resource
        self._languages = languages
        self._foreign: Foreign | None = None

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> LanguageIdentifier:
        return cls(load_project(), model_storage, resource, Languages({}))

    @classmethod
    def load(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
        **kwargs: Any,
    ) -> LanguageIdentifier:
        with model_storage.read_from(resource) as folder:
            counts = json.loads((folder / "languages.json").read_text(encoding="utf-8"))
        languages = Languages(counts)
        languages.prepare()
        languages.counts = {}  # needed for training only; 5 MB
        return cls(load_project(), model_storage, resource, languages)

    def train(self, training_data: TrainingData) -> Resource:
        examples = (example.get(TEXT) for example in training_data.intent_examples if example.get(TEXT))
        self._languages = Languages.fit(city_texts(self._project.content, self._project.languages), examples)
        with self._storage.write_to(self._resource) as folder:
            (folder / "languages.json").write_text(json.dumps(self._languages.counts), encoding="utf-8")
        return self._resource

    def process(self, messages: list[Message]) -> list[Message]:
        for message in messages:
            current = (message.get("metadata") or {}).get("language")
            text = message.get(TEXT) or ""
            words = _words(text)
            guess, odds = self._languages.guess_of(words)
            confident = guess is not None and odds >= (SURE if len(words) > 2 else SURE_OF_FEW)
            if len(words) <= 2 and _belong(words, current):
                guess, confident = current, False
            fallback = current or (guess if odds >= LIKELY else self._project.languages[0])
            message.set("language", guess if confident else fallback, add_to_output=True)
            message.set("language_confident", confident, add_to_output=True)
            message.set("foreign", self._foreign_to_us(text), add_to_output=True)
        return messages

    def _foreign_to_us(self, text: str) -> str | None:
        if self._foreign is None:  # not loaded during training
            self._foreign = Foreign(self._project.languages, self._languages.known)
        return self._foreign(text)

    def process_training_data(self, training_data: TrainingData) -> TrainingData:
        return training_data


def _belong(words: list[str], language: str | None) -> bool:
    """Whether all of them are also words of this language: "cancelar" is Portuguese as well as Spanish."""
    own = _OWN.get(language or "", frozenset())
    return bool(words) and all(fold(word) in own for word in words)


def city_texts(content: Path, languages: tuple[str, ...]) -> dict[str, list[str]]:
    """language -> every text in content/."""
    texts: dict[str, list[str]] = {code: [] for code in languages}
    for path in sorted([*content.glob("answers/*.yml"), *content.glob("dialogue/*.yml")]):
        entry = read_yaml(path)
        for part in [entry, *(value for value in entry.values() if isinstance(value, dict))]:
            for code in languages:
                texts[code].extend(_strings(part.get(code)))
    return texts


def _logs(counts: dict[str, dict[str, int]], vocabulary: int) -> dict[str, tuple[float, ...]]:
    """n-gram -> its log-probability in each language, in the order of `counts`. Equal values share one object."""
    totals = [sum(grams.values()) + 0.1 * vocabulary for grams in counts.values()]
    seen: dict[tuple[int, ...], tuple[float, ...]] = {}
    logs = {}
    for gram in set().union(*counts.values()):
        times = tuple(grams.get(gram, 0) for grams in counts.values())
        if times not in seen:
            seen[times] = tuple(math.log((n + 0.1) / total) for n, total in zip(times, totals, strict=True))
        logs[gram] = seen[times]
    return logs


def _strings(value: Any) -> list[str]:
    if isinstance(value, str):
        return [value]
    if isinstance(value, dict):
        return [text for inner in value.values() for text in _strings(inner)]
    return []


def _count(texts: Iterable[str]) -> Counter[str]:
    """Counts the n-grams in the texts. Each word's n-grams are computed once."""
    words: Counter[str] = Counter()
    for text in texts:
        words.update(_words(text))
        words.update(_words(fold(text)))  # people omit accents
    counts: Counter[str] = Counter()
    for word, times in words.items():
        for gram in _grams_of(word):
            counts[gram] += times
    return counts


def _grams_of(word: str) -> list[str]:
    padded = f" {word} "
    grams = [padded[i : i + n] for n in (1, 2, 3, 4) for i in range(len(padded) - n + 1)]
    return grams + [f"={word}"] * 3


def _words(text: str) -> list[str]:
    # The words of a link are in no language.
    words = [word for word in _WORD.findall(LINK.sub(" ", text.lower())) if word not in EVERYWHERE]
    return words if any(len(word) > 1 for word in words) else []  # "41° N, 73° O"
