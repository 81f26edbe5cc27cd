"""Photos of a report: which belong to it, and the answer to "do you have a photo?". Pure."""

from dataclasses import replace

from actions.report.answers.contact import refuses
from actions.report.answers.description import DESCRIPTION_LENGTH, TELLING
from actions.report.answers.place import read_place
from actions.report.digression import REPORTING
from actions.report.draft import Draft
from actions.report.second import another_report
from actions.report.step import Step
from actions.services import Services
from actions.turn import DialogueTurn
from actions.words import is_no, is_yes, told_words

MOST_PHOTOS = 5


def with_media(turn: DialogueTurn, draft: Draft) -> Draft:
    """The draft with the photos of a message."""
    given = turn.entity("media")
    media = [str(one) for one in given] if isinstance(given, list | tuple) else [str(given)] if given else []
    if not media:
        return draft
    return replace(draft, media=tuple(dict.fromkeys((*draft.media, *media)))[:MOST_PHOTOS], photo="done")


def with_caption(turn: DialogueTurn, draft: Draft, services: Services) -> Draft:
    """The draft with what a photo's caption says (words, place and service) if none of it is known yet."""
    caption = str(turn.entity("caption") or turn.text)
    if draft.description is None and told_words(caption) >= TELLING:
        draft = replace(draft, description=caption[:DESCRIPTION_LENGTH])
    named = next((str(code) for code in turn.entities.get("service", ()) if code in services), None)
    if draft.service is None and named:
        draft = replace(draft, service=named)
    return (read_place(turn, draft) or draft) if draft.location is None else draft


def apply_photo(turn: DialogueTurn, draft: Draft, services: Services) -> Step | None:
    """The draft after the answer."""
    tells = turn.intent in REPORTING and turn.believed("sure")  # "nobody is hurt", "no hay heridos"
    if turn.intent in ("skip", "deny") or is_no(turn.text) or (refuses(turn.text) and not tells):
        return Step(replace(draft, photo="done"))
    if turn.intent == "affirm" or is_yes(turn.text):
        return Step(draft, response="utter_report_photo_send")
    return another_report(turn, draft, services)
