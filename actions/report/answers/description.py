"""The words of a report: what counts as a description, and how more is added to one. Pure."""

from dataclasses import replace

from actions.report.answers.early import told_answers
from actions.report.answers.place import read_place
from actions.report.digression import ALARMS, REPORTING
from actions.report.draft import Draft
from actions.report.step import Step
from actions.say import Reply
from actions.services import Services
from actions.turn import DialogueTurn
from actions.words import describes, has_letters, has_words, is_no, is_yes, told_words

DESCRIPTION_LENGTH = 4000  # GeoReport's limit
# Content words: fewer than this make no description ("report a street light").
TELLING = 2
TELLING_FIRST = 3
SHORT = 6  # words of an answer to a question that was not asked


def apply_description(turn: DialogueTurn, draft: Draft, services: Services) -> Step | None:
    """The draft after the answer to "what do you see?"."""
    if turn.intent == "skip" or is_no(turn.text):
        return Step(replace(draft, description=services.name(draft.service or "", turn.language)))
    if not turn.typed or is_yes(turn.text):
        return Step(draft)
    if not has_words(turn.text):
        return None
    if not has_letters(turn.text):
        return Step(draft)  # a bare number describes nothing
    draft = replace(draft, description=turn.text[:DESCRIPTION_LENGTH])
    if draft.location is None:
        draft = read_place(turn, draft) or draft
    return Step(draft)


def add_words(turn: DialogueTurn, draft: Draft, services: Services) -> Step | None:
    """The draft with more about its problem: "it is very deep and dangerous" is no second report and no emergency."""
    same = set(turn.entities.get("service", ())) <= {draft.service}
    if not (same and turn.typed) or turn.asks:
        return None
    more = turn.intent in REPORTING | ALARMS and told_words(turn.text) >= TELLING
    more = more or turn.intent in ("still_there", "add_to_report")
    if not (more or describes(turn.text, turn.language) or _answers(turn, draft, services)):
        return None
    whole = f"{draft.description}\n{turn.text}" if draft.description else turn.text
    return Step(replace(draft, description=whole[:DESCRIPTION_LENGTH]), (Reply("utter_report_added"),))


def _answers(turn: DialogueTurn, draft: Draft, services: Services) -> bool:
    """Whether a short text says one of the things that the city would like to know of this problem: "small", "since Monday"."""
    known = services.tellable(draft.service, turn.language) if draft.service else ()
    return len(turn.text.split()) <= SHORT and bool(told_answers(turn.text, known))
