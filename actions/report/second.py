"""A second problem, mentioned while a report is being written: it waits, with its own words and place. Pure."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from actions.report.answers.description import DESCRIPTION_LENGTH, TELLING_FIRST, add_words
from actions.report.answers.place import read_place
from actions.report.draft import Draft
from actions.report.step import Step
from actions.services import Services
from actions.turn import DialogueTurn
from actions.words import told_words


def further_reports(turn: DialogueTurn, services: Services) -> tuple[Draft, ...]:
    """The reports that begin in a message, each of its own words only."""
    return tuple(_report(turn, matter, services) for matter in turn.matters)


def another_report(turn: DialogueTurn, draft: Draft, services: Services) -> Step | None:
    """The step for a message that is no answer: it starts another report, or adds to this one."""
    others = [code for code in turn.entities.get("service", ()) if code in services and code != draft.service]
    if turn.intent == "report_problem" and others and turn.typed:
        matter = {"text": turn.text, "service": others[0], "entities": _pairs(turn)}
        return Step(draft, noted=(_report(turn, matter, services),))
    if turn.intent == "report_problem" and not turn.typed:
        named = turn.entity("service")
        return Step(draft, noted=(Draft(service=str(named)),) if named in services else ())
    return add_words(turn, draft, services)


def _report(turn: DialogueTurn, matter: Mapping[str, Any], services: Services) -> Draft:
    found: dict[str, list[Any]] = {}
    for entity in matter.get("entities") or ():
        found.setdefault(str(entity.get("entity")), []).append(entity.get("value"))
    named = [matter.get("service"), *found.get("service", ()), matter.get("likely_service")]
    service = next((str(code) for code in named if code in services), None)
    text = str(matter.get("text") or "")
    own = replace(
        turn,
        text=text,
        entities={name: tuple(values) for name, values in found.items()},
        matters=(),
    )
    unit = str(matter["unit"]) if matter.get("unit") else None
    draft = Draft(service=service, unit=unit)
    draft = read_place(own, draft) or draft
    if told_words(text) >= TELLING_FIRST or service is None:
        draft = replace(draft, description=text[:DESCRIPTION_LENGTH])
    return draft


def _pairs(turn: DialogueTurn) -> list[dict[str, Any]]:
    return [{"entity": name, "value": value} for name, values in turn.entities.items() for value in values]
