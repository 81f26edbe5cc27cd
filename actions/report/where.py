"""Places that are not an address of the city: a shared position, a link, another town, "near my house". Pure.

A position is shown as an address, or as its coordinates, and asked about before it counts.
"""

from dataclasses import replace

from actions.places import Places
from actions.report.contact import refuses
from actions.report.correction import correct
from actions.report.digression import ALARMS, digresses
from actions.report.draft import CHANGE, CONFIRM, DESCRIPTION, LOCATION, Draft
from actions.report.place import is_vague, read_place, read_shared
from actions.report.step import Step
from actions.say import Reply
from actions.services import Services
from actions.turn import DialogueTurn
from actions.words import is_no, is_yes, told_words

_PEOPLE = frozenset({"talk_to_person", "distress", "stop", "change_language"})
_ANSWERING = 6  # words of a text that can be a yes or a no to "is it here?"
OUTSIDE = Reply("utter_report_location_outside")
VAGUE = Reply("utter_report_location_vague")
LINK = Reply("utter_report_location_link")
RECEIVED = Reply("utter_report_location_received")


def opened(heard: Step, turn: DialogueTurn, places: Places) -> Step:
    """The opening of a report with what its first message says of such places."""
    if _has_position(turn):
        return _with_position(heard, turn, places)
    if turn.entity("link") and not turn.entity("address"):
        return replace(heard, says=(*heard.says, LINK))
    if turn.typed and not turn.asks and places.elsewhere.find(turn.text):
        draft = replace(heard.draft, location=None, street=None)
        return replace(heard, draft=draft, says=(*heard.says, OUTSIDE))
    return heard


def hear_place(turn: DialogueTurn, draft: Draft, step: str, places: Places, services: Services) -> Step | None:
    """What such a place does to the draft; None if the message is about something else or gives an address."""
    if turn.intent == "share_location":
        return _with_position(Step(draft), turn, places)
    if not turn.typed or turn.asks or turn.intent in ALARMS | _PEOPLE:
        return _confirmed(turn, draft) if step == LOCATION and draft.pin and not turn.typed else None
    if step == LOCATION:
        return _location(turn, draft, places, services)
    if step in (CONFIRM, CHANGE) and (_has_position(turn) or _corrects(turn, step, draft)):
        if _has_position(turn):
            return _with_position(Step(draft), turn, places)
        if places.elsewhere.find(turn.text):
            return Step(draft, (OUTSIDE,))
    return None


def added(heard: Step, turn: DialogueTurn, before: Draft, step: str, places: Places) -> Step:
    """The step with the position or the other town that a description speaks of, if no place is known yet."""
    if step != DESCRIPTION or heard.draft.description == before.description or before.location or before.pin:
        return heard
    if _has_position(turn):
        return _with_position(heard, turn, places)
    if places.elsewhere.find(turn.text):
        return replace(heard, draft=replace(heard.draft, location=None, street=None), says=(*heard.says, OUTSIDE))
    return heard


def _location(turn: DialogueTurn, draft: Draft, places: Places, services: Services) -> Step | None:
    if _has_position(turn):
        return _with_position(Step(draft), turn, places)
    if places.elsewhere.find(turn.text):
        return Step(replace(draft, pin=None), (OUTSIDE,))
    if draft.pin:
        return _confirmed(turn, draft) or _described(turn, draft)
    if turn.entity("address"):
        return None
    if turn.entity("link"):
        return Step(draft, (LINK,))
    if draft.street is None and services.needs_location(draft.service or "") and is_vague(turn.text):
        return Step(draft, (VAGUE,))
    return None


def _confirmed(turn: DialogueTurn, draft: Draft) -> Step | None:
    """The answer to "is it here?"."""
    short = not turn.typed or told_words(turn.text) <= _ANSWERING
    if turn.intent == "affirm" and short or is_yes(turn.text):
        return Step(replace(draft, location=draft.pin, pin=None), (RECEIVED,))
    address = read_place(turn, draft)
    if address:
        return Step(replace(address, pin=None))
    if turn.intent in ("deny", "skip", "correct") and short or is_no(turn.text):
        return Step(replace(draft, pin=None))
    return None


def _described(turn: DialogueTurn, draft: Draft) -> Step | None:
    """Words about the confirmed point: "by the blue door" is read by the crew beside the position."""
    if digresses(turn, LOCATION) or turn.intent in ("nlu_fallback",) and told_words(turn.text) == 0:
        return None
    if refuses(turn.text):
        return Step(replace(draft, pin=None))
    if is_vague(turn.text):
        return Step(draft)
    text = " ".join(turn.text.split())[:200]
    pin = draft.pin or {}
    near = f"{pin['address']}, {text}" if pin.get("address") else text
    return Step(replace(draft, location={**pin, "address": near}, pin=None), (RECEIVED,))


def _with_position(heard: Step, turn: DialogueTurn, places: Places) -> Step:
    shared = read_shared(turn)
    if shared is None:
        says = (*heard.says, LINK) if turn.entity("link") else heard.says
        return replace(heard, says=says)
    if not places.contains(shared):
        return replace(heard, draft=replace(heard.draft, pin=None), says=(*heard.says, OUTSIDE))
    draft = replace(heard.draft, pin=places.with_address(shared), location=None, street=None)
    return replace(heard, draft=draft, ask=LOCATION)


def _has_position(turn: DialogueTurn) -> bool:
    return turn.intent == "share_location" or (turn.entity("latitude") is not None and turn.typed)


def _corrects(turn: DialogueTurn, step: str, draft: Draft) -> bool:
    return turn.intent == "correct" or correct(turn, draft, step) is not None
