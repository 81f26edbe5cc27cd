"""Measures BANKING77 and CLINC150. C, temperature and thresholds come from the training examples alone.

Seed 1 is the published 10-example split; the others draw 10 examples per intent from the full training file.
"""

from __future__ import annotations

import random
from collections import defaultdict
from pathlib import Path

import numpy as np

from bot.encoders import Encoder
from bot.evaluate.public_sets import read_verified
from bot.evaluate.understanding import Understanding
from bot.understanding.classifier.head import auroc
from bot.understanding.classifier.regression import calibration_error

Pairs = list[tuple[str, str]]
SHOTS = 10


def read(path: Path) -> Pairs:
    """(text, label) of each line. Raises WrongData."""
    lines = read_verified(path).splitlines()
    return [(text, label) for text, _, label in (line.rpartition("\t") for line in lines)]


def few(folder: Path, name: str, seed: int) -> Pairs:
    """Draws SHOTS examples of every intent."""
    if seed == 1:
        return read(folder / f"{name}_10_train.tsv")
    groups: dict[str, Pairs] = defaultdict(list)
    for text, label in read(folder / f"{name}_train.tsv"):
        groups[label].append((text, label))
    draw = random.Random(seed)
    return [pair for label in sorted(groups) for pair in draw.sample(groups[label], SHOTS)]


def measure(training: Pairs, test: Pairs, strange: Pairs, encoders: tuple[Encoder, ...]) -> dict[str, float]:
    """Returns accuracy and calibration error on `test`; with `strange`, also the AUROC of the scope score."""
    learned = Understanding.learn(
        [t for t, _ in training], [label.lower() for _, label in training], encoders
    )
    labels = {label: place for place, label in enumerate(learned.head.labels)}
    truth = np.array([labels[label.lower()] for _, label in test])
    probabilities, scope = learned.read([text for text, _ in test])
    found = {
        "accuracy": float((probabilities.argmax(axis=1) == truth).mean()),
        "calibration_error": calibration_error(probabilities, truth),
    }
    if strange:
        found["auroc"] = auroc(scope, learned.read([text for text, _ in strange])[1])
    return found
