"""action_filed: a request about a report that was sent. Identifies the report, and carries it out or asks for what is missing."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from rasa_sdk import Tracker
from rasa_sdk.events import FollowupAction
from rasa_sdk.executor import CollectingDispatcher

from actions.context import Context
from actions.filed.carry_out import carry_out, question
from actions.filed.meant import which
from actions.filed.photo import of_another
from actions.filed.reports import FiledReport, fresh_report, own_reports
from actions.filed.wish import FORM, KINDS, Wish, begin, corrected, keep_wish, says
from actions.phrases import day_in_words
from actions.report.draft import forget_draft
from actions.say import Event, Reply, leave_form, say
from actions.turn import DialogueTurn, last_turn, read_turn, replies_of

SHOWN = 3


class Filed:
    """action_filed"""

    def __init__(self, context: Context) -> None:
        self._context = context

    def name(self) -> str:
        return "action_filed"

    async def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]
    ) -> list[Event]:
        turn = read_turn(tracker, self._context.languages)
        kind = KINDS.get(turn.intent or "", "show")
        if turn.denies and turn.form is None and self._answered(tracker):
            say(dispatcher, Reply("utter_not_answered"))  # "that's wrong" is about the answer before it
            return []
        if turn.form is None and (moved := of_another(dispatcher, tracker, turn, self._context)) is not None:
            return moved
        reports = own_reports(turn)
        if (
            turn.form == "report_form"
            and kind == "withdraw"
            and not which(turn, reports, self._context).reports
        ):
            reports = []
        if turn.form == "report_form" and kind == "withdraw" and not _numbered(turn, reports, self._context):
            # "Cancel my report" while one is being written means that one.
            say(dispatcher, Reply("utter_report_stopped"))
            return [*leave_form(), *forget_draft()]
        if not reports and turn.form is None and turn.entity("service") and not says(turn, "withdraw"):
            return [
                FollowupAction("report_form")
            ]  # the contact has no report, so a problem that is named is a new one
        return self.begin(dispatcher, turn, kind)

    def _answered(self, tracker: Tracker) -> bool:
        said = [name.removeprefix("utter_") for name in replies_of(last_turn(tracker.events))]
        return any(name in self._context.answers or name.startswith("lookup_") for name in said)

    def begin(self, dispatcher: CollectingDispatcher, turn: DialogueTurn, kind: str) -> list[Event]:
        """The change of this kind that the message asks for."""
        reports = own_reports(turn)
        if kind == "show":
            say(dispatcher, self._shown(reports, turn))
            return []
        return self._begin(dispatcher, begin(turn, kind), reports, turn)

    def _begin(
        self, dispatcher: CollectingDispatcher, wish: Wish, reports: Sequence[FiledReport], turn: DialogueTurn
    ) -> list[Event]:
        open_ones = [one for one in reports if one.open] or list(reports[:1])
        meant = which(turn, reports, self._context)
        if len(meant.reports) != 1 and not meant.stranger:
            meant = which(turn, open_ones, self._context)
        if meant.stranger:
            say(dispatcher, Reply("utter_filed_not_yours", variables={"reference": meant.stranger}))
            return []
        if not meant.reports:
            say(dispatcher, Reply("utter_filed_none"))
            return []
        if len(meant.reports) > 1:
            if wish.kind == "correct":
                wish = corrected(turn, wish, meant.reports[0], asked=False)
                wish = replace(wish, address=None)  # which street is meant is known once the report is
            waiting = replace(wish, stage="which")
            say(dispatcher, question(waiting, meant.reports, turn, self._context))
            return [*keep_wish(waiting), *_ask_in_form(turn)]
        report = meant.reports[0]
        if wish.kind == "correct":
            wish = corrected(turn, wish, report, asked=False)
        if wish.kind == "withdraw" and turn.entity("confirmed"):
            wish = replace(wish, stage="confirmed")
        events, waiting_for = carry_out(dispatcher, wish, report, turn, self._context)
        return [*events, *(_ask_in_form(turn) if waiting_for else [])]

    def _shown(self, reports: Sequence[FiledReport], turn: DialogueTurn) -> Reply:
        if not reports:
            return Reply("utter_filed_none")
        told = "\n\n".join(self._told(one, turn) for one in reports[:SHOWN])
        return Reply("utter_filed_shown", variables={"reports": told})

    def _told(self, report: FiledReport, turn: DialogueTurn) -> str:
        language, phrase = turn.language, self._context.phrases.say
        services = self._context.services
        state = "withdrawn" if report.withdrawn else "on_its_way" if report.on_its_way else "sent"
        day = day_in_words(report.at.astimezone(self._context.zone).date(), language)
        lines = [phrase(f"filed_{state}", language, report=report.named(services, language), date=day)]
        if report.description:
            lines.append(f"- {report.description[:300]}")
        if report.photos:
            lines.append(f"- {phrase('filed_photos', language, count=report.photos)}")
        return "\n".join(lines)


class Undo:
    """action_undo: no report is being written, so "undo that" can only mean the one that was just sent."""

    def __init__(self, context: Context) -> None:
        self._context = context

    def name(self) -> str:
        return "action_undo"

    async def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]
    ) -> list[Event]:
        turn = read_turn(tracker, self._context.languages)
        sent = fresh_report(turn)
        if sent is not None:
            return ask_to_withdraw(dispatcher, sent, turn, self._context)
        say(dispatcher, Reply("utter_nothing_to_undo"))
        return []


def ask_to_withdraw(
    dispatcher: CollectingDispatcher, report: FiledReport, turn: DialogueTurn, context: Context
) -> list[Event]:
    """After "cancel" while no report is being written: name the report that was just sent and offer to withdraw it."""
    events, _ = carry_out(dispatcher, Wish("withdraw"), report, turn, context)
    return [*events, *_ask_in_form(turn)]


def _ask_in_form(turn: DialogueTurn) -> list[Event]:
    # While a report is being written, its form goes on asking; the buttons still work.
    return [] if turn.form == "report_form" else [FollowupAction(FORM)]


def _numbered(turn: DialogueTurn, reports: Sequence[FiledReport], context: Context) -> bool:
    """Whether a filed report is named by its number, or by a button."""
    if turn.entity("report"):
        return True
    meant = which(turn, reports, context, asked=True)
    return bool(meant.stranger) or (
        len(meant.reports) == 1 and (meant.reports[0].reference or " ").lower() in turn.text.lower()
    )
