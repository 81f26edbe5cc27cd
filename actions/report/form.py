"""The report form's action: reads the message, updates the draft, asks the next question.

Rasa's form loop calls it as `validate_report_form`. It asks its own questions, so that a turn takes one call
to this server. It returns no events if the message is about something else: Rasa then answers by its rules
and returns to the form, which asks again.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from rasa_sdk import Tracker
from rasa_sdk.executor import CollectingDispatcher

from actions.context import Context
from actions.nearby.same import located, named_pin, with_same
from actions.report.answers.early import with_told_answers
from actions.report.answers.order import first_of_all
from actions.report.answers.progress import progress
from actions.report.answers.waiting_place import NOTED, place_of_waiting
from actions.report.answers.where import added, apply_place, at_other_body, opened
from actions.report.answers.whose import unplaced
from actions.report.ask import ask, summary_values
from actions.report.draft import CONFIRM, CONTACT, Draft, next_step, read_draft, write_draft
from actions.report.memory import forget_all, forget_last, remember
from actions.report.opening import open_report
from actions.report.queue import add_to_queue, read_queue, wished_first, write_queue
from actions.report.retelling import retell
from actions.report.second import further_reports
from actions.report.step import Step
from actions.report.steps import apply_answer
from actions.report.told import TOLD, take_details, taken
from actions.say import Event, Reply, say, slot
from actions.services import Asked
from actions.turn import DialogueTurn, last_turn, read_turn, replies_of
from actions.words import fold

MOST_NOTICES = 3
SPOKEN = 2  # words beside an address that are too few to tell the language


class ReportForm:
    """validate_report_form"""

    def __init__(self, context: Context) -> None:
        self._context = context

    def name(self) -> str:
        return "validate_report_form"

    async def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]
    ) -> list[Event]:
        services, phrases = self._context.services, self._context.phrases
        await services.renew()
        turn = keep_language(read_turn(tracker, self._context.languages), self._context.languages)
        before = read_draft(turn.slots)
        draft = take_details(before, turn.slots.get(TOLD))
        place = await self._place(draft)
        questions = await services.questions(draft.service, turn.language, place) if draft.service else ()
        told_that_noted = NOTED in replies_of(last_turn(tracker.events))
        result = self._apply(turn, draft, questions, noted=told_that_noted)
        if result is None:
            return []
        told = (
            retell(draft, result.draft, services)
            if turn.step and not result.back and result.draft.begun
            else result.draft
        )
        told = take_details(told, turn.slots.get(TOLD)) if turn.step is None else told
        if told.service and (told.description != before.description or told.service != before.service):
            tellable = services.tellable(told.service, turn.language)
            told = replace(told, answers=with_told_answers(before, told, tellable))
        if told.location and told.service:
            at = await self._place(told)
            result = at_other_body(replace(result, draft=told), draft, turn, self._context.places, at)
            told = result.draft
        told = await named_pin(told, self._context.geocoder)
        told = await with_same(told, turn, self._context)
        result = replace(result, draft=told)
        before_it = read_queue(turn.slots) if result.waiting is None else result.waiting
        waiting, noted = add_to_queue(before_it, result.noted, services, turn.language)
        events = [
            *write_draft(told),
            write_queue(waiting),
            taken(),
            *_history(turn, before, result),
            slot("language", turn.language),
        ]
        if told.confirm in ("yes", "same"):
            # No requested slot ends the form; the rule then runs action_submit_report.
            say(dispatcher, *noted)
            return [*events, slot("requested_slot", None)]
        at = await self._place(told)
        if told.service and (
            told.service != draft.service
            or services.route(told.service, at) != services.route(told.service, place)
        ):
            questions = await services.questions(told.service, turn.language, at)
            shown = [
                Reply("utter_report_notice", variables={"notice": one})
                for one in await services.notices(told.service, at)
            ]
            result = replace(result, says=(*result.says, *shown[:MOST_NOTICES]))
        photos = turn.can("images")
        step = result.ask or next_step(told, questions, photos=photos)
        question = ask(step, replace(result, waiting=waiting), turn, services, questions, phrases)
        values = summary_values(told, turn, services, phrases)
        report = progress(step, result, questions, values, photos=photos, language=turn.language)
        say(dispatcher, *result.says, *noted, replace(question, asks=True, report=report))
        return [*events, slot("requested_slot", step)]

    async def _place(self, draft: Draft) -> Mapping[str, Any]:
        """Where the report is; with its point, if that may decide who looks after it."""
        location = draft.location or {}
        return (
            await located(location, self._context.geocoder)
            if self._context.places.bodies.by_area
            else location
        )

    def _apply(
        self, turn: DialogueTurn, draft: Draft, questions: Sequence[Asked], *, noted: bool
    ) -> Step | None:
        services, places = self._context.services, self._context.places
        if turn.step is None:
            return opened(open_report(turn, services), turn, places)
        if turn.returning:
            known = turn.step == CONTACT and next_step(draft, questions, photos=False) == CONFIRM
            return Step(draft, ask=None if known else turn.step)
        elsewhere = place_of_waiting(turn, draft, turn.step, read_queue(turn.slots), services, noted=noted)
        if elsewhere is not None:
            return elsewhere
        result = apply_place(turn, draft, turn.step, places, services)
        if result is None:
            result = apply_answer(turn, draft, turn.step, services, questions)
            result = result and added(result, turn, draft, turn.step, places)
        further = further_reports(turn, services) if turn.typed and turn.intent != "share_photo" else ()
        if not further:
            return result
        result = result or Step(
            draft, ask=turn.step
        )  # the other reports are kept, whatever the rest of the message is
        unnamed = draft.service is None and draft.photo == "done"
        told = (
            unplaced(result.draft, further) if unnamed else result.draft
        )  # sent before it was said what it shows
        place, (own, *others) = wished_first((told, *further), turn.order)
        if place == 0:
            return replace(result, draft=own, noted=(*result.noted, *others))
        first = others.pop(place - 1)
        waiting = (own, *result.noted, *others, *read_queue(turn.slots))
        return first_of_all(first, waiting, services, turn.language)


def _history(turn: DialogueTurn, before: Draft, result: Step) -> list[Event]:
    if result.back and result.waiting is not None:
        return [forget_all()]  # another report is open now; going back must not bring the former in its place
    if result.back:
        return [forget_last(turn.slots)]
    if turn.step is None or turn.returning or result.draft == before:
        return []
    return [remember(turn.slots, before, turn.step)]


def keep_language(turn: DialogueTurn, languages: Sequence[str]) -> DialogueTurn:
    """The turn in the conversation's language if the message has no clear language.

    "12 Elm Street" reads as English, but it is just what a French citizen answers.
    """
    before = turn.metadata.get("language")
    if turn.intent == "change_language":
        return turn
    if before == turn.language or before not in languages or turn.step is None:
        return turn
    names = sum(len(fold(str(value)).split()) for value in turn.entities.get("address", ())[:1])
    own = len(fold(turn.text).split()) - names
    return replace(turn, language=str(before)) if own <= SPOKEN else turn
