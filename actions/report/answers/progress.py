"""A report's progress and its answers so far, for a channel that shows them next to the conversation. Pure."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from actions.phrases import day_in_words
from actions.report.draft import (
    CHANGE,
    CONFIRM,
    CONTACT,
    DESCRIPTION,
    LOCATION,
    PHOTO,
    QUESTION,
    SERVICE,
    Draft,
    next_question,
    wanted,
)
from actions.report.step import Step
from actions.services import Asked

PAUSED = "utter_report_paused"
_PARTS = {"service": "service", "description": "description", "location": "location"}
_LAST = {"photo": "photos", "contact": "contact"}


def progress(
    step: str,
    result: Step,
    questions: Sequence[Asked],
    said: Mapping[str, str],
    *,
    photos: bool,
    language: str,
) -> dict[str, Any]:
    """{step, steps, paused, answers} as the desk reads them. `said`: the summary's values; its answers are given where
    the summary is asked about, in the order of the questions."""
    draft = result.draft
    questions = wanted(draft, questions)
    order = [SERVICE, DESCRIPTION, LOCATION, *(asked.code for asked in questions)]
    order += [*([PHOTO] if photos else []), CONTACT, CONFIRM]
    asked = next_question(draft, questions) if step == QUESTION else None
    at = asked.code if asked else CONFIRM if step == CHANGE else step
    answers = []
    if step in (CONFIRM, CHANGE):
        answers += [{"part": part, "text": said[value]} for part, value in _PARTS.items()]
        answers += [_answer(one, draft, language) for one in questions]
        answers += [
            {"part": part, "text": said[value]} for part, value in _LAST.items() if photos or part != "photo"
        ]
    return {
        "step": order.index(at) + 1 if at in order else 1,
        "steps": len(order),
        "paused": result.response == PAUSED,
        "answers": answers,
    }


def answered(asked: Asked, draft: Draft, language: str) -> str:
    """The answer as people read it; "" for none."""
    names, given = dict(asked.values), draft.answers.get(asked.code, ())
    if asked.datatype == "datetime":
        return ", ".join(_day(value, language) for value in given)
    return ", ".join(names.get(value, value) for value in given)


def _day(value: str, language: str) -> str:
    try:
        return day_in_words(datetime.fromisoformat(value).date(), language)
    except ValueError:
        return value


def _answer(asked: Asked, draft: Draft, language: str) -> dict[str, str]:
    return {"part": asked.code, "title": asked.prompt, "text": answered(asked, draft, language)}
