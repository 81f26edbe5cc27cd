"""Corrects typing errors before features are computed: "pasport", "bni day", "pass port", "lostmy card", "ho wdo i", "noticeqon my car".

Encoder and n-grams both suffer from an error in the decisive word. Possible corrections are weighed as a
noisy channel: the probability of the word sequence (lexicon.py) against the number of errors. A word that
occurs in examples or answers is never changed; a common word of the language, or one that the encoder's vocabulary has
(16 languages), only if its context supports it. Only the classifier's input is changed, never the stored or displayed text.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import lru_cache
from itertools import pairwise
from typing import Any

from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.shared.nlu.constants import INTENT, TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from bot.encoders.shared import shared_encoder
from bot.project import load_project
from bot.understanding.classifier.head_file import language_of
from bot.understanding.spelling.common_words import common_words
from bot.understanding.spelling.lexicon import SHORTEST, Lexicon
from bot.understanding.text import WORD, Normaliser

PREPARED = "prepared"  # the message's key for the corrected text
WORDS_READY = 1024  # words that the encoder tokenizes before the first message
_REMEMBERED = 64  # texts: a message is corrected for the classifier and for follow-ups
_ALL = 400  # words of a message that are checked
_BEAM = 6  # beam width: candidate readings of a message
# Costs in nats, chosen on the training examples with errors added (docs/adr/0013).
SLIP, SECOND = 4.0, 3.5  # one edit (deletion, insertion, replacement, swap); a second edit in the same word
SPACE, SPACE_LETTER = (
    4.0,
    6.0,
)  # a space deleted, inserted or swapped with a letter; a letter in place of a space
COMMON = 7.0  # additional cost of changing a common word that is in no example
# Cost of keeping an unknown word, increasing with its length: a long one is rarely a name, and the two words that
# it may be split into cost more than one.
STRANGE, STRANGE_LETTER = 12.0, 2.0
LISTED = 10.0  # keeping a word that only the encoder's vocabulary has
INFLECTED = 12.0  # keeping a word that may be an inflection of a known one
LONG = 7  # minimum letters of a word that may be two, one of them with an error
# Maximum letters of a word that is corrected. No list has a word longer than 20. The work grows with the square of the length, and
# Han, Thai or Cyrillic without a space is one word: 800 letters took 2.3 s of processor time.
LONGEST = 32

Reading = tuple[float, str, str]  # cost, last word, text so far


class Speller:
    """`knows`: whether a word is in the encoder's vocabulary."""

    def __init__(self, lexicon: Lexicon, knows: Callable[[str], bool]) -> None:
        self.lexicon = lexicon
        self._knows = knows

    @classmethod
    def fit(
        cls,
        texts: Sequence[str],
        knows: Callable[[str], bool],
        languages: Iterable[str] | None = None,
        common: Mapping[str, Mapping[str, float]] | None = None,
    ) -> Speller:
        """`texts` are normalised; `languages` are those of the texts, if known; `common`: see common_words.py."""
        return cls(Lexicon.fit(texts, languages or [""] * len(texts), common or {}), knows)

    def __call__(self, text: str) -> str:
        """Returns the normalised `text`, corrected."""
        found = list(WORD.finditer(text))
        words = [match[0] for match in found]
        if len(words) > _ALL or all(self.lexicon.owned(word) for word in words):
            return text
        gaps = [text[a.end() : b.start()] for a, b in pairwise(found)]
        mended = self._read(words, gaps)
        return text[: found[0].start()] + mended + text[found[-1].end() :]

    def _read(self, words: list[str], gaps: list[str]) -> str:
        """Returns the reading with the lowest cost. `gaps`: the text between the words."""
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
        first, *others = said.split(" ")
        more = [self._gain(word, language, [before])[0] for before, word in pairwise([first, *others])]
        latest = others[-1] if others else first
        for (total, _, text), gain in zip(
            readings, self._gain(first, language, [last for _, last, _ in readings]), strict=True
        ):
            here = total + cost - gain
            for other in more:
                here -= other
            if latest not in beam or here < beam[latest][0]:
                beam[latest] = (here, latest, text + said + gap)

    def _gain(self, word: str, language: str, before: Sequence[str]) -> list[float]:
        """Returns the reduction in cost if `word` follows each of `before`; 0 for an unknown word."""
        return self.lexicon.likelihoods(word, language, before, unknown=0.0)

    def _single(self, word: str) -> Iterator[tuple[float, str]]:
        """Returns (cost, candidate correction) pairs."""
        if len(word) > LONGEST:
            yield 0.0, word
            return
        more = 0.0
        if self.lexicon.has(word):
            yield 0.0, word
            if self.lexicon.owned(word):
                return
            more = COMMON
        else:
            yield self._leave(word), word
        once = self.lexicon.once(word)
        yield from ((more + SLIP, other) for other in once)
        if not once and not self._knows(word):
            yield from ((more + SLIP + SECOND, other) for other in self.lexicon.twice(word))
        if more and len(word) < LONG:
            return
        for cut in range(1, len(word)):
            before, after = word[:cut], word[cut:]
            yield from self._cut(before, after, more + SPACE, bool(once))
            if not more and len(after) > 1:
                yield from self._cut(before, after[1:], SPACE_LETTER, bool(once))

    def _leave(self, word: str) -> float:
        if self._knows(word):
            return LISTED
        if any(self._knows(stem) or self.lexicon.has(stem) for stem in self.lexicon.stems(word)):
            return INFLECTED
        return STRANGE + STRANGE_LETTER * len(word)

    def _cut(self, before: str, after: str, cost: float, as_they_are: bool) -> Iterator[tuple[float, str]]:
        """Splits a word into two. One may have an error, unless `as_they_are`."""
        first, second = self.lexicon.piece(before), self.lexicon.piece(after)
        if first and second:
            yield cost, f"{before} {after}"
        elif not as_they_are and len(before) + len(after) >= LONG - 1:
            if first and len(after) >= SHORTEST:
                yield from ((cost + SLIP, f"{before} {other}") for other in self.lexicon.once(after))
            elif second and len(before) >= SHORTEST:
                yield from ((cost + SLIP, f"{other} {after}") for other in self.lexicon.once(before))

    def _double(self, word: str, following: str) -> Iterator[tuple[float, str]]:
        if self.lexicon.owned(word) and self.lexicon.owned(following):
            return
        together = word + following
        if len(together) > LONGEST:
            return
        if len(together) > SHORTEST and self.lexicon.owned(together):
            yield SPACE, self.lexicon.written(together)
        if self.lexicon.has(word) and self.lexicon.has(following):
            return
        if len(together) > SHORTEST and self.lexicon.has(together):
            yield SPACE, self.lexicon.written(together)
        elif len(together) >= LONG:
            yield from ((SPACE + SLIP, other) for other in self.lexicon.once(together))
        for cut in (len(word) - 1, len(word) + 1):  # "ho wdo", "mak ean"
            if 0 < cut < len(together):
                yield from self._cut(together[:cut], together[cut:], SPACE, False)


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.MESSAGE_FEATURIZER, is_trainable=True)
class Spelling(GraphComponent):
    """Sets PREPARED on every message: normalised, and corrected if it is a citizen's."""

    def __init__(self, storage: ModelStorage, resource: Resource, lexicon: Lexicon) -> None:
        self._storage = storage
        self._resource = resource
        self._normalise = Normaliser(load_project().reference_patterns)
        self._spell = Speller(lexicon, shared_encoder().tokens.knows)
        self._mend = lru_cache(maxsize=_REMEMBERED)(lambda text: self._spell(self._normalise(text)))

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> Spelling:
        return cls(model_storage, resource, Lexicon({}, {}, {}))

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
            lexicon = Lexicon.load(folder)
        shared_encoder().tokens.prepare(lexicon.commonest(WORDS_READY))
        return cls(model_storage, resource, lexicon)

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
            common_words(load_project().languages),
        )
        with self._storage.write_to(self._resource) as folder:
            self._spell.lexicon.save(folder)
        self._mend.cache_clear()
        return self._resource

    def mend(self, text: str) -> str:
        """The text as the classifier sees it: normalised and corrected."""
        return self._mend(text)

    def is_word(self, word: str) -> bool:
        """Whether examples, answers or the lists of common words have it."""
        return self._spell.lexicon.has(word)

    def process(self, messages: list[Message]) -> list[Message]:
        for message in messages:
            if message.get(TEXT):
                message.set(PREPARED, self.mend(message.get(TEXT)))
        return messages

    def process_training_data(self, training_data: TrainingData) -> TrainingData:
        for message in training_data.training_examples:
            if message.get(TEXT):  # editors' texts are not corrected
                message.set(PREPARED, self._normalise(message.get(TEXT)))
        return training_data
