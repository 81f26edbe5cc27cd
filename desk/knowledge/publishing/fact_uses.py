"""Where answers say a fact or a value of the city's settings: by its name in braces, or written out. Pure."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from desk.knowledge.catalogue import Catalog
from desk.knowledge.content import Answer
from desk.knowledge.lint import sentences
from desk.knowledge.named_facts import OF_CITY, Fact, used_by

WRITTEN_OUT = frozenset({"phone", "emergency_number", "office_address"})
"""Values of the settings that can be told apart in a text. A website is in most links, and a city's name in other names."""


@dataclass(frozen=True, slots=True)
class Use:
    """An answer, and its sentences by language: [("en", "Call {phone}."), …]."""

    answer: Answer
    lines: Sequence[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class CityValue:
    """A value of the city's settings that texts may name: which setting has it, what it says today, and where."""

    name: str
    setting: str
    said: str
    uses: Sequence[Use]
    written_out: Sequence[Use]


def users(catalog: Catalog, name: str) -> list[Answer]:
    """The answers that name it, by id."""
    return [one for _, one in sorted(catalog.answers.items()) if name in used_by(one)]


def naming(answer: Answer, name: str, languages: Sequence[str]) -> list[tuple[str, str]]:
    """The sentences of an answer that have this name in braces, by language."""
    return _having(answer, {language: re.compile(rf"\{{{name}\}}") for language in languages})


def written_out(catalog: Catalog, fact: Fact, languages: Sequence[str], today: date) -> list[Use]:
    """The answers that say what the fact says today in their own words: a change of the fact does not change these."""
    said = {language: fact.said(language, today) for language in languages}
    return _copies(catalog, {language: words for language, words in said.items() if words})


def city_values(catalog: Catalog, languages: Sequence[str], setting: str | None = None) -> list[CityValue]:
    """What all texts may say of the city, in its first language; of one setting alone if that is given."""
    found = []
    for name, words in catalog.facts(languages[0]).items():
        if setting in (None, OF_CITY[name]):
            uses = [Use(one, naming(one, name, languages)) for one in users(catalog, name)]
            copies = _copies(catalog, dict.fromkeys(languages, words)) if name in WRITTEN_OUT else []
            found.append(CityValue(name, OF_CITY[name], words, uses, copies))
    return found


def _copies(catalog: Catalog, said: Mapping[str, str]) -> list[Use]:
    patterns = {language: _pattern(words) for language, words in said.items() if _is_telling(words)}
    found = [Use(one, _having(one, patterns)) for _, one in sorted(catalog.answers.items())]
    return [one for one in found if one.lines]


def _having(answer: Answer, patterns: Mapping[str, re.Pattern[str]]) -> list[tuple[str, str]]:
    return [
        (language, sentence)
        for language, pattern in patterns.items()
        for sentence in dict.fromkeys(_sentences(answer, language))
        if pattern.search(sentence)
    ]


def _sentences(answer: Answer, language: str) -> Iterator[str]:
    text = answer.texts.get(language)
    for whole in (text.text, *(part.text for part in text.parts.values())) if text else ():
        yield from sentences(whole)


def _is_telling(words: str) -> bool:
    # A bare 18 may be an age or a day; 911 is a number to call.
    return len(words) > 2 and any(one.isalnum() for one in words)


def _pattern(words: str) -> re.Pattern[str]:
    return re.compile(rf"(?<![\w.,-]){re.escape(words)}(?!\w|[.,-]\d)")
