"""The evidence in a model file: figures, thresholds, and the out-of-fold prediction for every example."""

from __future__ import annotations

import json
import tarfile
from collections import Counter, defaultdict
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from bot.model_file import ModelError

LARGEST = 64 * 1024 * 1024  # bytes of one JSON file in a model


@dataclass(frozen=True)
class Example:
    """`guess`, `confidence` and `scope` are out-of-fold; `others` are the next two intents. `language` is "" for an answer's
    title."""

    text: str
    language: str
    intent: str
    guess: str
    confidence: float
    scope: float
    others: tuple[str, ...] = ()

    @property
    def right(self) -> bool:
        return self.guess == self.intent


@dataclass(frozen=True)
class ModelEvidence:
    """`figures` is empty for a toy project; `near_misses` are (confidence, scope)."""

    figures: dict[str, float] = field(default_factory=dict)
    examples: tuple[Example, ...] = ()
    near_misses: tuple[tuple[float, float], ...] = ()

    @classmethod
    def read(cls, model: Path) -> ModelEvidence:
        """Raises ModelError for a file that is not a model of ours."""
        told: dict[str, Any] = {}
        try:
            with tarfile.open(model) as archive:
                for member in archive:
                    name = member.name.rpartition("/")[2]
                    file = archive.extractfile(member) if name in ("head.json", "evidence.json") else None
                    if file and member.size <= LARGEST:
                        told[name] = json.load(file)
            if "head.json" not in told:
                raise ModelError(
                    f"{model} holds no classifier of ours; it was not used. Train again with `make train`."
                )
            seen = told.get("evidence.json") or {"examples": [], "near_misses": []}
            return cls(
                figures=dict(told["head.json"].get("report") or {}),
                examples=tuple(
                    Example(**{**entry, "others": tuple(entry.get("others") or ())})
                    for entry in seen["examples"]
                ),
                near_misses=tuple((entry["confidence"], entry["scope"]) for entry in seen["near_misses"]),
            )
        except (OSError, EOFError, tarfile.TarError, ValueError, TypeError, KeyError) as error:
            raise ModelError(
                f"{model} is damaged or was not made by `make train`; it was not used. Train again with `make train`."
            ) from error

    def answered(self, example: Example) -> bool:
        return example.confidence >= self.figures["sure"] and example.scope >= self.figures["scope"]


def by_language(examples: tuple[Example, ...]) -> dict[str, tuple[int, float, float]]:
    """language -> (examples, accuracy, macro-F1), the total under "all"."""
    groups: dict[str, list[Example]] = defaultdict(list)
    for example in examples:
        groups["all"].append(example)
        if example.language:
            groups[example.language].append(example)
    return {
        code: (len(group), sum(e.right for e in group) / len(group), macro_f1(group))
        for code, group in sorted(groups.items(), key=lambda entry: (entry[0] != "all", entry[0]))
    }


def macro_f1(examples: list[Example]) -> float:
    """The mean of the intents' F1 scores: a small intent counts as much as a large one."""
    right = Counter(e.intent for e in examples if e.right)
    wanted, given = Counter(e.intent for e in examples), Counter(e.guess for e in examples)
    return sum(2 * right[i] / (wanted[i] + given[i]) for i in wanted) / len(wanted)


def confusions(examples: tuple[Example, ...]) -> list[tuple[str, str, list[Example]]]:
    """(intent, predicted intent, examples), the most frequent first."""
    pairs: dict[tuple[str, str], list[Example]] = defaultdict(list)
    for example in examples:
        if not example.right:
            pairs[example.intent, example.guess].append(example)
    ordered = sorted(pairs.items(), key=lambda entry: (-len(entry[1]), entry[0]))
    return [(intent, guess, sorted(found, key=lambda e: -e.confidence)) for (intent, guess), found in ordered]


def calibration(examples: tuple[Example, ...], bins: int = 10) -> list[tuple[float, float, int]]:
    """(mean confidence, share right, examples) of each non-empty tenth of the scale."""
    groups: dict[int, list[Example]] = defaultdict(list)
    for example in examples:
        groups[min(bins - 1, int(example.confidence * bins))].append(example)
    return [
        (sum(e.confidence for e in g) / len(g), sum(e.right for e in g) / len(g), len(g))
        for _, g in sorted(groups.items())
    ]


def scope_curve(evidence: ModelEvidence, points: int = 9) -> list[tuple[float, float, float]]:
    """(scope threshold, share of real questions lost, share of near misses kept out)."""
    real = sorted(e.scope for e in evidence.examples if e.right)
    strange = [scope for _, scope in evidence.near_misses]
    if not real or not strange:
        return []
    places = [round(len(real) * share / 100) for share in range(0, 2 * points, 2)]
    curve = [real[min(place, len(real) - 1)] for place in places]
    return [
        (at, sum(s < at for s in real) / len(real), sum(s < at for s in strange) / len(strange))
        for at in curve
    ]
