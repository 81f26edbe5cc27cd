"""Word frequencies in the city's languages: pyspellchecker's lists, counted in film subtitles.

Read during training; the model stores what it needs. The examples contain the words of our topics and few others: without
these lists a word that is in no example looks like a typing error, and errors in such words cannot be corrected.
"""

from __future__ import annotations

import gzip
import json
from collections import Counter
from collections.abc import Iterable
from importlib.util import find_spec
from pathlib import Path

from bot.understanding.text import WORD

MOST = 20_000  # words per language: half as many is worse, more is no better


def common_words(languages: Iterable[str], most: int = MOST) -> dict[str, dict[str, float]]:
    """language -> word (lower case) -> its share of all words. A language without a list is left out."""
    found = {}
    for language in languages:
        path = _folder() / f"{language.partition('-')[0]}.json.gz"
        if path.is_file():
            found[language] = _shares(path, most)
    return found


def _shares(path: Path, most: int) -> dict[str, float]:
    with gzip.open(path, "rt", encoding="utf-8") as file:
        counted: dict[str, int] = json.load(file)
    whole = sum(counted.values())
    parts: Counter[str] = Counter()  # "didn't" counts as two words
    for word, times in sorted(counted.items(), key=lambda entry: (-entry[1], entry[0]))[:most]:
        for part in WORD.findall(word):
            parts[part] += times
    return {word: times / whole for word, times in parts.items()}


def _folder() -> Path:
    spec = find_spec("spellchecker")  # its code is not run
    assert spec is not None and spec.origin is not None, "pyspellchecker is in requirements/bot.in"
    return Path(spec.origin).parent / "resources"
