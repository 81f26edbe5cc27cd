"""Every action by name. A new action is one module and one line here."""

from typing import Any, Protocol

from rasa_sdk import Tracker
from rasa_sdk.executor import CollectingDispatcher

from actions.context import Context
from actions.filed.entry import Filed, Undo
from actions.filed.form import FiledForm
from actions.filed.photo import Deny, Photo
from actions.lookup.look_up import LookUp
from actions.registers.cases import Cases
from actions.registers.form import CaseForm
from actions.report.form import ReportForm
from actions.report.submit import ContinueReport, Stop, SubmitReport
from actions.say import Event
from actions.status.expected import Expected
from actions.status.look_up import Status
from actions.talk.back import Back
from actions.talk.danger import Danger, Emergency, Help
from actions.talk.follow_up import FollowUp
from actions.talk.handoff import Handoff
from actions.talk.small import Affirm, ChangeLanguage, ChooseAnswer, Repeat
from actions.talk.unsure import Unsure


class Action(Protocol):
    """What rasa-sdk calls: an action by name, with the bot's tracker."""

    def name(self) -> str: ...

    async def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]
    ) -> list[Event]: ...


def build_actions(context: Context) -> list[Action]:
    """All actions, each with the context it needs."""
    cases = Cases(context)
    status = Status(context, cases)
    look_up = LookUp(context)
    filed = Filed(context)
    return [
        ReportForm(context),
        SubmitReport(context),
        Stop(context),
        filed,
        FiledForm(context),
        Undo(context),
        Photo(context),
        Deny(context),
        ContinueReport(context),
        status,
        CaseForm(context, cases),
        Expected(context),
        look_up,
        Handoff(context),
        Danger(context),
        Emergency(context),
        Help(context),
        Back(context),
        Unsure(context, status, filed, cases),
        Affirm(context),
        ChooseAnswer(context, look_up),
        FollowUp(context, look_up),
        Repeat(context, filed),
        ChangeLanguage(context),
    ]
