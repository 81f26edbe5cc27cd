"""The end of a report: sent once after a confirmation, or stopped and forgotten."""

from typing import Any

from rasa_sdk import Tracker
from rasa_sdk.executor import CollectingDispatcher

from actions.context import Context
from actions.filed.entry import ask_to_withdraw
from actions.filed.reports import fresh_report
from actions.filed.wish import forget_wish
from actions.report.draft import file_request, forget_draft, read_draft
from actions.say import Event, Reply, direct, leave_form, say
from actions.turn import read_turn


class SubmitReport:
    """action_submit_report: the directive to file, and an empty form so that a second yes files nothing."""

    def __init__(self, context: Context) -> None:
        self._context = context

    def name(self) -> str:
        return "action_submit_report"

    async def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]
    ) -> list[Event]:
        turn = read_turn(tracker, self._context.languages)
        draft = read_draft(turn.slots)
        if draft.confirm != "yes":
            say(dispatcher, Reply("utter_report_stopped"))
            return forget_draft()
        direct(dispatcher, file_request(draft, turn.contact.get("name")))
        say(dispatcher, Reply("utter_report_sending"))
        return forget_draft()


class Stop:
    """action_stop: ends whatever is under way. After a report was sent, "cancel" means that one."""

    def __init__(self, context: Context) -> None:
        self._context = context

    def name(self) -> str:
        return "action_stop"

    async def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]
    ) -> list[Event]:
        turn = read_turn(tracker, self._context.languages)
        sent = fresh_report(turn)
        if turn.form == "report_form":
            say(dispatcher, Reply("utter_report_stopped"))
        elif sent:
            return ask_to_withdraw(dispatcher, sent, turn, self._context)
        else:
            say(dispatcher, Reply("utter_stop_nothing"))
        return [*leave_form(), *forget_draft(), *forget_wish()]
