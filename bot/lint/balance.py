"""Are there enough examples of every intent in every language, and is no intent far larger than the rest?"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping

from bot.lint.examples import Example

FEWEST = {"en": 25}  # English is what most people write; the others lean on it through the encoder
FEWEST_ELSEWHERE = 15


def counts(examples: Iterable[Example]) -> Counter[tuple[str, str]]:
    """(intent, language) -> how many different sentences, however they are capitalised."""
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
