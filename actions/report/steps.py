"""What a message does to a report: the opening, then one function for each question. Pure."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace

from actions.report.choices import first_of, is_unknown, read_choice, read_number
from actions.report.contact import NONE, known_contact, read_contact, refuses, tries_contact, wish_named
from actions.report.correction import correct
from actions.report.digression import ALARMS, REPORTING, digresses
from actions.report.draft import (
    CHANGE,
    CONFIRM,
    CONTACT,
    DESCRIPTION,
    LOCATION,
    PHOTO,
    QUESTION,
    SERVICE,
    Draft,
    next_question,
)
from actions.report.place import read_free_place, read_place
from actions.report.step import Step
from actions.say import Reply
from actions.services import Asked, Services
from actions.turn import DialogueTurn
from actions.words import has_words, is_no, is_place, is_yes, told_words

DESCRIPTION_LENGTH = 4000  # GeoReport's limit
MOST_PHOTOS = 5
# Words that say something: fewer are no description ("report a street light").
TELLING = 2
TELLING_FIRST = 3
CHOOSING = 8  # words; a longer text does not only choose
PEOPLE = frozenset({"talk_to_person", "distress"})


def open_report(turn: DialogueTurn, services: Services) -> Step:
    """The draft that the first message makes: often all of what and where is in it."""
    draft = _with_media(turn, Draft())
    says: tuple[Reply, ...] = ()
    if turn.intent == "share_photo" and draft.media:
        says = (Reply("utter_report_photo_received"),)
    service = next((str(code) for code in turn.entities.get("service", ()) if code in services), None)
    draft = read_place(turn, replace(draft, service=service)) or replace(draft, service=service)
    if turn.typed and (service or draft.location or draft.street) and told_words(turn.text) >= TELLING_FIRST:
        draft = replace(draft, description=turn.text[:DESCRIPTION_LENGTH])
    if service:
        says = (
            *says,
            Reply("utter_report_begun", variables={"service": services.name(service, turn.language)}),
            *_warning(service, services),
        )
    return Step(draft, says)


def _warning(service: str, services: Services) -> tuple[Reply, ...]:
    return (Reply("utter_report_urgent"),) if services.urgent(service) else ()


def hear(
    turn: DialogueTurn, draft: Draft, step: str, services: Services, questions: Sequence[Asked]
) -> Step | None:
    """The draft after the answer to `step`; None: the message is about something else."""
    if turn.intent == "share_photo":
        return Step(_caption(turn, _with_media(turn, draft)), (Reply("utter_report_photo_received"),))
    if _answers_question(turn, step, draft, questions):
        return _question(turn, draft, questions)
    if turn.intent in ("repeat", "greet") and not _free(turn, step):
        return Step(draft, ask=step if step == CHANGE else None)
    if digresses(turn, step):
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
    if step == DESCRIPTION:
        return _description(turn, draft, services)
    return _AFTER[step](turn, draft, services) if step in _AFTER else None


def _service(turn: DialogueTurn, draft: Draft, services: Services) -> Step | None:
    found = next((str(code) for code in turn.entities.get("service", ()) if code in services), None)
    found = found or first_of(services.choices(turn.language), turn.text)
    told = turn.typed and told_words(turn.text) >= TELLING
    if (
        draft.description is None
        and told_words(turn.text) >= TELLING_FIRST
        and turn.intent not in ("affirm", "deny", "skip")
    ):
        draft = replace(draft, description=turn.text[:DESCRIPTION_LENGTH])
    if draft.location is None:
        draft = read_place(turn, draft) or draft
    if found:
        return Step(replace(draft, service=found, answers={}), _warning(found, services))
    if told or turn.intent == "nlu_fallback":
        return Step(draft, response="utter_report_service_unknown") if has_words(turn.text) else None
    return Step(draft)


def _description(turn: DialogueTurn, draft: Draft, services: Services) -> Step | None:
    if turn.intent == "skip":
        return Step(replace(draft, description=services.name(draft.service or "", turn.language)))
    if not turn.typed or is_yes(turn.text) or is_no(turn.text):
        return Step(draft)
    if not has_words(turn.text):
        return None
    draft = replace(draft, description=turn.text[:DESCRIPTION_LENGTH])
    if draft.location is None:
        draft = read_place(turn, draft) or draft
    return Step(draft)


def _location(turn: DialogueTurn, draft: Draft, services: Services) -> Step | None:
    found = read_place(turn, draft)
    if found and (found.location or found.street != draft.street):
        return Step(found)  # before any refusal: "no, the other street: Mill Lane 12" names the place
    if turn.intent == "skip" or refuses(turn.text) or is_unknown(turn.text):
        if draft.street:
            return Step(replace(draft, location={"address": draft.street}, street=None))
        if not services.needs_location(draft.service or ""):
            return Step(replace(draft, location={"unknown": True}))
        return Step(draft, (Reply("utter_report_location_needed"),))
    if not turn.typed or is_yes(turn.text) or is_no(turn.text):
        return Step(draft)
    if _second_problem(turn):
        return _more_of_it(turn, draft) or Step(draft, (Reply("utter_report_location_needed"),))
    free = read_free_place(turn, draft)
    return Step(free) if free else None


def _second_problem(turn: DialogueTurn) -> bool:
    # "My bin was not emptied" is no place, however free the question is.
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
    if value is None:
        return Step(draft, (Reply("utter_report_question_number"),))
    return Step(replace(draft, answers={**draft.answers, asked.code: [value[:500]]}))


def _not_known(draft: Draft, asked: Asked) -> Step:
    """An optional answer stays empty, and the dialogue goes on; what a required one is for is explained."""
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


def _photo(turn: DialogueTurn, draft: Draft, services: Services) -> Step | None:
    if turn.intent in ("skip", "deny") or is_no(turn.text) or refuses(turn.text):
        return Step(replace(draft, photo="done"))
    if turn.intent == "affirm" or is_yes(turn.text):
        return Step(draft, response="utter_report_photo_send")
    return _second_report(turn, draft, services)


def _contact(turn: DialogueTurn, draft: Draft, services: Services) -> Step | None:
    given = read_contact(turn)
    if given:
        return Step(replace(draft, contact=given))
    if turn.intent in ("skip", "deny") or is_no(turn.text) or refuses(turn.text):
        return Step(replace(draft, contact=NONE))
    wish = wish_named(turn.text)
    if tries_contact(turn.text):
        return Step(draft, response="utter_report_contact_invalid")
    if wish:
        return Step(replace(draft, contact={"wish": wish, "value": None}))
    if turn.intent == "affirm" or is_yes(turn.text):
        known = known_contact(turn)
        return Step(replace(draft, contact=known) if known else draft)
    return _second_report(turn, draft, services)


def _confirm(turn: DialogueTurn, draft: Draft, services: Services) -> Step | None:
    if turn.intent == "affirm" or is_yes(turn.text):
        return Step(replace(draft, confirm="yes"))
    if turn.intent == "deny" or is_no(turn.text):
        return Step(draft, ask=CHANGE)
    if turn.intent == "skip":
        return Step(draft)
    return _second_report(turn, draft, services)


def _change(turn: DialogueTurn, draft: Draft, services: Services) -> Step | None:
    if turn.intent in ("affirm", "deny", "skip") or is_no(turn.text) or is_yes(turn.text):
        return Step(draft)
    return _second_report(turn, draft, services)


def _second_report(turn: DialogueTurn, draft: Draft, services: Services) -> Step | None:
    others = [code for code in turn.entities.get("service", ()) if code in services and code != draft.service]
    if turn.intent == "report_problem" and (others or not turn.typed):
        return Step(draft, (Reply("utter_report_finish_first"),))
    return _more_of_it(turn, draft)


def _more_of_it(turn: DialogueTurn, draft: Draft) -> Step | None:
    # "It is very deep and dangerous" is no second report and no emergency: it belongs to this one.
    more = turn.intent in REPORTING | ALARMS
    same = set(turn.entities.get("service", ())) <= {draft.service}
    if not (more and same and turn.typed) or turn.asks or told_words(turn.text) < TELLING:
        return None
    whole = f"{draft.description}\n{turn.text}" if draft.description else turn.text
    return Step(replace(draft, description=whole[:DESCRIPTION_LENGTH]), (Reply("utter_report_added"),))


_AFTER: Mapping[str, Callable[[DialogueTurn, Draft, Services], Step | None]] = {
    PHOTO: _photo,
    CONTACT: _contact,
    CONFIRM: _confirm,
    CHANGE: _change,
}


def _free(turn: DialogueTurn, step: str) -> bool:
    # "Hello, the lamp has been dark for a week" greets and describes.
    return step in (DESCRIPTION, LOCATION, QUESTION) and told_words(turn.text) > TELLING


def _with_media(turn: DialogueTurn, draft: Draft) -> Draft:
    given = turn.entity("media")
    media = [str(one) for one in given] if isinstance(given, list | tuple) else [str(given)] if given else []
    if not media:
        return draft
    return replace(draft, media=tuple(dict.fromkeys((*draft.media, *media)))[:MOST_PHOTOS], photo="done")


def _caption(turn: DialogueTurn, draft: Draft) -> Draft:
    caption = turn.entity("caption") or turn.text
    if caption and draft.description is None and told_words(str(caption)) >= TELLING:
        return replace(draft, description=str(caption)[:DESCRIPTION_LENGTH])
    return draft
