"""Corrections: "no, the other street", "actually it is Oak Street 5", "change the address". Pure.

A new value is used at once; without one, the part that was named is asked for again.
"""

from dataclasses import replace

from actions.report.answers.contact import NONE, read_contact, refuses
from actions.report.answers.place import read_place
from actions.report.draft import (
    CHANGE,
    CONFIRM,
    CONTACT,
    DESCRIPTION,
    FURTHER,
    LOCATION,
    QUESTION,
    SERVICE,
    Draft,
)
from actions.report.step import Step
from actions.report.swap import swap_number
from actions.say import Reply
from actions.turn import DialogueTurn
from actions.words import fold, is_correction, new_words, part_named, removes, told_words

CHANGED = Reply("utter_report_corrected")
_SHORT = 5  # words; a longer message says more than what to leave out


def correct(turn: DialogueTurn, draft: Draft, step: str) -> Step | None:
    """The draft with the correction in it, or the question what to change; None if this is no correction."""
    said_so = turn.intent == "correct"
    part = turn.entity("part")
    if part:
        return Step(reopen(draft, str(part)))
    if not turn.typed:
        return Step(draft, ask=CHANGE) if said_so else None
    if step == SERVICE and draft.description is None and not said_so:
        return None  # "no recogieron mi basura" says what it is
    if (step == LOCATION and turn.entity("address")) or (step == CONTACT and read_contact(turn)):
        return None  # just what was asked for
    numbered = step == LOCATION and any(character.isdigit() for character in turn.text)
    if (step == QUESTION or numbered) and not is_correction(turn.text, turn.language):
        return None  # a bare number looks like a corrected one
    at_end = step in (CONFIRM, CHANGE)
    if not (said_so or at_end or is_correction(turn.text, turn.language)):
        return None
    changed = _new_value(turn, draft, step)
    if changed is not None:
        return Step(changed, (CHANGED,))
    part = part_named(turn.text)
    if part == "photo" and not draft.media and refuses(turn.text):
        return Step(replace(draft, photo="done"))  # "no photo" once more
    if turn.asks and not said_so:
        return None  # "is my number public?" asks about the number, and does not change it
    if part and (at_end or _told(draft, part)):
        return Step(reopen(draft, part))
    if step == LOCATION and said_so:
        return Step(replace(draft, street=None))
    if not said_so or (step in (DESCRIPTION, QUESTION, SERVICE) and told_words(turn.text) > 2):
        return None
    if turn.entity("address") and _new_place(turn, draft) == draft:
        return Step(draft)  # it has this value already
    return Step(draft, ask=CHANGE) if draft.begun else None


def rewrites(turn: DialogueTurn) -> bool:
    """Whether it rewords the description: then it is no question, whatever those words are about."""
    return (
        is_correction(turn.text, turn.language)
        and part_named(turn.text) == "description"
        and new_words(turn.text, turn.language) is not None
    )


def leave_out(turn: DialogueTurn, draft: Draft) -> Step | None:
    """The draft without its photo or its contact: "remove the photo"."""
    if not removes(turn.text, turn.language) or told_words(turn.text) > _SHORT:
        return None
    part = part_named(turn.text)
    if part == "photo" and draft.media:
        return Step(replace(draft, media=(), photo="done"), (CHANGED,))
    if part == "contact" and draft.contact is not None:
        return Step(replace(draft, contact=NONE, name=None), (CHANGED,))
    return None


def reopen(draft: Draft, part: str) -> Draft:
    """The draft without one of its parts, so that it is asked for again."""
    if part == "service":
        return replace(draft, service=None, answers={})
    if part == "description":
        return replace(draft, description=None)
    if part == "location":
        return replace(draft, location=None, street=None, pin=None, unit=None)
    if part == "photo":
        return replace(draft, media=(), photo=None)
    if part == "contact":
        return replace(draft, contact=None, name=None)
    if part == FURTHER:
        return replace(draft, answers={**draft.answers, FURTHER: []})
    if part in draft.answers:  # the code of one of the service's own questions
        return replace(draft, answers={code: given for code, given in draft.answers.items() if code != part})
    return draft


def _new_value(turn: DialogueTurn, draft: Draft, step: str) -> Draft | None:
    if rewrites(turn) and draft.description:
        return replace(draft, description=new_words(turn.text, turn.language))
    changed = draft
    if turn.entity("address") and (step != LOCATION or draft.location is not None):
        changed = _new_place(turn, draft) or changed
    contact = read_contact(turn) if step != CONTACT and draft.contact is not None else None
    if contact:
        changed = replace(changed, contact=contact)
    others = [code for code in turn.entities.get("service", ()) if code != draft.service]
    if others and draft.service and step != SERVICE and changed == draft:
        changed = replace(changed, service=str(others[0]), answers={})
    if changed == draft:
        changed = swap_number(turn.text, turn.language, draft) or changed
    return changed if changed != draft else None


def _new_place(turn: DialogueTurn, draft: Draft) -> Draft | None:
    """The place that is new: "Elm Street, not Oak Street" names the old one too."""
    old = fold(str((draft.location or {}).get("address") or draft.street or ""))
    named = [str(one) for one in turn.entities.get("address", ())]
    fresh = [one for one in named if fold(one) not in old] or named
    here = replace(turn, entities={**turn.entities, "address": tuple(fresh)})
    return read_place(here, replace(draft, location=None, street=None))


def _told(draft: Draft, part: str) -> bool:
    if part == "location":
        return bool(draft.location or draft.street)
    if part == "photo":
        return draft.photo is not None or bool(draft.media)
    return getattr(draft, part) is not None
