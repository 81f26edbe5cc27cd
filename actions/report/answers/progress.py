"""A report's progress and its answers so far, for a channel that shows them next to the conversation. Pure."""

from collections.abc import Mapping, Sequence
from typing import Any

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
    step: str, result: Step, questions: Sequence[Asked], said: Mapping[str, str], *, photos: bool
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
        answers += [_answer(one, draft) for one in questions]
        answers += [
            {"part": part, "text": said[value]} for part, value in _LAST.items() if photos or part != "photo"
        ]
    return {
        "step": order.index(at) + 1 if at in order else 1,
        "steps": len(order),
        "paused": result.response == PAUSED,
        "answers": answers,
    }


def _answer(asked: Asked, draft: Draft) -> dict[str, str]:
    names = dict(asked.values)
    given = ", ".join(names.get(value, value) for value in draft.answers.get(asked.code, ()))
    return {"part": asked.code, "title": asked.prompt, "text": given}
