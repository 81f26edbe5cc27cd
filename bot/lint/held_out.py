"""The sentences that understanding is tested on. None of them may be a training example."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import yaml


def held_out(root: Path) -> dict[str, str]:
    """sentence -> its file, from written dialogues, near misses and evaluation sets."""
    found: dict[str, str] = {}
    for folder in ("tests/conversations", "data/near_misses", "data/evaluation"):
        for path in sorted((root / folder).rglob("*.yml")):
            for text in _sentences(yaml.safe_load(path.read_text(encoding="utf-8"))):
                found.setdefault(text, path.relative_to(root).as_posix())
    return found


def _sentences(entry: Any) -> Iterator[str]:
    """The sentences of a dialogue, and the members of nested lists of plain sentences."""
    if isinstance(entry, dict):
        if isinstance(entry.get("say"), str):
            yield entry["say"]
        for key, value in entry.items():
            if key not in ("expect", "press", "metadata", "contact"):
                yield from _sentences(value)
    elif isinstance(entry, list):
        for value in entry:
            if isinstance(value, str):
                yield value
            else:
                yield from _sentences(value)
