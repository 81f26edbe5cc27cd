"""Wait, go back, start over, continue: commands about the report itself. Pure."""

from collections.abc import Sequence

from actions.report.draft import CHANGE, Draft
from actions.report.memory import last_kept
from actions.report.queue import read_queue, title
from actions.report.step import Step
from actions.say import Reply
from actions.services import Services
from actions.turn import DialogueTurn
from actions.words import comes_first, drops, plain_words, told_words

_NAMING = 4  # letters of a word that can name a report
_SHORT = 6  # words; a longer message describes something


def apply_command(turn: DialogueTurn, draft: Draft, step: str, services: Services) -> Step | None:
    """The step for one of these commands; None if the message is none of them."""
    others = _about_waiting(turn, draft, services)
    if others is not None:
        return others
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


def _worded(turn: DialogueTurn, draft: Draft, waiting: Sequence[Draft]) -> list[Draft]:
    """The one that a word of its own names: "forget the raccoon". Not while a word is the open report's, too."""
    said = {word for word in plain_words(turn.text).split() if len(word) >= _NAMING}
    said -= set(plain_words(draft.description or "").split())
    found = [one for one in waiting if said & set(plain_words(one.description or "").split())]
    return found if len(found) == 1 else []


def _about_waiting(turn: DialogueTurn, draft: Draft, services: Services) -> Step | None:
    """ "Forget the street light", "the street light first", while that report waits."""
    named = set(turn.entities.get("service", ())) - {draft.service}
    waiting = read_queue(turn.slots)
    meant = [one for one in waiting if one.service in named] or _worded(turn, draft, waiting)
    if not meant or not turn.typed or told_words(turn.text) > _SHORT:
        return None
    rest = tuple(one for one in waiting if one not in meant)
    if drops(turn.text, turn.language):
        names = "; ".join(title(one, services, turn.language) for one in meant)
        return Step(
            draft, (Reply("utter_report_waiting_dropped", variables={"reports": names}),), waiting=rest
        )
    if comes_first(turn.text, turn.language):
        name = title(meant[0], services, turn.language)
        kept = (draft, *(one for one in waiting if one != meant[0]))
        return Step(
            meant[0], (Reply("utter_report_next", variables={"report": name}),), waiting=kept, back=True
        )
    return None
