"""The baseline: a plain full-text search over the same answers for the same held-out questions. The assistant has to be
better than that. BM25 over each answer's title, text and parts in the question's language, as in a search engine."""

from __future__ import annotations

import math
import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from bot.project import Project, read_yaml
from bot.report.evidence import Example
from bot.understanding.text import fold

GOAL = 0.20  # how far ahead the assistant has to be at first place
SATURATION, LENGTH = 1.2, 0.75  # BM25's usual k1 and b
TITLE = 3  # a word of a title counts as often as this
STEM = 6  # letters by which words are compared, so that endings do not matter
TOP = 3
_WORD = re.compile(r"[^\W\d_]{2,40}")


@dataclass(frozen=True)
class Beside:
    """Shares of the questions about topics that have an answer: right at first place, and among the first three."""

    questions: int
    first: float
    among_three: float
    search_first: float
    search_among_three: float

    @property
    def ahead(self) -> float:
        return self.first - self.search_first


def compare_with_search(examples: Iterable[Example], project: Project) -> Beside | None:
    """None if no example is about an answer, or the model does not say what it considered besides its guess."""
    texts = _texts(project)
    topics = {name for found in texts.values() for name in found}
    asked = [e for e in examples if e.intent in topics and e.language in texts and e.others]
    if not asked:
        return None
    searches = {language: Search(found) for language, found in texts.items()}
    found = [searches[e.language].find(e.text, TOP) for e in asked]
    return Beside(
        len(asked),
        sum(e.right for e in asked) / len(asked),
        sum(e.intent in (e.guess, *e.others[: TOP - 1]) for e in asked) / len(asked),
        sum(names[:1] == [e.intent] for e, names in zip(asked, found, strict=True)) / len(asked),
        sum(e.intent in names for e, names in zip(asked, found, strict=True)) / len(asked),
    )


class Search:
    """BM25 over texts by name; each is a title and the rest."""

    def __init__(self, texts: Mapping[str, tuple[str, str]]) -> None:
        counts = {
            name: Counter(_stems(title) * TITLE + _stems(rest)) for name, (title, rest) in texts.items()
        }
        usual = sum(sum(found.values()) for found in counts.values()) / len(counts)
        within = Counter(word for found in counts.values() for word in found)
        self._weights: dict[str, list[tuple[str, float]]] = defaultdict(list)
        for name, found in counts.items():
            long = SATURATION * (1 - LENGTH + LENGTH * sum(found.values()) / usual)
            for word, times in found.items():
                rare = math.log(1 + (len(counts) - within[word] + 0.5) / (within[word] + 0.5))
                self._weights[word].append((name, rare * times * (SATURATION + 1) / (times + long)))

    def find(self, question: str, most: int) -> list[str]:
        """The names that fit best, best first."""
        scores: dict[str, float] = defaultdict(float)
        for word in set(_stems(question)):
            for name, weight in self._weights.get(word, ()):
                scores[name] += weight
        return sorted(scores, key=lambda name: (-scores[name], name))[:most]


def _texts(project: Project) -> dict[str, dict[str, tuple[str, str]]]:
    """language -> answer -> (title, everything else that citizens read)."""
    found: dict[str, dict[str, tuple[str, str]]] = defaultdict(dict)
    for path in sorted((project.content / "answers").glob("*.yml")):
        entry = read_yaml(path)
        for language in project.languages:
            said = entry.get(language)
            if isinstance(said, dict):
                rest = [said.get("text"), *_strings(said.get("parts")), *_strings(said.get("buttons"))]
                found[language][path.stem] = (str(said.get("title") or ""), " ".join(map(str, rest)))
    return dict(found)


def _strings(value: object) -> Sequence[str]:
    if isinstance(value, str):
        return [value]
    if isinstance(value, dict):
        return [text for inner in value.values() for text in _strings(inner)]
    return []


def _stems(text: str) -> list[str]:
    return [word[:STEM] for word in _WORD.findall(fold(text))]
