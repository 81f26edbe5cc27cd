"""Stores a head in files without pickle, so that a model file is data and contains no code.

`head.json` and `head.npz` are read by the bot; `evidence.json` is read by the training report alone.
"""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path
from typing import Any

import numpy as np
from rasa.shared.nlu.constants import INTENT, TEXT
from rasa.shared.nlu.training_data.message import Message

from bot.understanding.classifier.head import Evidence, Head
from bot.understanding.classifier.thresholds import Thresholds
from bot.understanding.scope import file as scope_file

EVIDENCE = "evidence.json"


def write(
    folder: Path,
    head: Head,
    means: list[np.ndarray],
    evidence: Evidence | None,
    examples: list[Message],
    strange: list[Message],
) -> None:
    arrays = {f"mean_{place}": mean for place, mean in enumerate(means)}
    told: dict[str, Any] = {"labels": head.labels, "temperature": head.temperature}
    told["thresholds"] = asdict(head.thresholds)
    told["report"] = evidence.figures if evidence else {}
    if head.scope:
        more, told["scope"] = scope_file.written(head.scope)
        arrays |= more
    np.savez(folder / "head.npz", weights=head.weights, bias=head.bias, **arrays)
    (folder / "head.json").write_text(json.dumps(told, indent=1), encoding="utf-8")
    if evidence:
        seen = _evidence(head, evidence, examples, strange)
        (folder / EVIDENCE).write_text(json.dumps(seen, ensure_ascii=False), encoding="utf-8")


def read(folder: Path) -> tuple[Head, list[np.ndarray]]:
    told = json.loads((folder / "head.json").read_text(encoding="utf-8"))
    with np.load(folder / "head.npz", allow_pickle=False) as arrays:
        means = [arrays[f"mean_{place}"] for place in range(sum(k.startswith("mean_") for k in arrays.files))]
        scope = None
        if "scope" in told:
            scope = scope_file.read(arrays, told["scope"])
        head = Head(
            tuple(told["labels"]),
            arrays["weights"],
            arrays["bias"],
            told["temperature"],
            Thresholds(**told["thresholds"]),
            scope,
        )
    return head, means


def _evidence(
    head: Head, evidence: Evidence, examples: list[Message], strange: list[Message]
) -> dict[str, Any]:
    best, tops = np.argsort(-evidence.probabilities, axis=1)[:, :3], evidence.probabilities.max(axis=1)
    return {
        "examples": [
            {
                "text": example.get(TEXT),
                "language": language_of(example),
                "intent": example.get(INTENT),
                "guess": head.labels[first],
                "others": [head.labels[other] for other in others],
                "confidence": round(float(top), 4),
                "scope": round(float(scope), 3),
            }
            for example, (first, *others), top, scope in zip(
                examples, best, tops, evidence.scope, strict=True
            )
        ],
        "near_misses": [
            {"text": example.get(TEXT), "confidence": round(float(top), 4), "scope": round(float(scope), 3)}
            for example, top, scope in zip(strange, evidence.strange_top, evidence.strange_scope, strict=True)
        ],
    }


def language_of(example: Message) -> str:
    """The language declared by the example's block in data/nlu, "" if there is none (an answer's title)."""
    metadata = example.get("metadata") or {}
    intent = metadata.get("intent") if isinstance(metadata, dict) else None
    return str((intent or {}).get("language") or metadata.get("language") or "")
