"""Checks an editor's answer: errors that prevent a review, and warnings."""

import re
from collections.abc import Iterator, Mapping
from datetime import date
from pathlib import Path
from typing import Any

from desk.knowledge.catalogue import Catalog
from desk.knowledge.content import Answer, ContentError, check_answer
from desk.knowledge.facts import between_languages
from desk.knowledge.lint import lint_answer, sentences
from desk.knowledge.unanswered.masking import MARKS
from desk.knowledge.words import language_name
from desk.languages import WORDS
from desk.model import DeskError
from desk.runtime.masking import EMAIL, NUMBER, mask_personal

FEWEST = 5
"""Examples in each language that every text needs, of an answer that begins in the console."""
LONGEST = 200
"""Characters of an example."""
_CODE = re.compile(r"\b[A-Za-z]{2}(?= (?:and|differ|has)\b)")
_LANGUAGE = re.compile(r"\(([a-z]{2})\): ")


class AnswerRefused(DeskError):
    """Nothing was changed. `problems` has a sentence for each thing that is wrong."""

    def __init__(self, problems: list[str], alert: str = "Some things need another look.") -> None:
        super().__init__(alert)
        self.problems = problems


def read_body(id: str, body: Mapping[str, Any], catalog: Catalog) -> Answer:
    """The answer that such a body is. Raises AnswerRefused if it is none: a language that every text needs is missing, a
    text or a title is empty."""
    raw = {name: value for name, value in body.items() if name != "texts"}
    try:
        return check_answer({**raw, **body["texts"], "id": id}, catalog.complete, Path(id))
    except ContentError as error:
        raise AnswerRefused([_sentence(str(error), id)]) from None


def findings(answer: Answer, catalog: Catalog, languages: tuple[str, ...], today: date) -> list[str]:
    """What keeps an answer from review."""
    found = [_sentence(one, answer.id) for one in lint_answer(answer, catalog, languages, today)]
    return [*found, *_masks(answer), *_dead_buttons(answer, catalog, today), *_examples(answer, catalog)]


def _masks(answer: Answer) -> Iterator[str]:
    """A text that began with an agent's reply has marks where somebody's data stood."""
    for language, text in answer.texts.items():
        whole = "\n".join([text.title, text.text, *(part.text for part in text.parts.values())])
        if marks := [one for one in MARKS if one in whole]:
            yield (
                f"{language_name(language, 'en')}: the text has words that were masked: {', '.join(marks)}. "
                "Write them out, or take them out."
            )


def hints(answer: Answer) -> list[str]:
    """What wants a look, and may be right: numbers that one language has and another has not, a first sentence that is not the
    answer, and what may be somebody's own data."""
    texts = {language: text.text for language, text in answer.texts.items()}
    found = disagreements(answer.id, texts)
    return [*found, *_beginnings(texts), *_personal(answer)]


def disagreements(name: str, texts: Mapping[str, str]) -> list[str]:
    """The numbers that one language of a text has and another has not, a sentence for each pair of languages."""
    said = [_sentence(one.sentence, name) for one in between_languages(name, texts)]
    return [_CODE.sub(lambda code: language_name(code[0].lower(), "en"), one) for one in said]


def _beginnings(texts: Mapping[str, str]) -> Iterator[str]:
    """People read the first sentence: it is the answer, and no greeting, question or announcement of one."""
    for language, text in texts.items():
        first = next(iter(sentences(text)), "").strip()
        begins = _flat(first).startswith(_openings(language))
        if begins or first.endswith("?"):
            yield f"{language_name(language, 'en')}: the first sentence should be the answer: '{first[:60]}'."


def _openings(language: str) -> tuple[str, ...]:
    return WORDS[language].openings if language in WORDS else ()


def _personal(answer: Answer) -> Iterator[str]:
    """An office's number is right, and better kept as a fact; a person's is not."""
    for language, text in answer.texts.items():
        whole = "\n".join([text.title, text.text, *(part.text for part in text.parts.values())])
        masked = mask_personal(whole)
        for mark, what in ((EMAIL, "an e-mail address"), (NUMBER, "a long number")):
            if mark in masked:
                yield (
                    f"{language_name(language, 'en')}: the text has {what}. It must be an office's and no person's; "
                    "what changes is better kept as a fact."
                )


def _dead_buttons(answer: Answer, catalog: Catalog, today: date) -> Iterator[str]:
    for button in answer.buttons:
        known = button.answer in catalog.answers
        if (
            button.answer
            and known
            and button.answer != answer.id
            and not catalog.is_given(button.answer, today)
        ):
            yield f"The button '{button.key}' leads to '{button.answer}', which citizens do not get."


def _examples(answer: Answer, catalog: Catalog) -> Iterator[str]:
    """What is wrong with the questions that train the assistant."""
    taken = {
        _flat(text): other.id
        for other in catalog.answers.values()
        if other.id != answer.id and other.id not in catalog.withdrawn
        for texts in other.examples.values()
        for text in texts
    }
    for language in catalog.complete:
        if answer.id not in catalog.seed and len(answer.examples.get(language, ())) < FEWEST:
            named = language_name(language, "en")
            yield f"{named}: write at least {FEWEST} questions that people ask, so that the assistant knows the answer."
    for kind, given in (("example", answer.examples), ("near miss", answer.near_misses)):
        for text in (text for texts in given.values() for text in texts):
            if len(text) > LONGEST:
                yield f"The {kind} '{text[:40]}…' is longer than {LONGEST} characters."
            if mask_personal(text) != text:
                yield f"The {kind} '{text[:40]}' has an e-mail address or a long number. Take it out: it may be somebody's."
            if kind == "example" and _flat(text) in taken:
                yield f"The {kind} '{text[:40]}' is one of '{taken[_flat(text)]}' already."
    meant = {_flat(text) for texts in answer.examples.values() for text in texts}
    for text in (text for texts in answer.near_misses.values() for text in texts):
        if _flat(text) in meant:
            yield f"'{text[:40]}' is an example and a near miss. Decide for one."


def _flat(text: str) -> str:
    return " ".join(text.casefold().split())


def _sentence(found: str, id: str) -> str:
    said = found.removeprefix(id).removeprefix(":").strip()
    if language := _LANGUAGE.match(said):
        said = f"{language_name(language[1], 'en')}: {said[language.end() :]}"
    return said[:1].upper() + said[1:]
