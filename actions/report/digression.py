"""Is this message an answer to the form's question, or about something else? Pure.

A free-text question must not swallow "how long does that take?" or "I want a person", and a
description must not be mistaken for a question because it speaks of street lights.
"""

from actions.report.draft import CONFIRM, CONTACT, DESCRIPTION, LOCATION, PHOTO, QUESTION, SERVICE
from actions.turn import DialogueTurn
from actions.words import describes, is_correction, is_place, told_words

# The form itself handles these.
_OURS = frozenset(
    {"affirm", "deny", "skip", "correct", "choose_option", "nlu_fallback", "repeat", "greet", "give_details"}
)
_FREE_TEXT = frozenset({DESCRIPTION, QUESTION})
_SHORT = 4  # words: a thank-you or an insult is short, a description is not

REPORTING = frozenset({"report_problem", "report_detail"})
# Intents that a description resembles if it describes something dangerous.
ALARMS = frozenset({"emergencies", "storms"})


def digresses(turn: DialogueTurn, step: str) -> bool:
    """Whether the message must be answered outside the form before the form asks again."""
    intent = turn.intent or "nlu_fallback"
    if intent in _OURS:
        return False
    if not turn.typed:
        return intent != "report_problem"
    if turn.urgency or intent == "follow_up":
        return True
    if takes_back(turn):
        return False
    if intent == "change_language" and turn.entity("language"):
        return True
    if intent == "ask_day" and not turn.asks and describes(turn.text, turn.language):
        return False  # "it's been out since Friday"
    if intent in ("still_there", "add_to_report"):
        return False  # while a report is being written, that describes it
    if intent in ("stop", "withdraw_report"):
        return step not in _FREE_TEXT or told_words(turn.text) <= _SHORT
    if intent in ("talk_to_person", "distress"):
        return turn.believed(_needed(turn, step))
    if intent == "ask_status":
        return _status(turn, step)
    if intent in REPORTING:
        return False
    if turn.topic:
        return _topic(turn, step)
    if step in _FREE_TEXT:
        return told_words(turn.text) <= _SHORT or turn.asks
    return not (step == LOCATION and turn.entity("address"))


def takes_back(turn: DialogueTurn) -> bool:
    """ "Sorry, I meant a street light": it corrects the report, though the words are about street lights."""
    return not turn.asks and turn.entity("service") is not None and is_correction(turn.text, turn.language)


def _topic(turn: DialogueTurn, step: str) -> bool:
    if turn.asks:
        # Its form alone shows that it does not answer the question.
        return turn.believed("lenient")
    if step in _FREE_TEXT:
        return False
    if turn.intent in ALARMS and not turn.believed("strict"):
        return False
    if step == LOCATION:
        place = turn.entity("address") or is_place(turn.text, turn.language)
        return not place and turn.believed("sure")
    if step == SERVICE:
        return turn.entity("service") is None and turn.believed("sure")
    if describes(turn.text, turn.language) and not turn.believed("strict"):
        return False  # "it smells terrible" is about this problem
    return step in (PHOTO, CONFIRM) or (
        step == CONTACT and not turn.entity("email") and not turn.entity("phone")
    )


def _status(turn: DialogueTurn, step: str) -> bool:
    if turn.entity("reference") or turn.asks:
        return True
    return turn.believed("strict" if step in _FREE_TEXT else "sure")


def _needed(turn: DialogueTurn, step: str) -> str:
    # "It has been dark for two weeks" is about a lamp; the longer the text, the more likely it is a description.
    if step not in _FREE_TEXT:
        return "lenient"
    return "strict" if told_words(turn.text) > 2 * _SHORT else "sure"
