"""Places that are not an address of the city: a shared position, a link, another town, "near my house". Pure.

A position is shown as an address, or as its coordinates, and asked about before it counts.
"""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from actions.places import Places
from actions.report.answers.contact import refuses
from actions.report.answers.place import (
    LONGEST,
    is_vague,
    names_landmark,
    names_own_place,
    read_free_place,
    read_place,
    read_shared,
    with_number,
)
from actions.report.correction import correct
from actions.report.digression import ALARMS, REPORTING, digresses
from actions.report.draft import CHANGE, CONFIRM, DESCRIPTION, LOCATION, SERVICE, Draft
from actions.report.pause import apply_command
from actions.report.step import Step
from actions.say import Reply
from actions.services import Services
from actions.turn import DialogueTurn
from actions.words import (
    after_yes,
    has_letters,
    is_no,
    is_place,
    is_yes,
    shows_place,
    told_words,
    without_empty,
)
from city.outside.bodies import BodyConfig

_PEOPLE = frozenset({"talk_to_person", "distress", "stop", "change_language", "greet"})
_BESIDE_ADDRESS = 1  # words of a text that is an address and no more
_ANSWERING = 6  # words of a text that can be a yes or a no to "is it here?"
OUTSIDE = Reply("utter_report_location_outside")
VAGUE = Reply("utter_report_location_vague")
LINK = Reply("utter_report_location_link")
RECEIVED = Reply("utter_report_location_received")


def opened(result: Step, turn: DialogueTurn, places: Places) -> Step:
    """The first step of a report, with what its first message says about such places."""
    if turn.matters:
        return result  # each has its own place
    if _has_position(turn):
        placed = _with_position(result, turn, places)
        if placed.draft.pin and placed.draft.service is None:
            # The problem comes first; the place is confirmed when its question comes.
            return replace(placed, says=(*placed.says, RECEIVED), ask=None)
        return placed
    if turn.entity("link") and not turn.entity("address"):
        return replace(result, says=(*result.says, LINK))
    placed = _elsewhere(result, turn, places)
    return placed if placed is not result else _told_first(result, turn)


def _told_first(result: Step, turn: DialogueTurn) -> Step:
    """The step with the place that a first message gives in words: free ones, or "near my house"."""
    if not turn.typed or result.draft.service is None or result.draft.location or result.draft.street:
        return result
    if names_own_place(turn.text) or (turn.placed and is_vague(turn.text)):
        return replace(result, says=(*result.says, VAGUE), ask=LOCATION)
    free = read_free_place(turn, result.draft) if turn.placed else None
    return replace(result, draft=free, says=(*result.says, RECEIVED)) if free else result


def apply_place(
    turn: DialogueTurn, draft: Draft, step: str, places: Places, services: Services
) -> Step | None:
    """The step for such a place; None if the message is about something else or gives an address."""
    if turn.intent == "share_location":
        return _with_position(Step(draft), turn, places)
    if turn.details_only or not turn.own or apply_command(turn, draft, step, services) is not None:
        return None
    if (
        step == LOCATION
        and turn.asks
        and turn.intent == "nlu_fallback"
        and not is_place(turn.text, turn.language)
    ):
        # "Can I show you on the map?": the question says how.
        return Step(draft, () if shows_place(turn.text) else (Reply("utter_unsure_in_report"),))
    if not turn.typed or turn.asks or turn.intent in ALARMS | _PEOPLE:
        return _confirmed(turn, draft) if step == LOCATION and draft.pin and not turn.typed else None
    if step == LOCATION:
        return _location(turn, draft, places, services)
    if step in (SERVICE, DESCRIPTION) and not (draft.location or draft.street or draft.pin):
        return _told_early(turn, draft)
    if step in (CONFIRM, CHANGE) and (_has_position(turn) or _corrects(turn, step, draft)):
        if _has_position(turn):
            return _with_position(Step(draft), turn, places)
        if town := places.elsewhere.find(turn.text):
            return Step(draft, outside(places, draft, turn, town))
    return None


def outside(
    places: Places, draft: Draft, turn: DialogueTurn, town: str | None, at: Mapping[str, Any] | None = None
) -> tuple[Reply, ...]:
    """What is said of a place that is not in the city, with whom to ask about it if that is known."""
    at = at or {}
    body = places.bodies.elsewhere(draft.service, town, at.get("latitude"), at.get("longitude"))
    return (OUTSIDE, whom_to_ask("utter_report_whom_to_ask", body, turn.language)) if body else (OUTSIDE,)


def at_other_body(
    result: Step, before: Draft, turn: DialogueTurn, places: Places, at: Mapping[str, Any]
) -> Step:
    """The step for a place inside the city that another body looks after: the citizen is told whom to ask, at once, and asked
    for another place. Unchanged where that body has a back end: then the report goes there."""
    draft = result.draft
    same = (draft.location, draft.service) == (before.location, before.service)
    if same or draft.service is None or not draft.location:
        return result
    body = places.bodies.of_place(draft.service, at.get("address"), at.get("latitude"), at.get("longitude"))
    if body is None or body.backend is not None:
        return result
    told = whom_to_ask("utter_report_other_body", body, turn.language)
    nowhere = replace(draft, location=None, street=None, pin=None)
    return replace(result, draft=nowhere, says=(*result.says, told), ask=LOCATION)


def whom_to_ask(response: str, body: BodyConfig, language: str) -> Reply:
    """The reply that names another body and says how to reach it."""
    return Reply(response, variables={"body": body.called(language), "contact": body.contact(language)})


