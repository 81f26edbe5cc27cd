"""Checks the texts against the editors' rules, beyond what is required to load them."""

import re
from collections.abc import Iterator
from datetime import date
from itertools import pairwise

from desk.knowledge.catalogue import Catalog
from desk.knowledge.content import Answer, Response, Text
from desk.knowledge.named_facts import OF_CITY, used_by
from desk.knowledge.parts import is_part

WORDS = 25
TITLE = 45
BUTTON = 24
_SENTENCE = re.compile(r"(?<=[.!?…])\s+|\n+")


def lint(catalog: Catalog, languages: tuple[str, ...], today: date) -> list[str]:
    """Every violation, one sentence each, with the text's name and language; empty if there is none."""
    entries: dict[str, Answer | Response] = {**catalog.responses, **catalog.answers}
    found = [
        problem for name, entry in entries.items() for problem in _entry(name, entry, catalog, languages)
    ]
    return [*found, *(problem for answer in catalog.answers.values() for problem in _dates(answer, today))]


def lint_answer(answer: Answer, catalog: Catalog, languages: tuple[str, ...], today: date) -> list[str]:
    """The violations of one answer, which may be one that the catalogue does not have yet."""
    return [*_entry(answer.id, answer, catalog, languages), *_dates(answer, today)]


def sentences(text: str) -> list[str]:
    """The sentences of a text; a line of a list counts as one."""
    return [part for part in _SENTENCE.split(text) if part.strip()]


def words(sentence: str) -> int:
    """The number of words in a sentence."""
    return sum(any(letter.isalnum() for letter in word) for word in sentence.split())


def _dates(answer: Answer, today: date) -> Iterator[str]:
    if answer.reviewed_on > today:
        yield f"{answer.id}: reviewed_on lies in the future."
    if answer.review_by <= answer.reviewed_on:
        yield f"{answer.id}: review_by must come after reviewed_on."
    if answer.expires_on is not None and answer.expires_on < answer.reviewed_on:
        yield f"{answer.id}: expires_on must not come before reviewed_on."
    if not answer.source.startswith("https://"):
        yield f"{answer.id}: the source must be an https address."


def _entry(
    name: str, entry: Answer | Response, catalog: Catalog, languages: tuple[str, ...]
) -> Iterator[str]:
    for button in entry.buttons:
        if button.answer is not None and button.answer not in catalog.answers:
            yield f"{name}: the button '{button.key}' leads to '{button.answer}', which is no answer."
    if isinstance(entry, Answer):
        for unknown in sorted(used_by(entry) - OF_CITY.keys() - catalog.named_facts.keys()):
            yield f"{name}: there is no published fact {{{unknown}}}."
        for language, text in entry.texts.items():
            if language in languages or text.parts:
                first, complete = entry.texts[languages[0]], language in catalog.complete
                yield from _parts(f"{name} ({language})", text, first, complete=complete)
            if run_on := _run_on(text.text):
                yield f"{name} ({language}): an empty line is missing before '{run_on[:50]}…'; only lists stand close."
    wanted = set(entry.texts[languages[0]].buttons)
    for language, text in entry.texts.items():
        for sentence in sentences(text.text):
            if words(sentence) > WORDS:
                yield f"{name} ({language}): a sentence has {words(sentence)} words: '{sentence[:50]}…'."
        if len(text.title) > TITLE:
            yield f"{name} ({language}): the title is longer than {TITLE} characters."
        if set(text.buttons) != wanted:
            yield f"{name} ({language}): its buttons differ from those in {languages[0]}."
        for key, title in text.buttons.items():
            if not title.strip() or len(title) > BUTTON:
                yield f"{name} ({language}): the button '{key}' must have 1 to {BUTTON} characters."
        if _variables(text.text) != _variables(entry.texts[languages[0]].text) and isinstance(
            entry, Response
        ):
            yield f"{name} ({language}): its variables differ from those in {languages[0]}."


def _parts(where: str, text: Text, first: Text, *, complete: bool) -> Iterator[str]:
    # A language that is still being translated may lack them: what it lacks is said in the first language.
    if set(text.parts) != set(first.parts) and (complete or text.parts):
        differing = ", ".join(sorted(set(text.parts) ^ set(first.parts)))
        yield f"{where}: its parts differ from those in the first language: {differing}."
    for name, part in text.parts.items():
        if not is_part(name):
            yield f"{where}: there is no part '{name}'. desk/knowledge/parts.py lists the names."
        if not part.text.strip():
            yield f"{where}: the part '{name}' is empty."
        for sentence in sentences(part.text):
            if words(sentence) > WORDS:
                yield f"{where}: a sentence of the part '{name}' has {words(sentence)} words."
        for number in sorted(_numbers(part.text) - _numbers(text.text)):
            yield f"{where}: the part '{name}' has the number {number}, which the answer does not have."
        for variable in sorted(_variables(part.text) - _variables(text.text)):
            yield f"{where}: the part '{name}' uses {{{variable}}}, which the answer does not use."


def _numbers(text: str) -> set[str]:
    """The numbers of a text as they are written, such as 60 and 2.50."""
    return set(re.findall(r"\d+(?:[.,:]\d+)*", text))


def _run_on(text: str) -> str | None:
    """The first paragraph directly below another one, which every channel would show as one block."""
    lines = text.splitlines()
    for above, line in pairwise(lines):
        listed = line.startswith("- ") and (above.startswith("- ") or above.endswith(":"))
        if above.strip() and line.strip() and not listed:
            return line
    return None


def _variables(text: str) -> set[str]:
    return set(re.findall(r"\{([a-z_]+)\}", text))
