"""The report form's action: hears the message, keeps the draft, asks the next question.

Rasa's form loop calls it as `validate_report_form`. It asks its own questions, so that a turn costs
one call to this server. It returns no events where the message is about something else: Rasa then
answers by its rules and comes back, and the question is asked again.
"""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from rasa_sdk import Tracker
from rasa_sdk.executor import CollectingDispatcher

from actions.context import Context
from actions.report.ask import ask
from actions.report.draft import CHANGE, HELD, next_step, read_draft, write_draft
from actions.report.step import Step
from actions.report.steps import hear, open_report
from actions.say import Event, say, slot
from actions.turn import DialogueTurn, read_turn
from actions.words import fold

SPOKEN = 2  # words beside an address that do not yet say in which language somebody writes


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
        turn = keep_language(read_turn(tracker, self._context.languages), self._context.languages)
        draft = read_draft(turn.slots)
        questions = await services.questions(draft.service, turn.language) if draft.service else ()
        heard: Step | None
        held = turn.slots.get(HELD)
        if turn.step is None and held and turn.intent in ("back_to_bot", "cancel_handoff"):
            heard = Step(draft, ask=CHANGE if held.get("step") == CHANGE else None)
        elif turn.step is None:
            heard = open_report(turn, services)
        elif turn.returning:
            heard = Step(draft, ask=turn.step)
        else:
            heard = hear(turn, draft, turn.step, services, questions)
        if heard is None:
            return []
        if heard.draft.confirm == "yes":
            # No requested slot ends the form; the rule then runs action_submit_report.
            return [*write_draft(heard.draft), slot("language", turn.language), slot("requested_slot", None)]
        if heard.draft.service and heard.draft.service != draft.service:
            questions = await services.questions(heard.draft.service, turn.language)
        step = heard.ask or next_step(heard.draft, questions, photos=turn.can("images"))
        say(dispatcher, *heard.says, ask(step, heard, turn, services, questions, phrases))
        return [
            *write_draft(heard.draft),
            slot(HELD, None),
            slot("language", turn.language),
            slot("requested_slot", step),
        ]


def keep_language(turn: DialogueTurn, languages: Sequence[str]) -> DialogueTurn:
    """The turn in the conversation's language where the message has none of its own.

    "12 Elm Street" reads as English, but it is just what a French citizen answers.
    """
    before = turn.metadata.get("language")
    if before == turn.language or before not in languages or turn.step is None:
        return turn
    names = sum(len(fold(str(value)).split()) for value in turn.entities.get("address", ())[:1])
    own = len(fold(turn.text).split()) - names
    return replace(turn, language=str(before)) if own <= SPOKEN else turn
