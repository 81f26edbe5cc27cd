"""Is this message an answer to the form's question, or about something else? Pure.

A free-text question must not swallow "how long does that take?" or "I want a person", and a
description must not be mistaken for a question because it speaks of street lights.
"""

from actions.report.draft import CONFIRM, CONTACT, DESCRIPTION, LOCATION, PHOTO, QUESTION, SERVICE
from actions.turn import Turn
from actions.words import is_place, is_question, told_words

# The form itself deals with these.
_OURS = frozenset({"affirm", "deny", "skip", "correct", "choose_option", "nlu_fallback", "repeat", "greet"})
_FREE_TEXT = frozenset({DESCRIPTION, QUESTION})
_SHORT = 4  # words: a thank-you or an insult is short, a description is not

_ASK = 0.35  # a question is believed at this confidence, for its shape says so already
_SURE = 0.6
_VERY_SURE = 0.75


def digresses(turn: Turn, step: str) -> bool:
    """Whether the message is to be answered by somebody else before the form asks again."""
    intent = turn.intent or "nlu_fallback"
    if intent in _OURS:
        return False
    if not turn.typed:
        return intent != "report_problem"
    if intent == "stop":
        return step not in _FREE_TEXT or told_words(turn.text) <= _SHORT
    if intent in ("talk_to_person", "distress"):
        return turn.confidence >= _needed(turn, step)
    if intent == "ask_status":
        return _status(turn, step)
    if intent == "report_problem":
        return False
    if turn.topic:
        return _topic(turn, step)
    if step in _FREE_TEXT:
        return told_words(turn.text) <= _SHORT or is_question(turn.text, turn.language)
    return not (step == LOCATION and turn.entity("address"))


def _topic(turn: Turn, step: str) -> bool:
    if is_question(turn.text, turn.language):
        return turn.confidence >= _ASK
    if step in _FREE_TEXT:
        return False
    if step == LOCATION:
        place = turn.entity("address") or is_place(turn.text, turn.language)
        return not place and turn.confidence >= _SURE
    if step == SERVICE:
        return turn.entity("service") is None and turn.confidence >= _SURE
    return step in (PHOTO, CONFIRM) or (
        step == CONTACT and not turn.entity("email") and not turn.entity("phone")
    )


def _status(turn: Turn, step: str) -> bool:
    if turn.entity("reference") or is_question(turn.text, turn.language):
        return True
    return turn.confidence >= (_VERY_SURE if step in _FREE_TEXT else _SURE)


def _needed(turn: Turn, step: str) -> float:
    # "It has been dark for two weeks" is a lamp; the longer the text, the likelier it describes.
    if step not in _FREE_TEXT:
        return _ASK
    return _VERY_SURE if told_words(turn.text) > 2 * _SHORT else 0.55
