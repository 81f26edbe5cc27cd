"""The form's questions as replies. Pure."""

from collections.abc import Sequence

from actions.nearby.same import ask_same
from actions.phrases import Phrases
from actions.report.answers.contact import known_contact
from actions.report.answers.progress import answered
from actions.report.answers.whose import ask_whose
from actions.report.draft import (
    CHANGE,
    CONTACT,
    DESCRIPTION,
    FURTHER,
    LOCATION,
    PHOTO,
    QUESTION,
    SAME,
    SERVICE,
    WHOSE,
    Draft,
    has_further,
    wanted,
    written,
)
from actions.report.draft import next_question as next_question_of
from actions.report.step import Step
from actions.say import Button, Reply
from actions.services import Asked, Services
from actions.turn import DialogueTurn

SHOWN = 400  # characters of a description in the summary


def ask(
    step: str,
    result: Step,
    turn: DialogueTurn,
    services: Services,
    questions: Sequence[Asked],
    phrases: Phrases,
) -> Reply:
    """The question of a step, worded to fit the message before it."""
    draft = result.draft
    if step == WHOSE:
        return ask_whose(draft, result.waiting, turn, services)
    if step == SERVICE:
        return _ask_service(result, turn, services)
    if result.response:
        return Reply(result.response)
    if step == DESCRIPTION:
        name = services.name(draft.service or "", turn.language)
        return Reply("utter_ask_report_description", variables={"service": name})
    if step == LOCATION:
        if draft.pin:
            response = "address" if draft.pin.get("address") else "coordinates"
            return Reply(f"utter_ask_report_location_{response}", variables={"place": written(draft.pin)})
        if draft.street:
            return Reply("utter_ask_report_location_detail", variables={"street": draft.street})
        return Reply("utter_ask_report_location")
    if step == SAME:
        return ask_same(draft, turn, services, phrases)
    if step == QUESTION:
        return _ask_question(draft, questions)
    if step == PHOTO:
        return Reply("utter_ask_report_photo_same" if draft.spare else "utter_ask_report_photo")
    if step == CONTACT:
        return _ask_contact(draft, turn)
    if step == CHANGE:
        return Reply("utter_ask_report_change")
    return _summary(draft, turn, services, questions, phrases)


def _ask_service(result: Step, turn: DialogueTurn, services: Services) -> Reply:
    shown = [(code, services.name(code, turn.language)) for code in result.offers]
    buttons = tuple(
        Button("report_problem", {"service": code}, title=name)
        for code, name in shown or services.offers(turn.language)
    )
    return Reply(result.response or "utter_ask_report_service", buttons=buttons)


def _ask_question(draft: Draft, questions: Sequence[Asked]) -> Reply:
    asked = next_question_of(draft, questions)
    if asked is None:
        return Reply("utter_ask_report_description", variables={"service": draft.service or ""})
    buttons = tuple(Button("choose_option", {"option": key}, title=name) for key, name in asked.values)
    response = "utter_ask_report_question" if asked.required else "utter_ask_report_question_optional"
    return Reply(response, variables={"question": asked.prompt}, buttons=buttons)


def _ask_contact(draft: Draft, turn: DialogueTurn) -> Reply:
    if draft.contact:
        return Reply(f"utter_report_contact_{draft.contact['wish']}")
    known = known_contact(turn)
    if known:
        return Reply("utter_ask_report_contact_known", variables={"contact": known["value"]})
    return Reply("utter_ask_report_contact")


def _summary(
    draft: Draft, turn: DialogueTurn, services: Services, questions: Sequence[Asked], phrases: Phrases
) -> Reply:
    more = (Button("correct", {"part": FURTHER}, key="more"),) if has_further(draft, questions) else ()
    values = summary_values(draft, turn, services, phrases)
    return Reply(
        "utter_report_summary",
        variables={**values, "answers": _answers(draft, questions, turn.language)},
        buttons=more,
    )


def _answers(draft: Draft, questions: Sequence[Asked], language: str) -> str:
    """The lines of the answers to the service's questions, each after a line's end; not those that repeat the description."""
    given = ((asked, answered(asked, draft, language)) for asked in wanted(draft, questions))
    return "".join(
        f"\n- {asked.prompt}: {text}" for asked, text in given if text and text != draft.description
    )


def summary_values(draft: Draft, turn: DialogueTurn, services: Services, phrases: Phrases) -> dict[str, str]:
    """What the summary says of each part of the report."""
    location = draft.location or {}
    if location.get("unknown"):
        place = phrases.say("no_location", turn.language)
    else:
        place = written(location) or phrases.say("shared_location", turn.language)
        place = f"{place}, {draft.unit}" if draft.unit else place
    count = len(draft.media)
    photos = phrases.say(
        "no_photo" if not count else "one_photo" if count == 1 else "photos", turn.language, count=count
    )
    value = (draft.contact or {}).get("value")
    contact = ", ".join(part for part in (draft.name, value) if part) if value else ""
    contact = contact or phrases.say("no_contact", turn.language)
    description = draft.description or ""
    return {
        "service": services.name(draft.service or "", turn.language),
        "description": description if len(description) <= SHOWN else f"{description[:SHOWN].rstrip()} …",
        "location": place,
        "photos": photos,
        "contact": contact,
    }
