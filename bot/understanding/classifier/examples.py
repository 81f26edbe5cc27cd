"""Looks a message up among the training examples: one that equals an example has that example's intent. The
classifier may be unsure even about a sentence that it was trained on, and the sentences that the product
itself suggests ("I want to report a problem") must not depend on that.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from pathlib import Path

from bot.understanding.shape import plain

FILE = "examples.json"
_AMBIGUOUS = ""


class Examples:
    """text (lower case, no accents, no punctuation) -> intent; a text with two intents is left out."""

    def __init__(self, intents: dict[str, str]) -> None:
        self._intents = intents

    @classmethod
    def of(cls, examples: Iterable[tuple[str, str]]) -> Examples:
        """`examples`: (text, intent)."""
        intents: dict[str, str] = {}
        for text, intent in examples:
            key = plain(text)
            intents[key] = intent if intents.get(key, intent) == intent else _AMBIGUOUS
        return cls({key: intent for key, intent in intents.items() if key and intent})

    def __call__(self, text: str) -> str | None:
        """The intent of the example with this text."""
        return self._intents.get(plain(text))

    def write(self, folder: Path) -> None:
        (folder / FILE).write_text(json.dumps(self._intents, ensure_ascii=False), encoding="utf-8")

    @classmethod
    def read(cls, folder: Path) -> Examples:
        """Empty for a model that was trained before this file existed."""
        path = folder / FILE
        return cls(json.loads(path.read_text(encoding="utf-8")) if path.is_file() else {})
