"""Applies a message to the report that is being written: one function for each question. Pure."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace

from actions.nearby.same import apply_same
from actions.report.answers.choices import first_of, is_unknown, read_choice, read_day, read_number
from actions.report.answers.confirm import apply_change, apply_confirm
from actions.report.answers.contact import apply_contact, refuses, wishes_call
from actions.report.answers.description import DESCRIPTION_LENGTH, TELLING, TELLING_FIRST, apply_description
from actions.report.answers.photo import apply_photo, with_caption, with_media
from actions.report.answers.place import numbered_street, read_free_place, read_place
from actions.report.answers.send_now import send_now
from actions.report.answers.whose import apply_same_photo, apply_whose, taken_back
from actions.report.correction import CHANGED, correct, leave_out, rewrites
from actions.report.digression import ALARMS, REPORTING, digresses
from actions.report.draft import (
    CHANGE,
    CONFIRM,
    CONTACT,
    DESCRIPTION,
    LOCATION,
    PHOTO,
    QUESTION,
    SAME,
    SERVICE,
    WHOSE,
    Draft,
    next_question,
)
from actions.report.opening import warning
from actions.report.pause import apply_command
from actions.report.second import another_report
from actions.report.step import Step
from actions.report.told import TOLD
from actions.say import Reply
from actions.services import Asked, Services
from actions.turn import DialogueTurn
from actions.words import fold, has_words, is_no, is_place, is_yes, since, told_words

RECEIVED = Reply("utter_report_location_received")
OPTIONAL = frozenset({DESCRIPTION, PHOTO, CONTACT})  # "I do not know" skips these
_BESIDE_PLACE = frozenset({DESCRIPTION, PHOTO, CONTACT, SAME})
CHOOSING = 8  # words; a longer text is more than a choice
PEOPLE = frozenset({"talk_to_person", "distress"})


def apply_answer(
    turn: DialogueTurn, draft: Draft, step: str, services: Services, questions: Sequence[Asked]
) -> Step | None:
    """The draft after the answer to `step`; None: the message is about something else."""
    if turn.details_only:  # they are in the draft already
        return Step(draft, () if step == CONTACT else (Reply("utter_report_details_noted"),))
    if not turn.own:
        return Step(draft)
    if step == SAME and turn.intent != "share_photo" and (same := apply_same(turn, draft)) is not None:
        return same
    if step == WHOSE and turn.intent != "share_photo" and (whose := apply_whose(turn, draft, services)):
        return whose
    if (moved := taken_back(turn, draft, services) or apply_same_photo(turn, draft, step)) is not None:
        return moved
    wish = apply_command(turn, draft, step, services)
    if wish is not None:
        return wish
    hurried = send_now(turn, draft, step)
    if hurried is not None:
        turn, draft, sent = hurried
        if sent is not None:
            return sent
    if step == CONTACT and wishes_call(turn.text):
        return Step(replace(draft, contact={"wish": "phone", "value": None}))
    if turn.intent == "share_photo":
        return Step(
            with_caption(turn, with_media(turn, draft), services), (Reply("utter_report_photo_received"),)
        )
    if _answers_question(turn, step, draft, questions):
        return _question(turn, draft, questions)
    if step in OPTIONAL and turn.typed and turn.intent not in ALARMS | PEOPLE and is_unknown(turn.text):
        turn = replace(turn, intent="skip")
    if turn.intent == "nlu_fallback" and turn.slots.get(TOLD) and step in (PHOTO, CONTACT, CONFIRM):
        return Step(draft, (Reply("utter_report_details_noted"),))  # what else it says is no answer
    if turn.intent in ("repeat", "greet") and not _free(turn, step):
        return Step(draft, ask=step if step == CHANGE else None)
    left = leave_out(turn, draft)
    if left is not None:
        return left
    if (placed := _only_place(turn, draft, step)) is not None:
        return placed
    if not rewrites(turn) and digresses(turn, step):
        return None
    corrected = correct(turn, draft, step)
    if corrected is not None:
        return corrected
    if step == SERVICE:
        return _service(turn, draft, services)
    if step == QUESTION:
        return _question(turn, draft, questions)
    if step == LOCATION:
        return _location(turn, draft, services)
    if step in (SAME, WHOSE):
        return another_report(turn, draft, services) if turn.typed else Step(draft)
    return _AFTER[step](turn, draft, services) if step in _AFTER else None


def _service(turn: DialogueTurn, draft: Draft, services: Services) -> Step | None:
    told = turn.intent in REPORTING or (turn.topic and turn.believed("sure"))
    likely = (*turn.entities.get("service", ()), turn.likely_service if told else None)
    found = next((str(code) for code in likely if code in services), None)
    if found and _elsewhere(turn, draft):
        return Step(
            draft, response="utter_report_service_unknown", noted=_noted(turn, draft, found, services)
        )
    found = found or first_of(services.choices(turn.language), turn.text)
    close = services.matching(turn.text) if found is None and turn.typed else ()
    found = close[0] if len(close) == 1 else found
    told = turn.typed and told_words(turn.text) >= TELLING
    if (
        draft.description is None
        and not turn.titled
        and told_words(turn.text) >= TELLING_FIRST
        and turn.intent not in ("affirm", "deny", "skip")
    ):
        draft = replace(draft, description=turn.text[:DESCRIPTION_LENGTH])
    if draft.location is None:
        draft = read_place(turn, draft) or draft
    if found:
        return Step(replace(draft, service=found, answers={}), warning(found, services))
    if close:
        return Step(draft, response="utter_report_service_which", offers=close)
    if told or turn.intent == "nlu_fallback":
        return Step(draft, response="utter_report_service_unknown") if has_words(turn.text) else None
    # It is known what is wrong, and still no service: not the same question again and again, but a person, too.
    return Step(draft, response="utter_report_service_unknown" if draft.description and turn.typed else None)


def _elsewhere(turn: DialogueTurn, draft: Draft) -> bool:
    """Whether a message names another place than a report whose words are known: it is about something else."""
    address, known = turn.entity("address"), (draft.location or {}).get("address") or draft.street
    return bool(draft.description and address and known and fold(str(address)) not in fold(str(known)))


def _noted(turn: DialogueTurn, draft: Draft, service: str, services: Services) -> tuple[Draft, ...]:
    step = another_report(
        replace(turn, intent="report_problem", entities={**turn.entities, "service": (service,)}),
        draft,
        services,
    )
    return step.noted if step else ()


def _only_place(turn: DialogueTurn, draft: Draft, step: str) -> Step | None:
    """A place and nothing else, while something else is asked: "number 20", "on Elm Street"."""
    if not turn.typed or turn.asks or step not in _BESIDE_PLACE:
        return None
    if draft.street and draft.location is None and (numbered := numbered_street(turn.text, draft.street)):
        return Step(replace(draft, location={"address": numbered}, street=None), (RECEIVED,))
    address = str(turn.entity("address") or "")
    if (
        not address
        or turn.entity("service")
        or step == DESCRIPTION
        or told_words(turn.text) > told_words(address) + 1
    ):
        return None
    known = str((draft.location or {}).get("address") or draft.street or "")
    if fold(address) in fold(known):
        return Step(draft)
    placed = read_place(turn, replace(draft, location=None, street=None, pin=None))
    return Step(placed, (CHANGED,)) if placed else None


def _location(turn: DialogueTurn, draft: Draft, services: Services) -> Step | None:
    found = read_place(turn, draft)
    if found and (found.location or found.street != draft.street):
        return Step(found)  # before any "no": "no, the other street: Mill Lane 12" names the place
    if turn.intent == "skip" or refuses(turn.text) or is_unknown(turn.text):
        if draft.street:
            return Step(replace(draft, location={"address": draft.street}, street=None))
        if not services.needs_location(draft.service or ""):
            return Step(replace(draft, location={"unknown": True}))
        return Step(draft, (Reply("utter_report_location_needed"),))
    if turn.typed and is_no(turn.text):
        return Step(draft, (Reply("utter_report_location_needed"),))
    if not turn.typed or is_yes(turn.text) or _agrees(turn):
        return Step(draft)
    if since(turn.text, turn.language) and (more := another_report(turn, draft, services)):
        return more  # "since Monday" is no place
    if _second_problem(turn):
        return another_report(turn, draft, services) or Step(draft, (Reply("utter_report_location_needed"),))
    free = read_free_place(turn, draft)
    return Step(free) if free else None


def _agrees(turn: DialogueTurn) -> bool:
    """ "OK then send": a yes in other words is no place."""
    return turn.intent == "affirm" and turn.believed("sure") and not is_place(turn.text, turn.language)


def _second_problem(turn: DialogueTurn) -> bool:
    # "My bin was not emptied" is no place, although the question is an open one.
    told = turn.ranking[0][0] if turn.ranking else turn.intent
    return (
        told in REPORTING | ALARMS
        and told_words(turn.text) >= TELLING
        and not is_place(turn.text, turn.language)
    )


def _question(turn: DialogueTurn, draft: Draft, questions: Sequence[Asked]) -> Step | None:
    asked = next_question(draft, questions)
    if asked is None:
        return Step(draft)
    skips = turn.intent == "skip" and told_words(turn.text) <= TELLING
    if asked.values:
        option = turn.entity("option")
        chosen = read_choice(turn.text, asked, str(option) if option is not None else None)
        if chosen.keys:
            return Step(replace(draft, answers={**draft.answers, asked.code: list(chosen.keys)}))
        if chosen.unknown or skips:
            return _not_known(draft, asked)
        return Step(draft, (Reply("utter_report_question_choose"),))
    if skips or is_unknown(turn.text):
        return _not_known(draft, asked)
    if not turn.typed or not has_words(turn.text):
        return Step(draft)
    value = read_number(turn.text) if asked.datatype == "number" else turn.text
    if asked.datatype == "datetime":
        value = read_day(turn.entity("date"), turn.text)
    if value is None:
        kind = "date" if asked.datatype == "datetime" else "number"
        return Step(draft, (Reply(f"utter_report_question_{kind}"),))
    return Step(replace(draft, answers={**draft.answers, asked.code: [value[:500]]}))


def _not_known(draft: Draft, asked: Asked) -> Step:
    """An optional answer stays empty, and the dialogue continues; for a required one, its purpose is explained."""
    if not asked.required:
        says = (Reply("utter_report_question_unknown"),)
        return Step(replace(draft, answers={**draft.answers, asked.code: []}), says)
    if asked.why:
        return Step(draft, (Reply("utter_report_question_why", variables={"why": asked.why}),))
    return Step(draft, (Reply("utter_report_question_needed"),))


def _answers_question(turn: DialogueTurn, step: str, draft: Draft, questions: Sequence[Asked]) -> bool:
    """Whether a short text names one of the choices that were shown, or says that the citizen does not know.

    That comes before anything else that it may mean elsewhere.
    """
    asked = next_question(draft, questions) if step == QUESTION else None
    if asked is None or not turn.typed or turn.asks or turn.intent in ALARMS | PEOPLE:
        return False
    if not asked.values:
        return is_unknown(turn.text)
    chosen = read_choice(turn.text, asked)
    return bool(chosen.keys or chosen.unknown) and told_words(turn.text) <= CHOOSING


_AFTER: Mapping[str, Callable[[DialogueTurn, Draft, Services], Step | None]] = {
    DESCRIPTION: apply_description,
    PHOTO: apply_photo,
    CONTACT: apply_contact,
    CONFIRM: apply_confirm,
    CHANGE: apply_change,
}


def _free(turn: DialogueTurn, step: str) -> bool:
    # "Hello, the lamp has been dark for a week" greets and describes.
    return step in (DESCRIPTION, LOCATION, QUESTION) and told_words(turn.text) > TELLING
