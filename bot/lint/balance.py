"""Checks that every intent has enough examples in every language, and that none has far more than the others."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from statistics import median

from bot.lint.examples import Example

FEWEST = {"en": 25}  # most people write English; the other languages benefit from it through the encoder
FEWEST_ELSEWHERE = 15
MOST_OF_A_LANGUAGE = 2.5  # ratio to the language that has fewest
MOST_OF_AN_INTENT = 3.0  # ratio to the median intent


def counts(examples: Iterable[Example]) -> Counter[tuple[str, str]]:
    """(intent, language) -> the number of different sentences, ignoring case."""
    seen = {(example.intent, example.language, example.text.casefold()) for example in examples}
    return Counter((intent, language) for intent, language, _ in seen)


def missing(
    found: Mapping[tuple[str, str], int], intents: Iterable[str], languages: Iterable[str]
) -> list[str]:
    """A sentence for every intent that has too few examples in a language."""
    languages = list(languages)
    return [
        f"{intent} has {found.get((intent, language), 0)} examples in {language}; "
        f"it needs {FEWEST.get(language, FEWEST_ELSEWHERE)}."
        for intent in intents
        for language in languages
        if found.get((intent, language), 0) < FEWEST.get(language, FEWEST_ELSEWHERE)
    ]


def lopsided(found: Mapping[tuple[str, str], int], languages: Iterable[str]) -> dict[str, str]:
    """intent -> a sentence, for each that has far more examples in one language, or far more than the other intents."""
    languages = list(languages)
    intents = sorted({intent for intent, _ in found})
    sizes = {intent: sum(found.get((intent, code), 0) for code in languages) for intent in intents}
    usual = median(sizes.values())
    said = {}
    for intent in intents:
        spoken = {code: found.get((intent, code), 0) for code in languages}
        most, least = max(spoken, key=spoken.__getitem__), min(spoken, key=spoken.__getitem__)
        if spoken[most] > MOST_OF_A_LANGUAGE * spoken[least]:
            said[intent] = f"{intent} has {spoken[most]} examples in {most} and {spoken[least]} in {least}."
        elif sizes[intent] > MOST_OF_AN_INTENT * usual:
            said[intent] = f"{intent} has {sizes[intent]} examples; the intent in the middle has {usual:.0f}."
    return said
