"""How likely a message tells of a danger: learned from data/danger, for what no rule says.

A rule (urgency.py) names the words that it needs, so it misses what people say in others: "he isn't breathing" and "his
lips are blue". Here a regression weighs the sentence's embedding and the roles of its words together.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from bot.understanding.classifier.families import families, folds
from bot.understanding.classifier.regression import learn, softmax

CALM = "calm"
STRENGTH = 10.0
ROLE = 0.25  # the weight of a role beside an embedding of length 1
ASKS = 0.5
ORDINARY = 0.1  # the weight of a training example of another intent beside a sentence of data/danger
FOLDS = 5
# Shares of the calm sentences of data/danger, which are all as close to a danger as their author could make them, that
# may be taken for one.
URGENT_SHARE = 0.015
PERHAPS_SHARE = 0.05
# Shares of the examples of other intents, which are what people write all day, that may be taken for one.
URGENT_ORDINARY = 0.0005
PERHAPS_ORDINARY = 0.004
UNLIKELY_SHARE = (
    0.25  # below the score that this share exceeds, a rule's alarm is withdrawn: 1 in 200 of them is right
)
SURE_OF_KIND = 0.5  # less likely kinds get the general advice
URGENT, PERHAPS, UNLIKELY = "urgent", "perhaps", "unlikely"


@dataclass(frozen=True)
class Sentence:
    """`label`: a kind of danger, CALM, or "" for a danger whose kind is not known."""

    label: str
    embedding: np.ndarray
    roles: frozenset[str]
    asks: bool
    ordinary: bool = False


@dataclass(frozen=True)
class Reading:
    """`level`: URGENT, PERHAPS, UNLIKELY, or None between the last two. `kind`: of danger, None if it is not clear."""

    level: str | None
    kind: str | None


@dataclass(frozen=True)
class DangerModel:
    """`weights` tells danger from calm, `kinds` the names and weights of the kinds."""

    roles: tuple[str, ...]
    mean: np.ndarray
    weights: np.ndarray
    bias: float
    names: tuple[str, ...]
    kind_weights: np.ndarray
    kind_bias: np.ndarray
    urgent: float
    perhaps: float
    unlikely: float

    @classmethod
    def fit(cls, sentences: Sequence[Sentence], roles: Iterable[str]) -> DangerModel:
        """Thresholds come from sentences whose whole family of paraphrases was left out."""
        named = tuple(sorted(roles))
        mean = np.stack([one.embedding for one in sentences]).mean(axis=0)
        rows = np.stack([_row(one, named, mean) for one in sentences])
        truth = np.array([one.label != CALM for one in sentences]).astype(int)
        shares = np.array([ORDINARY if one.ordinary else 1.0 for one in sentences])
        family = families(np.stack([one.embedding for one in sentences]), truth)
        scores = np.zeros(len(truth))
        for training, test in folds(family, truth, FOLDS):
            weights, bias = _two(rows[training], truth[training], shares[training])
            scores[test] = rows[test] @ weights + bias
        calm = scores[(truth == 0) & (shares == 1.0)]
        ordinary = scores[(truth == 0) & (shares < 1.0)]
        weights, bias = _two(rows, truth, shares)
        known = [place for place, one in enumerate(sentences) if one.label not in ("", CALM)]
        names = tuple(sorted({sentences[place].label for place in known}))
        kinds = np.array([names.index(sentences[place].label) for place in known])
        kind_weights, kind_bias = learn(rows[known], kinds, len(names), STRENGTH)
        return cls(
            named,
            mean,
            weights,
            bias,
            names,
            kind_weights,
            kind_bias,
            max(_exceeded_by(calm, URGENT_SHARE), _exceeded_by(ordinary, URGENT_ORDINARY)),
            max(_exceeded_by(calm, PERHAPS_SHARE), _exceeded_by(ordinary, PERHAPS_ORDINARY)),
            _exceeded_by(calm, UNLIKELY_SHARE),
        )

    def __call__(self, embedding: np.ndarray, roles: frozenset[str], *, asks: bool) -> Reading:
        """What a message says."""
        row = _row(Sentence("", embedding, roles, asks), self.roles, self.mean)
        score = float(row @ self.weights) + self.bias
        if score < self.perhaps:
            return Reading(UNLIKELY if score < self.unlikely else None, None)
        shares = softmax((row @ self.kind_weights + self.kind_bias)[None, :])[0]
        best = int(shares.argmax())
        kind = self.names[best] if shares[best] >= SURE_OF_KIND else None
        return Reading(URGENT if score >= self.urgent else PERHAPS, kind)

    def write(self, folder: Path) -> None:
        np.savez(
            folder / "danger.npz",
            mean=self.mean,
            weights=self.weights,
            kind_weights=self.kind_weights,
            kind_bias=self.kind_bias,
        )
        told = {
            "roles": self.roles,
            "names": self.names,
            "bias": self.bias,
            "urgent": self.urgent,
            "perhaps": self.perhaps,
            "unlikely": self.unlikely,
        }
        (folder / "danger.json").write_text(json.dumps(told, indent=1), encoding="utf-8")

    @classmethod
    def read(cls, folder: Path) -> DangerModel | None:
        """None if there were no sentences to learn from."""
        if not (folder / "danger.json").exists():
            return None
        told = json.loads((folder / "danger.json").read_text(encoding="utf-8"))
        with np.load(folder / "danger.npz", allow_pickle=False) as arrays:
            return cls(
                tuple(told["roles"]),
                arrays["mean"],
                arrays["weights"],
                told["bias"],
                tuple(told["names"]),
                arrays["kind_weights"],
                arrays["kind_bias"],
                told["urgent"],
                told["perhaps"],
                told["unlikely"],
            )


def _exceeded_by(scores: np.ndarray, share: float) -> float:
    """The score above which this share of them lies; none at all without scores."""
    return float(np.quantile(scores, 1 - share)) if len(scores) else float("-inf")


def _two(rows: np.ndarray, truth: np.ndarray, shares: np.ndarray) -> tuple[np.ndarray, float]:
    weights, bias = learn(rows, truth, 2, STRENGTH, shares)
    return weights[:, 1] - weights[:, 0], float(bias[1] - bias[0])


def _row(one: Sentence, roles: Sequence[str], mean: np.ndarray) -> np.ndarray:
    said = [ROLE if role in one.roles else 0.0 for role in roles]
    return np.concatenate([one.embedding - mean, said, [ASKS if one.asks else 0.0]]).astype(np.float32)
