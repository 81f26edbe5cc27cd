"""action_back: back to the assistant. A report that was being written continues."""

from typing import Any

from rasa_sdk import Tracker
from rasa_sdk.executor import CollectingDispatcher

from actions.context import Context
from actions.report.queue import read_queue, title
from actions.report.resume import resume
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
        waiting = read_queue(turn.slots)
        if turn.form or not waiting:
            say(dispatcher, Reply("utter_with_bot"))
            return []  # a form asks its question again by itself
        named = title(waiting[0], self._context.services, turn.language)
        (_, *warnings), events = await resume(waiting, turn, self._context)
        say(dispatcher, Reply("utter_back_with_report", variables={"report": named}), *warnings)
        return events
