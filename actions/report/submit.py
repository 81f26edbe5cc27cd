"""The end of a report: sent once after the confirmation, or stopped and discarded. Then the next waiting report follows."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from rasa_sdk import Tracker
from rasa_sdk.executor import CollectingDispatcher

from actions.context import Context
from actions.filed.entry import ask_to_withdraw
from actions.filed.reports import fresh_report, own_reports
from actions.filed.wish import forget_wish
from actions.nearby.same import chosen_of, located
from actions.report.draft import Draft, file_request, forget_draft, read_draft
from actions.report.queue import carry_over, read_queue, title, write_queue
from actions.report.resume import resume
from actions.say import Event, Reply, direct, leave_form, say
from actions.turn import DialogueTurn, read_turn
from actions.words import drops_all


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
        if draft.confirm == "same":
            self._same(dispatcher, draft, turn)
        elif draft.confirm == "yes":
            placed = replace(draft, location=await located(draft.location or {}, self._context.geocoder))
            their_name = self._context.services.their_name(draft.service or "")
            named = {"service_name": their_name} if their_name else {}
            direct(dispatcher, {**file_request(placed, turn.contact.get("name")), **named})
            say(dispatcher, Reply("utter_report_sending"))
        else:
            say(dispatcher, Reply("utter_report_stopped"))
            return forget_draft()
        waiting = read_queue(turn.slots)
        if not waiting:
            return forget_draft()
        following = [carry_over(draft, one) for one in waiting]
        says, events = await resume(following, turn, self._context)
        say(dispatcher, *says)
        return [*forget_draft(), *events]

    def _same(self, dispatcher: CollectingDispatcher, draft: Draft, turn: DialogueTurn) -> None:
        """It is reported already: follow that report, or add to the citizen's own."""
        chosen = chosen_of(draft)
        own = next((one for one in own_reports(turn) if one.id == chosen.get("own")), None)
        if own is not None:
            text = draft.description or ""
            media = list(draft.media)
            change = {"type": "change_request", "request": own.id, "kind": "complement"}
            direct(dispatcher, {**change, "text": text, "media": media})
            report = own.named(self._context.services, turn.language)
            say(dispatcher, Reply("utter_report_same_added", variables={"report": report}))
            return
        follow = {"backend": chosen.get("backend") or "", "reference": chosen.get("reference") or ""}
        direct(dispatcher, {"type": "follow_request", **follow, "service_code": draft.service or ""})
        variables = {"reference": follow["reference"]}
        say(dispatcher, Reply("utter_report_same_followed", variables=variables))


class Stop:
    """action_stop: ends the current report. Waiting reports are kept: "forget the street light" drops only
    that one, "cancel everything" drops all. If no report is being written, "cancel" means the one that was just
    sent.
    """

    def __init__(self, context: Context) -> None:
        self._context = context

    def name(self) -> str:
        return "action_stop"

    async def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]
    ) -> list[Event]:
        turn = read_turn(tracker, self._context.languages)
        waiting = read_queue(turn.slots)
        sent = fresh_report(turn)
        if sent and not waiting and turn.form != "report_form":
            return ask_to_withdraw(dispatcher, sent, turn, self._context)
        draft = read_draft(turn.slots)
        others = set(turn.entities.get("service", ())) - {one.service for one in (draft, *waiting)}
        if (
            turn.form == "report_form"
            and turn.typed
            and draft.service
            and others
            and not drops_all(turn.text)
        ):
            say(dispatcher, Reply("utter_unsure_in_report"))  # it names a problem that no report is about
            return []
        if not waiting:
            stopped = "utter_report_stopped" if turn.form == "report_form" else "utter_stop_nothing"
            say(dispatcher, Reply(stopped))
            return [*leave_form(), *forget_draft(), *forget_wish()]
        named = set(turn.entities.get("service", ())) - {draft.service}
        dropped = [one for one in waiting if one.service in named]
        if dropped and turn.form:
            say(dispatcher, Reply("utter_report_waiting_dropped", variables=self._names(dropped, turn)))
            return [write_queue([one for one in waiting if one not in dropped])]
        if drops_all(turn.text) or not turn.form:
            say(dispatcher, Reply("utter_report_all_stopped"))
            return [*leave_form(), *forget_draft(), write_queue(())]
        rest = Reply("utter_report_rest", variables=self._names(waiting, turn))
        say(dispatcher, Reply("utter_report_one_stopped"), rest)
        return [*leave_form(), *forget_draft()]

    def _names(self, drafts: Sequence[Draft], turn: DialogueTurn) -> dict[str, str]:
        names = (title(one, self._context.services, turn.language) for one in drafts)
        return {"reports": "; ".join(names)}


class ContinueReport:
    """action_continue_report: continues with a waiting report, however long ago it was mentioned."""

    def __init__(self, context: Context) -> None:
        self._context = context

    def name(self) -> str:
        return "action_continue_report"

    async def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]
    ) -> list[Event]:
        turn = read_turn(tracker, self._context.languages)
        waiting = read_queue(turn.slots)
        if not waiting:
            say(dispatcher, Reply("utter_report_none_waiting"))
            return []
        says, events = await resume(waiting, turn, self._context)
        say(dispatcher, *says)
        return events
