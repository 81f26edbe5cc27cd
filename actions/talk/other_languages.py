"""The reply to people who write in a language that the city does not support: what is possible and how to get a person, in
their own language. The texts are in content/other_languages.yml."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import yaml

PLACEHOLDERS = ("{languages}", "{emergency_number}")


@dataclass(frozen=True, slots=True)
class OwnWords:
    """`text` with both placeholders, and the title of the button that leads to a person."""

    text: str
    person: str

    def say(self, languages: Sequence[str], emergency_number: str) -> str:
        """`languages` are the names of the city's languages, each in its own words."""
        return self.text.replace("{languages}", ", ".join(languages)).replace(
            "{emergency_number}", emergency_number
        )


def load_other_languages(content: Path) -> Mapping[str, OwnWords]:
    """By ISO 639-1 code; nothing where a city has no such file. Raises OSError, yaml.YAMLError or ValueError."""
    path = content / "other_languages.yml"
    if not path.exists():
        return {}
    raw = yaml.safe_load(path.read_text(encoding="utf-8"))
    if not isinstance(raw, dict):
        raise ValueError(f"{path} holds no languages")
    return {str(code): _read(path, str(code), entry) for code, entry in raw.items()}


def _read(path: Path, code: str, entry: object) -> OwnWords:
    if not isinstance(entry, dict) or set(entry) != {"text", "person"}:
        raise ValueError(f"'{code}' in {path} needs 'text' and 'person' and nothing else")
    text, person = str(entry["text"]), str(entry["person"])
    missing = [name for name in PLACEHOLDERS if name not in text]
    if missing:
        raise ValueError(f"The text of '{code}' in {path} lacks {missing[0]}")
    return OwnWords(text, person)
