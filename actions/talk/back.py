"""action_back: back with the assistant. A report that was being written goes on where it was."""

from typing import Any

from rasa_sdk import Tracker
from rasa_sdk.events import FollowupAction
from rasa_sdk.executor import CollectingDispatcher

from actions.context import Context
from actions.report.draft import HELD
from actions.say import Event, Reply, say
from actions.turn import read_turn


class Back:
    """action_back"""

    def __init__(self, context: Context) -> None:
        self._context = context

    def name(self) -> str:
        return "action_back"

    async def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]
    ) -> list[Event]:
        turn = read_turn(tracker, self._context.languages)
        if turn.form:
            say(dispatcher, Reply("utter_back_with_report"))
            return []  # the form asks its question again
        if turn.slots.get(HELD):
            say(dispatcher, Reply("utter_back_with_report"))
            return [FollowupAction("report_form")]
        say(dispatcher, Reply("utter_with_bot"))
        return []
