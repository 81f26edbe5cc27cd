"""The understanding pipeline without Rasa: the same classes in the same order, trained from plain lists."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from bot.encoders import Encoder
from bot.encoders.shared import encoder, shared_encoder
from bot.evaluate.remembered import Remembered
from bot.project import load_project
from bot.understanding.classifier.families import families
from bot.understanding.classifier.head import Head, fit
from bot.understanding.features.sparse import Ngrams
from bot.understanding.scope.coverage import words_of
from bot.understanding.scope.training import Texts
from bot.understanding.spelling.common_words import common_words
from bot.understanding.spelling.component import Speller
from bot.understanding.text import Normaliser, fold

NGRAMS, NGRAM_WEIGHT = 256, 0.5  # as in config.yml
MINILM, E5 = "var/encoders/minilm", "var/encoders/e5"
# in addition to the default encoder
BOOSTERS = {"english": (MINILM,), "boosted": (E5,), "english-boosted": (MINILM, E5)}


@dataclass(frozen=True)
class Understanding:
    """A trained pipeline; `encoders` in order."""

    normalise: Normaliser
    speller: Speller
    encoders: tuple[Encoder, ...]
    ngrams: Ngrams
    means: tuple[np.ndarray, ...]
    head: Head

    @classmethod
    def learn(
        cls,
        texts: Sequence[str],
        labels: Sequence[str],
        encoders: tuple[Encoder, ...],
        patterns: Sequence[str] = (),
        strange: Sequence[tuple[str, str]] = (),
        lines: Sequence[tuple[str, str, str]] = (),
        languages: Sequence[str] = (),
        by_family: bool = False,
        spoken: Sequence[str] = (),
    ) -> Understanding:
        """Train it. `strange`: near misses and their reasons; `lines`: sentences of answers, their topics
        and languages; `languages`: of the texts, if known;
        `by_family`: folds hold out whole families, as for a city; `spoken`: the city's languages."""
        normalise = Normaliser(patterns)
        plain = [normalise(text) for text in texts]
        told = [(normalise(text), topic, language) for text, topic, language in lines]
        speller = Speller.fit(
            plain + [text for text, _, _ in told],
            shared_encoder().tokens.knows,
            [*(languages or [""] * len(plain)), *(language for _, _, language in told)],
            common_words(spoken or load_project().languages),
        )
        ngrams = Ngrams.fit([fold(text) for text in plain], NGRAMS)
        blocks = _blocks(plain, encoders, ngrams)
        means = tuple(block.mean(axis=0) for block in blocks)
        knows = shared_encoder().tokens.knows

        def as_texts(pairs: Sequence[tuple[str, str]]) -> Texts | None:
            if not pairs:
                return None
            prepared = [normalise(text) for text, _ in pairs]
            rows = _join(_blocks(prepared, encoders, ngrams), means)
            return Texts(rows, [words_of(text, knows) for text in prepared], [name for _, name in pairs])

        head, _ = fit(
            _join(blocks, means),
            list(labels),
            as_texts(strange),
            sum(block.shape[1] for block in blocks[:-1]),
            [words_of(text, knows) for text in plain],
            as_texts([(text, topic) for text, topic, _ in told if topic in set(labels)]),
            families(blocks[-2], np.unique(labels, return_inverse=True)[1]) if by_family else None,
        )
        return cls(normalise, speller, encoders, ngrams, means, head)

    def read(self, texts: Sequence[str]) -> tuple[np.ndarray, np.ndarray]:
        """(probabilities (texts, intents), scope scores (texts))."""
        prepared = [self.speller(self.normalise(text)) for text in texts]
        rows = _join(_blocks(prepared, self.encoders, self.ngrams), self.means)
        logits = self.head.logits(rows)
        words = [words_of(text, shared_encoder().tokens.knows) for text in prepared]
        return self.head.probabilities(logits), self.head.scopes(logits, rows, words)


def configuration(name: str) -> tuple[Encoder, ...]:
    """`multilingual` is the default; `english` and `boosted` add a booster, `english-boosted` both. Raises EncoderError."""
    return *(_booster(path) for path in BOOSTERS.get(name, ())), encoder("multilingual")


@lru_cache
def _booster(path: str) -> Encoder:
    """Caches embeddings, since encoding takes milliseconds per text."""
    return Remembered(encoder("onnx", path))


def _blocks(prepared: list[str], encoders: tuple[Encoder, ...], ngrams: Ngrams) -> list[np.ndarray]:
    return [*(one.encode(prepared) for one in encoders), ngrams.encode([fold(text) for text in prepared])]


def _join(blocks: list[np.ndarray], means: tuple[np.ndarray, ...]) -> np.ndarray:
    parts = []
    for place, (block, mean) in enumerate(zip(blocks, means, strict=True)):
        centred = block - mean
        weight = NGRAM_WEIGHT if place == len(blocks) - 1 else 1.0
        parts.append(weight * centred / np.maximum(np.linalg.norm(centred, axis=1, keepdims=True), 1e-6))
    return np.hstack(parts).astype(np.float32)
