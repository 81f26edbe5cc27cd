"""How often people say which word in the city's languages: the lists that pyspellchecker brings, counted in film subtitles.

Read while a model is trained; the model keeps what it needs. Examples have the words of our topics, and few others: without
these lists a word that no example has looks like a slip, and a slip in one cannot be mended.
"""

from __future__ import annotations

import gzip
import json
from collections import Counter
from collections.abc import Iterable
from importlib.util import find_spec
from pathlib import Path

from bot.understanding.text import WORD

MOST = 20_000  # words of a language: with half as many, whole messages suffer; with more, nothing is gained


def common_words(languages: Iterable[str], most: int = MOST) -> dict[str, dict[str, float]]:
    """language -> word (lower case) -> its share of all words. A language that has no list is left out."""
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
    parts: Counter[str] = Counter()  # "didn't" is two words to us
    for word, times in sorted(counted.items(), key=lambda entry: (-entry[1], entry[0]))[:most]:
        for part in WORD.findall(word):
            parts[part] += times
    return {word: times / whole for word, times in parts.items()}


def _folder() -> Path:
    spec = find_spec("spellchecker")  # its own code is not run
    assert spec is not None and spec.origin is not None, "pyspellchecker is in requirements/bot.in"
    return Path(spec.origin).parent / "resources"
