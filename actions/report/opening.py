"""The draft from the first message of a report, which often says both what and where. Pure."""

from dataclasses import replace

from actions.report.answers.description import DESCRIPTION_LENGTH, TELLING_FIRST
from actions.report.answers.photo import with_media
from actions.report.answers.place import read_place
from actions.report.answers.whose import unplaced
from actions.report.draft import Draft
from actions.report.queue import wished_first
from actions.report.second import further_reports
from actions.report.step import Step
from actions.say import Reply
from actions.services import Services
from actions.turn import DialogueTurn
from actions.words import says_what, told_words


def open_report(turn: DialogueTurn, services: Services) -> Step:
    """The first draft, and each further report of the message."""
    if turn.matters:
        return _open_several(turn, services)
    draft = with_media(turn, Draft())
    says: tuple[Reply, ...] = ()
    if turn.intent == "share_photo" and draft.media:
        says = (Reply("utter_report_photo_received"),)
    named = (*turn.entities.get("service", ()), turn.likely_service)
    service = next((str(code) for code in named if code in services), None)
    close = services.matching(turn.text) if service is None and turn.typed and not turn.titled else ()
    service = close[0] if len(close) == 1 else service
    draft = read_place(turn, replace(draft, service=service)) or replace(draft, service=service)
    told = turn.typed and not turn.titled and told_words(turn.text) >= TELLING_FIRST
    stated = told and turn.intent == "report_problem" and says_what(turn.text)
    if told and (service or close or draft.location or draft.street or stated):
        draft = replace(draft, description=turn.text[:DESCRIPTION_LENGTH])
    if len(close) > 1:
        return Step(draft, says, response="utter_report_service_which", offers=close)
    unknown = "utter_report_service_unknown" if stated and not service else None
    return Step(draft, (*says, *begun(draft, turn, services)), response=unknown)


def begun(draft: Draft, turn: DialogueTurn, services: Services) -> tuple[Reply, ...]:
    """What is said when the report of a service begins."""
    if not draft.service:
        return ()
    named = Reply("utter_report_begun", variables={"service": services.name(draft.service, turn.language)})
    return (named, *warning(draft.service, services))


def warning(service: str, services: Services) -> tuple[Reply, ...]:
    """The emergency number, where the problem may hurt people while it waits."""
    return (Reply("utter_report_urgent"),) if services.urgent(service) else ()


def _open_several(turn: DialogueTurn, services: Services) -> Step:
    place, told = wished_first(further_reports(turn, services), turn.order)
    first, others = told[place], (*told[:place], *told[place + 1 :])
    says: tuple[Reply, ...] = ()
    if turn.intent == "share_photo" and turn.entity("media"):
        # With several reports it is not known which of them the photo shows: the citizen is asked.
        first, says = unplaced(with_media(turn, first), others), (Reply("utter_report_photo_received"),)
    unknown = None if first.service or not first.description else "utter_report_service_unknown"
    return Step(first, (*says, *begun(first, turn, services)), noted=others, response=unknown)
