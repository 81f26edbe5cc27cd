"""action_expected: how long repairs take. Right after a report it is about that report: the time for its service, not the whole table."""

from typing import Any

from rasa_sdk import Tracker
from rasa_sdk.executor import CollectingDispatcher

from actions.context import Context
from actions.filed.reports import fresh_report
from actions.say import Event, Reply, say, slot
from actions.turn import DialogueTurn, read_turn

TOPIC = "report_duration"


class Expected:
    """action_expected"""

    def __init__(self, context: Context) -> None:
        self._context = context

    def name(self) -> str:
        return "action_expected"

    async def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]
    ) -> list[Event]:
        turn = read_turn(tracker, self._context.languages)
        say(dispatcher, self._answer(turn))
        return [slot("unsure_count", None)]

    def _answer(self, turn: DialogueTurn) -> Reply:
        report = fresh_report(turn)
        services = self._context.services
        days = services.expected_days(report.service) if report else None
        # While a report is being written, the question may be about that one; and a service that is named is meant.
        named = turn.entity("service")
        if report is None or days is None or turn.form or (named and named != report.service):
            return Reply(answer=TOPIC)
        told = {"report": report.named(services, turn.language), "days": days}
        name = "utter_expected_day" if days == 1 else "utter_expected_days"
        return Reply(f"{name}_all" if services.every_day(report.service) else name, variables=told)
