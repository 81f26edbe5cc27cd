"""The pipeline's understanding without Rasa around it: the same classes in the same order, learned from plain lists."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from bot.components.head import Head, fit
from bot.components.sparse import Ngrams
from bot.components.spelling import Speller
from bot.components.text import Normaliser, fold
from bot.encoders import Encoder
from bot.encoders.shared import encoder, shared_encoder

NGRAMS, NGRAM_WEIGHT = 256, 0.5  # as in config.yml
MINILM = "var/encoders/minilm"


@dataclass(frozen=True)
class Understanding:
    """What is learned; `encoders` in the pipeline's order."""

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
        strange: Sequence[str] = (),
    ) -> Understanding:
        normalise = Normaliser(patterns)
        plain = [normalise(text) for text in texts]
        speller = Speller.fit(plain, shared_encoder().tokens.knows)
        ngrams = Ngrams.fit([fold(text) for text in plain], NGRAMS)
        blocks = _blocks(plain, encoders, ngrams)
        means = tuple(block.mean(axis=0) for block in blocks)
        foreign = (
            _join(_blocks([speller(normalise(text)) for text in strange], encoders, ngrams), means)
            if strange
            else None
        )
        embedding = sum(block.shape[1] for block in blocks[:-1])
        head, _ = fit(_join(blocks, means), list(labels), foreign, embedding)
        return cls(normalise, speller, encoders, ngrams, means, head)

    def read(self, texts: Sequence[str]) -> tuple[np.ndarray, np.ndarray]:
        """(probabilities (texts, intents), scope scores (texts))."""
        prepared = [self.speller(self.normalise(text)) for text in texts]
        rows = _join(_blocks(prepared, self.encoders, self.ngrams), self.means)
        logits = self.head.logits(rows)
        return self.head.probabilities(logits), self.head.scopes(logits, rows)


def configuration(name: str) -> tuple[Encoder, ...]:
    """`multilingual` is the default; `english` adds the booster. Raises EncoderError."""
    default = encoder("multilingual")
    return (encoder("onnx", MINILM), default) if name == "english" else (default,)


def _blocks(prepared: list[str], encoders: tuple[Encoder, ...], ngrams: Ngrams) -> list[np.ndarray]:
    return [*(one.encode(prepared) for one in encoders), ngrams.encode([fold(text) for text in prepared])]


def _join(blocks: list[np.ndarray], means: tuple[np.ndarray, ...]) -> np.ndarray:
    parts = []
    for place, (block, mean) in enumerate(zip(blocks, means, strict=True)):
        centred = block - mean
        weight = NGRAM_WEIGHT if place == len(blocks) - 1 else 1.0
        parts.append(weight * centred / np.maximum(np.linalg.norm(centred, axis=1, keepdims=True), 1e-6))
    return np.hstack(parts).astype(np.float32)
