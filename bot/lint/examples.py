"""The training examples with everything that the checks need. Does not use Rasa."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from bot.project import ProjectError, read_yaml

MARK = "- "  # the start of an example in Rasa's block of examples


@dataclass(frozen=True)
class Example:
    """One sentence as a citizen would type it. `language` is the one declared by its block, never a guess."""

    text: str
    intent: str
    language: str
    file: str


def read_examples(folder: Path) -> list[Example]:
    """Returns every example in the files of `folder` (data/nlu), in order.

    Raises ProjectError for a block that does not declare its language: `metadata: {language: en}`.
    """
    return [example for path in sorted(folder.glob("*.yml")) for example in _read(path)]


def read_dangers(folder: Path) -> list[Example]:
    """The sentences of data/danger, which are training examples of no intent."""
    found = []
    for path in sorted(folder.glob("*.yml")):
        entry = read_yaml(path)
        for sort in ("by_words", "by_model"):
            for label, texts in entry[sort].items():
                found += [Example(text, f"danger: {label}", entry["language"], path.name) for text in texts]
    return found


def _read(path: Path) -> list[Example]:
    found = []
    for block in read_yaml(path).get("nlu") or []:
        language = (block.get("metadata") or {}).get("language")
        if not isinstance(language, str):
            raise ProjectError(
                f"{path.name}: a block of {block.get('intent')!r} does not say its language; "
                "write `metadata: {language: en}` under its intent."
            )
        for line in str(block.get("examples", "")).splitlines():
            text = line.strip().removeprefix(MARK).strip()
            if text:
                found.append(Example(text, str(block["intent"]), language, path.name))
    return found
