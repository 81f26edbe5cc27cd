"""Finds approved answers for agents by the words of a question: titles, texts and button titles, weighted by rarity.

Lexical on purpose: it works for every language of the catalogue without the bot's model, in well under a
millisecond, and an agent sees why an answer was found.
"""

import math
import re
import unicodedata
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Protocol

from desk.knowledge.content import Answer

_WORD = re.compile(r"[^\W\d_]{3,40}")
LONGEST = 1_000
"""Characters of a question that are read."""
TITLE, BODY = 3.0, 1.0
"""Weight of a word in a title, and in the text."""
STEM = 6
"""Words are compared by their first letters, so that endings do not matter."""


@dataclass(frozen=True, slots=True)
class Found:
    """An answer in one language, and how well it fits: 1 where every word of the question is in its title."""

    answer: Answer
    language: str
    score: float


class HasAnswers(Protocol):
    """A catalogue: its answers are another mapping after a change."""

    answers: Mapping[str, Answer]


class AnswerFinder:
    """Built once; the words are weighted again after editors changed answers."""

    def __init__(self, catalog: HasAnswers) -> None:
        self._catalog = catalog
        self._answers: Mapping[str, Answer] = {}
        self._weights: dict[str, dict[str, dict[str, float]]] = {}
        self._rarities: dict[str, dict[str, float]] = {}

    def find(self, question: str, language: str, count: int) -> list[Found]:
        """The answers that fit best, best first; none if no word of the question is in any. An empty question
        finds nothing."""
        self._weigh()
        weights = self._weights.get(language)
        words = set(_stems(question[:LONGEST]))
        if not weights or not words:
            return []
        fits = {word: _fit(word, weights) for word in words}
        best = sum(TITLE * max(_rarities(word, self._rarities[language]), default=0.0) for word in words)
        scores = {name: sum(fit.get(name, 0.0) for fit in fits.values()) / best for name in weights if best}
        ranked = sorted((name for name, score in scores.items() if score > 0), key=lambda n: (-scores[n], n))
        return [Found(self._answers[name], language, scores[name]) for name in ranked[:count]]

    def _weigh(self) -> None:
        answers = self._catalog.answers
        if answers is not self._answers:
            languages = {language for answer in answers.values() for language in answer.texts}
            weighed = {language: _weights(answers, language) for language in languages}
            self._weights = {language: weights for language, (weights, _) in weighed.items()}
            self._rarities = {language: rarities for language, (_, rarities) in weighed.items()}
            self._answers = answers


def _fit(word: str, weights: Mapping[str, Mapping[str, float]]) -> dict[str, float]:
    """answer -> weight of the word in it. A word may be unfinished: an agent is still typing."""
    found: dict[str, float] = {}
    for name, one in weights.items():
        hits = [weight for known, weight in one.items() if known.startswith(word)]
        if hits:
            found[name] = max(hits)
    return found


def _rarities(word: str, rarities: Mapping[str, float]) -> list[float]:
    """How rare the words are that begin with this one."""
    return [rarity for known, rarity in rarities.items() if known.startswith(word)]


def _weights(
    answers: Mapping[str, Answer], language: str
) -> tuple[dict[str, dict[str, float]], dict[str, float]]:
    """answer -> word -> weight, in one language; and how rare each word is."""
    titles = {
        name: set(_stems(a.texts[language].title)) for name, a in answers.items() if language in a.texts
    }
    bodies = {
        name: set(_stems(" ".join((a.texts[language].text, *a.texts[language].buttons.values()))))
        for name, a in answers.items()
        if language in a.texts
    }
    counts = Counter(word for name in titles for word in titles[name] | bodies[name])
    rarities = {word: math.log(1 + len(titles) / count) for word, count in counts.items()}
    weights = {
        name: {
            word: (TITLE if word in titles[name] else BODY) * rarities[word]
            for word in titles[name] | bodies[name]
        }
        for name in titles
    }
    return weights, rarities


def _stems(text: str) -> list[str]:
    folded = "".join(
        letter for letter in unicodedata.normalize("NFD", text.lower()) if not unicodedata.combining(letter)
    )
    return [word[:STEM] for word in _WORD.findall(folded)]
