"""Wait, go back, start over, go on: what a citizen says about the report itself. Pure."""

from actions.report.draft import CHANGE, Draft
from actions.report.memory import last_kept
from actions.report.queue import title
from actions.report.step import Step
from actions.say import Reply
from actions.services import Services
from actions.turn import DialogueTurn

ABOUT_THE_REPORT = frozenset({"pause", "undo", "start_over", "continue_report"})


def hear_wish(turn: DialogueTurn, draft: Draft, step: str, services: Services) -> Step | None:
    """The step after one of these wishes; None: it is none."""
    if turn.intent == "pause":
        return Step(draft, ask=step, response="utter_report_paused")
    if turn.intent == "continue_report":
        named = (Reply("utter_report_goes_on", variables={"report": title(draft, services, turn.language)}),)
        return Step(draft, named if draft.begun else (), ask=CHANGE if step == CHANGE else None)
    if turn.intent == "start_over":
        return Step(Draft(), (Reply("utter_report_cleared"),))
    if turn.intent != "undo":
        return None
    kept = last_kept(turn.slots)
    if kept is None:
        return Step(draft, (Reply("utter_report_first_question"),), ask=CHANGE if step == CHANGE else None)
    before, asked = kept
    return Step(before, (Reply("utter_report_taken_back"),), ask=asked, back=True)
