"""Small pieces of citizen-facing text that actions put into the variables of longer messages."""

import re
from collections.abc import Mapping
from datetime import date
from pathlib import Path

import yaml
from babel.dates import format_date

_VARIABLE = re.compile(r"\{([a-z_]+)\}")


class Phrases:
    """content/dialogue/phrases.yml by name and language; the first language fills gaps."""

    def __init__(self, texts: Mapping[str, Mapping[str, str]], fallback: str) -> None:
        self._texts = texts
        self._fallback = fallback

    @classmethod
    def load(cls, content: Path, fallback: str) -> "Phrases":
        """Read the phrases. Raises OSError, yaml.YAMLError or ValueError."""
        path = content / "dialogue" / "phrases.yml"
        raw = yaml.safe_load(path.read_text(encoding="utf-8"))
        if not isinstance(raw, dict):
            raise ValueError(f"{path} holds no phrases")
        return cls(
            {
                name.removeprefix("utter_phrase_"): {
                    language: entry["text"] for language, entry in texts.items() if isinstance(entry, dict)
                }
                for name, texts in raw.items()
            },
            fallback,
        )

    def say(self, phrase: str, language: str, /, **variables: object) -> str:
        """The phrase. Values are not expanded again: braces that a citizen wrote stay braces."""
        texts = self._texts[phrase]
        text = texts.get(language) or texts[self._fallback]
        return _VARIABLE.sub(lambda found: str(variables.get(found[1], "")), text)


def day_in_words(day: date, language: str) -> str:
    """22 November 2026, 22 de noviembre de 2026 …"""
    return format_date(day, "long", locale=language)
