"""What is wrong with an answer that an editor writes: what keeps it from review, and what only wants a look."""

import re
from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Any

from desk.knowledge.catalogue import Catalog
from desk.knowledge.content import Answer, ContentError, check_answer
from desk.knowledge.facts import between_languages
from desk.knowledge.lint import lint_answer
from desk.knowledge.words import language_name
from desk.model import DeskError

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
    return [_sentence(one, answer.id) for one in lint_answer(answer, catalog, languages, today)]


def hints(answer: Answer) -> list[str]:
    """What wants a look, and may be right: numbers that one language has and another has not."""
    texts = {language: text.text for language, text in answer.texts.items()}
    return [_sentence(one.sentence, answer.id) for one in between_languages(answer.id, texts)]


def _sentence(found: str, id: str) -> str:
    said = found.removeprefix(id).removeprefix(":").strip()
    if language := _LANGUAGE.match(said):
        said = f"{language_name(language[1], 'en')}: {said[language.end() :]}"
    return said[:1].upper() + said[1:]
