"""Finds unexplained problems in the training examples, as sentences for their authors."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from bot.lint.allowed import Allowed
from bot.lint.balance import counts, lopsided
from bot.lint.examples import Example
from bot.lint.likeness import Pair, doubles, leaks
from bot.lint.strays import strays


@dataclass(frozen=True)
class Finding:
    """`kind` as in allowed.yml. `text` is one line."""

    kind: str
    text: str


def find(
    examples: Sequence[Example],
    embeddings: np.ndarray,
    held_out: dict[str, str],
    languages: Sequence[str],
    allowed: Allowed,
    dangers: Sequence[Example] = (),
) -> list[Finding]:
    """`embeddings`: (examples, size); `held_out`: sentence -> where it is tested; `dangers`: data/danger."""
    found = []
    for pair in doubles(examples):
        if not allowed("doubles", text=(pair.first.text, pair.second.text)):
            found.append(Finding("doubles", _double(pair)))
    for example, place in leaks([*examples, *dangers], held_out):
        if "evaluation" in place or "near_misses" in place or not allowed("leaks", text=example.text):
            found.append(
                Finding("leaks", f"{example.file}: {example.text!r} is also in {place}; reword one of them.")
            )
    for stray in strays(examples, embeddings):
        example = stray.example
        if not allowed("strays", intent=example.intent, near=stray.other, text=example.text):
            found.append(
                Finding(
                    "strays",
                    f"{example.file}: {example.text!r} ({example.intent}) sits among the examples of "
                    f"{stray.other}, next to {stray.neighbour!r}.",
                )
            )
    for intent, sentence in lopsided(counts(examples), languages).items():
        if not allowed("sizes", intent=intent):
            found.append(Finding("sizes", sentence))
    return found


def _double(pair: Pair) -> str:
    first, second = pair.first, pair.second
    if first.intent != second.intent:
        return f"{first.text!r} ({first.intent}) and {second.text!r} ({second.intent}) contradict each other."
    return f"{first.file}: {first.text!r} and {second.text!r} say the same ({pair.cosine:.2f})."