def added(result: Step, turn: DialogueTurn, before: Draft, step: str, places: Places) -> Step:
    """The step with the position or the other town that a description mentions, if no place is known yet."""
    if step != DESCRIPTION or result.draft.description == before.description or before.location or before.pin:
        return result
    if _has_position(turn):
        return _with_position(result, turn, places)
    return _elsewhere(result, turn, places)


def _elsewhere(result: Step, turn: DialogueTurn, places: Places) -> Step:
    """The step without a place, and the question for one, where the text names a town that is not ours."""
    town = places.elsewhere.find(turn.text) if turn.typed and not turn.asks else None
    if town is None:
        return result
    draft = replace(result.draft, location=None, street=None)
    says = (*result.says, *outside(places, draft, turn, town))
    return replace(result, draft=draft, says=says, ask=LOCATION if draft.service else None)


def _location(turn: DialogueTurn, draft: Draft, places: Places, services: Services) -> Step | None:
    if _has_position(turn):
        return _with_position(Step(draft), turn, places)
    if town := places.elsewhere.find(turn.text):
        return Step(replace(draft, pin=None), outside(places, draft, turn, town))
    if draft.pin:
        return _confirmed(turn, draft) or _described(turn, draft)
    if turn.entity("address"):
        return _at_landmark(turn, draft)
    if turn.entity("link"):
        return Step(draft, (LINK,))
    if turn.intent in REPORTING and set(turn.entities.get("service", ())) - {draft.service}:
        return None  # "my trash was not picked up": another problem, whatever place it is at
    if turn.topic and turn.believed("strict") and digresses(turn, LOCATION):
        return None  # "delete my data" is no place
    own = turn.entity("service") is None and turn.intent not in REPORTING | ALARMS
    unfindable = (
        is_vague(turn.text, own=own)
        or places.elsewhere.is_only_ours(without_empty(turn.text))
        or not has_letters(turn.text)
    )
    if draft.street is None and services.needs_location(draft.service or "") and unfindable:
        return Step(draft, (VAGUE,))
    return None


def _told_early(turn: DialogueTurn, draft: Draft) -> Step | None:
    """Only a place, although something else was asked: it is kept, and the question is repeated."""
    address = read_place(turn, draft)
    if turn.entity("service"):
        return None  # "graffiti at 3 Elm Street" says what it is, too
    if address and told_words(turn.text) <= told_words(str(turn.entity("address"))) + _BESIDE_ADDRESS:
        return Step(address, (RECEIVED,))
    return Step(draft, (VAGUE,)) if is_vague(turn.text, own=False) else None


def _at_landmark(turn: DialogueTurn, draft: Draft) -> Step | None:
    """A street without a number, with a landmark: "next to the big oak on Orchard Street"."""
    address = read_place(turn, draft)
    if address is None or address.location != draft.location or turn.entity("service"):
        return None
    if not names_landmark(turn.text, str(turn.entity("address"))):
        return None
    text = " ".join(turn.text.split())[:LONGEST]
    return Step(replace(draft, location={"address": text}, street=None))


def _confirmed(turn: DialogueTurn, draft: Draft) -> Step | None:
    """The answer to "is it here?"."""
    short = not turn.typed or told_words(turn.text) <= _ANSWERING
    after = after_yes(turn.text) if turn.typed else None
    if after and draft.pin and is_place(after, turn.language):
        near = ", ".join(filter(None, (draft.pin.get("address"), after[:LONGEST])))
        return Step(replace(draft, location={**draft.pin, "address": near}, pin=None), (RECEIVED,))
    if (turn.intent == "affirm" and short) or is_yes(turn.text):
        return Step(replace(draft, location=draft.pin, pin=None), (RECEIVED,))
    address = read_place(turn, draft)
    if address:
        return Step(replace(address, pin=None))
    if short and turn.typed and (numbered := with_number(draft.pin or {}, turn.text)):
        return Step(replace(draft, location=numbered, pin=None))
    if (turn.intent in ("deny", "skip", "correct") and short) or is_no(turn.text):
        return Step(replace(draft, pin=None))
    return None


def _described(turn: DialogueTurn, draft: Draft) -> Step | None:
    """Words about the confirmed point: "by the blue door" is read by the crew beside the position."""
    if digresses(turn, LOCATION) or turn.entity("service") or turn.intent in REPORTING | ALARMS:
        return None
    if refuses(turn.text):
        return Step(replace(draft, pin=None))
    if is_vague(turn.text) or not is_place(turn.text, turn.language):
        return Step(draft)
    text = " ".join(turn.text.split())[:LONGEST]
    pin = draft.pin or {}
    near = f"{pin['address']}, {text}" if pin.get("address") else text
    return Step(replace(draft, location={**pin, "address": near}, pin=None), (RECEIVED,))


def _with_position(result: Step, turn: DialogueTurn, places: Places) -> Step:
    shared = read_shared(turn)
    if shared is None:
        if address := read_place(turn, replace(result.draft, location=None)):
            return replace(result, draft=replace(address, pin=None), says=(*result.says, RECEIVED))
        says = (*result.says, LINK) if turn.entity("link") else result.says
        return replace(result, says=says)
    if not places.contains(shared):
        says = (*result.says, *outside(places, result.draft, turn, None, shared))
        return replace(result, draft=replace(result.draft, pin=None), says=says)
    draft = replace(result.draft, pin=places.with_address(shared), location=None, street=None)
    return replace(result, draft=draft, ask=LOCATION)


def _has_position(turn: DialogueTurn) -> bool:
    return turn.intent == "share_location" or (turn.entity("latitude") is not None and turn.typed)


def _corrects(turn: DialogueTurn, step: str, draft: Draft) -> bool:
    return turn.intent == "correct" or correct(turn, draft, step) is not None
