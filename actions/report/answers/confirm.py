"""The answer to the summary, and to "what should I change?". Pure."""

from dataclasses import replace

from actions.report.draft import CHANGE, Draft
from actions.report.second import another_report
from actions.report.step import Step
from actions.services import Services
from actions.turn import DialogueTurn
from actions.words import is_no, is_yes


def apply_confirm(turn: DialogueTurn, draft: Draft, services: Services) -> Step | None:
    """The draft after the answer to "shall I send it?"."""
    if turn.intent == "affirm" or is_yes(turn.text):
        return Step(replace(draft, confirm="yes"))
    if turn.intent == "deny" or is_no(turn.text):
        return Step(draft, ask=CHANGE)
    if turn.intent == "skip":
        return Step(draft)
    return another_report(turn, draft, services)


def apply_change(turn: DialogueTurn, draft: Draft, services: Services) -> Step | None:
    """The draft after the answer to "what should I change?"; what is named is dealt with as a correction."""
    if turn.intent in ("affirm", "deny", "skip") or is_no(turn.text) or is_yes(turn.text):
        return Step(draft)
    return another_report(turn, draft, services)
