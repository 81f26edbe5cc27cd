"""How likely it is that a message reports a danger: learned from data/danger, for wordings that no rule covers.

A rule (urgency.py) lists the words that it needs, so it misses other wordings: "he isn't breathing" and "his
lips are blue". Here two regressions weigh the sentence's embedding and the roles of its words together: a linear one, which
quickly rules out nearly all messages, and for the others one on their similarity to sentences of data/danger (a
Nyström approximation of a Gaussian kernel), which is more precise.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np

from bot.understanding.classifier.families import families, folds
from bot.understanding.classifier.regression import learn, softmax

CALM = "calm"
STRENGTH = 10.0  # C of each regression
LANDMARKS = 1000  # sentences to which likeness is measured
ORDINARY_LANDMARKS = 4  # one in so many is an example of another intent
NARROW = 1.0  # of the kernel: exp(-NARROW * squared distance)
ROLE = 0.25  # the weight of a role beside an embedding of length 1
ASKS = 0.5
ORDINARY = 0.3  # the weight of a training example of another intent beside a sentence of data/danger
SOME = 2  # the second regression learns from one in so many of them; the others only set its thresholds
FOLDS = 3
OPEN = 0.004  # the share of dangers that the linear regression may keep from the second
# Shares of the calm sentences of data/danger, which are all as close to a danger as their author could make them, that
# may be taken for one.
URGENT_SHARE = 0.02
PERHAPS_SHARE = 0.1
# Shares of the examples of other intents, which are what people write all day, that may be taken for one.
URGENT_ORDINARY = 0.001
PERHAPS_ORDINARY = 0.009  # half of them are messages of whose topic the classifier is sure (alarm.py)
UNLIKELY_SHARE = 0.25  # "unlikely" is below the score that this share of the calm sentences exceeds
SURE_OF_KIND = 0.5  # less likely kinds get the general advice
URGENT, PERHAPS, UNLIKELY = "urgent", "perhaps", "unlikely"


@dataclass(frozen=True)
class Sentence:
    """`label`: a kind of danger, CALM, or "" for a danger whose kind is not known. `ordinary`: an example of another
    intent. `aside`: one that speaks about the conversation, which counts for no threshold: where the classifier is sure
    of it, no alarm is believed (alarm.py)."""

    label: str
    embedding: np.ndarray
    roles: frozenset[str]
    asks: bool
    ordinary: bool = False
    aside: bool = False


@dataclass(frozen=True)
class Reading:
    """`level`: URGENT, PERHAPS, UNLIKELY, or None between the last two. `kind`: of danger, None if it is not clear."""

    level: str | None
    kind: str | None


@dataclass(frozen=True)
class Likeness:
    """The second regression. `places` (LANDMARKS, size) are sentences, `weights` what likeness to each of them says."""

    places: np.ndarray
    squares: np.ndarray
    weights: np.ndarray
    bias: float

    @classmethod
    def at(cls, places: np.ndarray, weights: np.ndarray, bias: float) -> Likeness:
        return cls(places, (places * places).sum(axis=1), weights, bias)

    def to(self, rows: np.ndarray) -> np.ndarray:
        """(rows, LANDMARKS), 1 for the same sentence."""
        apart = (rows * rows).sum(axis=-1, keepdims=True) + self.squares - 2.0 * (rows @ self.places.T)
        return np.exp(-NARROW * np.maximum(apart, 0.0)).astype(np.float32)

    def __call__(self, row: np.ndarray) -> float:
        return float(self.to(row) @ self.weights) + self.bias


@dataclass(frozen=True)
class Thresholds:
    """Scores. `opens`: of the linear regression, from which the second is asked; `unlikely`: also of the linear one."""

    opens: float
    unlikely: float
    perhaps: float
    urgent: float


@dataclass(frozen=True)
class DangerModel:
    """`weights` tells danger from calm, `kinds` the names and weights of the kinds."""

    roles: tuple[str, ...]
    mean: np.ndarray
    weights: np.ndarray
    bias: float
    likeness: Likeness
    names: tuple[str, ...]
    kind_weights: np.ndarray
    kind_bias: np.ndarray
    at: Thresholds

    @classmethod
    def fit(cls, sentences: Sequence[Sentence], roles: Iterable[str]) -> DangerModel:
        """Thresholds come from sentences whose whole family of paraphrases was left out."""
        named = tuple(sorted(roles))
        embeddings = np.stack([one.embedding for one in sentences])
        mean = embeddings.mean(axis=0)
        rows = np.stack([_row(one, named, mean) for one in sentences])
        truth = np.array([one.label != CALM for one in sentences]).astype(int)
        shares = np.array([ORDINARY if one.ordinary else 1.0 for one in sentences])
        likeness = Likeness.at(rows[_landmarks(shares)], np.zeros(0), 0.0)
        evened = _evened(likeness)
        alike = likeness.to(rows) @ evened
        some = (shares == 1.0) | (np.cumsum(shares < 1.0) % SOME == 0)
        family = families(embeddings, truth)
        straight, fine = np.zeros(len(truth)), np.zeros(len(truth))
        for training, test in folds(family, truth, FOLDS):
            weights, bias = _two(rows[training], truth[training], shares[training])
            straight[test] = rows[test] @ weights + bias
            training = training[some[training]]
            weights, bias = _two(alike[training], truth[training], shares[training])
            fine[test] = alike[test] @ weights + bias
        weights, bias = _two(rows, truth, shares)
        known = [place for place, one in enumerate(sentences) if one.label not in ("", CALM)]
        names = tuple(sorted({sentences[place].label for place in known}))
        kinds = np.array([names.index(sentences[place].label) for place in known])
        kind_weights, kind_bias = learn(rows[known], kinds, len(names), STRENGTH)
        alike_weights, alike_bias = _two(alike[some], truth[some], shares[some])
        return cls(
            named,
            mean,
            weights,
            bias,
            Likeness.at(likeness.places, evened @ alike_weights, alike_bias),
            names,
            kind_weights,
            kind_bias,
            _thresholds(sentences, straight, fine),
        )

    def __call__(self, embedding: np.ndarray, roles: frozenset[str], *, asks: bool) -> Reading:
        """What a message says."""
        row = _row(Sentence("", embedding, roles, asks), self.roles, self.mean)
        straight = float(row @ self.weights) + self.bias
        score = self.likeness(row) if straight >= self.at.opens else float("-inf")
        if score < self.at.perhaps:
            return Reading(UNLIKELY if straight < self.at.unlikely else None, None)
        shares = softmax((row @ self.kind_weights + self.kind_bias)[None, :])[0]
        best = int(shares.argmax())
        kind = self.names[best] if shares[best] >= SURE_OF_KIND else None
        return Reading(URGENT if score >= self.at.urgent else PERHAPS, kind)

    def write(self, folder: Path) -> None:
        np.savez(
            folder / "danger.npz",
            mean=self.mean,
            weights=self.weights,
            places=self.likeness.places,
            place_weights=self.likeness.weights,
            kind_weights=self.kind_weights,
            kind_bias=self.kind_bias,
        )
        told = {
            "roles": self.roles,
            "names": self.names,
            "bias": self.bias,
            "likeness_bias": self.likeness.bias,
            "at": asdict(self.at),
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
                Likeness.at(arrays["places"], arrays["place_weights"], told["likeness_bias"]),
                tuple(told["names"]),
                arrays["kind_weights"],
                arrays["kind_bias"],
                Thresholds(**told["at"]),
            )


def _landmarks(shares: np.ndarray) -> np.ndarray:
    """The rows of the sentences to which likeness is measured, drawn once and for all."""
    draw = np.random.default_rng(0)
    written, ordinary = (draw.permutation(np.flatnonzero(chosen)) for chosen in (shares == 1.0, shares < 1.0))
    few = ordinary[: LANDMARKS // ORDINARY_LANDMARKS]
    return np.concatenate([written[: LANDMARKS - len(few)], few])


def _evened(likeness: Likeness) -> np.ndarray:
    """Coordinates in which likeness to the landmarks is an ordinary product (Williams and Seeger 2001)."""
    spread, directions = np.linalg.eigh(likeness.to(likeness.places).astype(np.float64))
    return (directions / np.sqrt(np.maximum(spread, 1e-6))).astype(np.float32)


def _thresholds(sentences: Sequence[Sentence], straight: np.ndarray, fine: np.ndarray) -> Thresholds:
    """`straight` and `fine`: what the two regressions say of sentences that they have not learned from."""
    danger = np.array([one.label != CALM for one in sentences])
    ordinary = np.array([one.ordinary for one in sentences])
    calm = ~danger & ~ordinary
    ordinary &= np.array([not one.aside for one in sentences])
    urgent, perhaps = (
        max(_exceeded_by(fine[calm], of_calm), _exceeded_by(fine[ordinary], of_ordinary))
        for of_calm, of_ordinary in (
            (URGENT_SHARE, URGENT_ORDINARY),
            (PERHAPS_SHARE, PERHAPS_ORDINARY),
        )
    )
    return Thresholds(
        opens=_exceeded_by(straight[danger], 1 - OPEN),
        unlikely=_exceeded_by(straight[calm], UNLIKELY_SHARE),
        perhaps=perhaps,
        urgent=urgent,
    )


def _exceeded_by(scores: np.ndarray, share: float) -> float:
    """The score above which this share of them lies; none at all without scores."""
    return float(np.quantile(scores, 1 - share)) if len(scores) else float("-inf")


def _two(rows: np.ndarray, truth: np.ndarray, shares: np.ndarray) -> tuple[np.ndarray, float]:
    weights, bias = learn(rows, truth, 2, STRENGTH, shares)
    return weights[:, 1] - weights[:, 0], float(bias[1] - bias[0])


def _row(one: Sentence, roles: Sequence[str], mean: np.ndarray) -> np.ndarray:
    size = len(mean)
    row = np.zeros(size + len(roles) + 1, np.float32)
    row[:size] = one.embedding - mean
    for place, role in enumerate(roles, start=size):
        if role in one.roles:
            row[place] = ROLE
    row[-1] = ASKS if one.asks else 0.0
    return row
