"""The next step of a change: find out which report, then what exactly, then give the desk the directive."""

from collections.abc import Sequence
from dataclasses import replace

from rasa_sdk.executor import CollectingDispatcher

from actions.context import Context
from actions.filed.reports import FiledReport
from actions.filed.wish import Wish, directive, forget_wish, keep_wish
from actions.say import Button, Event, Reply, direct, handoff, say
from actions.turn import DialogueTurn

MOST_CHOICES = 6


def question(wish: Wish, reports: Sequence[FiledReport], turn: DialogueTurn, context: Context) -> Reply:
    """What has to be asked at this stage."""
    if wish.stage == "which":
        buttons = tuple(
            Button("choose_report", {"report": one.id}, title=one.title(context.services, turn.language))
            for one in reports[:MOST_CHOICES]
        )
        return Reply("utter_filed_which", buttons=buttons)
    report = next((one for one in reports if one.id == wish.report), None)
    variables = {"report": report.named(context.services, turn.language) if report else ""}
    if wish.stage == "confirm":
        return Reply("utter_filed_withdraw_ask", variables=variables)
    if wish.kind == "add":
        return Reply(
            "utter_filed_photo_ask" if wish.part == "photo" else "utter_filed_add_ask", variables=variables
        )
    return Reply("utter_filed_correct_ask", variables=variables)


def carry_out(
    dispatcher: CollectingDispatcher, wish: Wish, report: FiledReport, turn: DialogueTurn, context: Context
) -> tuple[list[Event], Wish | None]:
    """Carry it out, or ask for what is missing. Returns the events, and the change that now waits for an answer (None: done)."""
    wish = replace(wish, report=report.id)
    variables = {"report": report.named(context.services, turn.language)}
    if report.withdrawn:
        say(dispatcher, Reply("utter_filed_withdrawn_before", variables=variables))
        return forget_wish(), None
    if wish.kind == "withdraw" and not report.open:
        say(dispatcher, Reply("utter_filed_closed", variables=variables))
        return forget_wish(), None
    if wish.kind == "withdraw" and wish.stage != "confirmed":
        wish = replace(wish, stage="confirm")
    elif wish.kind in ("add", "correct") and not wish.told:
        wish = replace(wish, stage="what")
    else:
        _do(dispatcher, wish, report, context, variables)
        return forget_wish(), None
    say(dispatcher, question(wish, [report], turn, context))
    return keep_wish(wish), wish


def _do(
    dispatcher: CollectingDispatcher,
    wish: Wish,
    report: FiledReport,
    context: Context,
    variables: dict[str, str],
) -> None:
    if wish.kind == "still" and report.status == "closed" and report.reference:
        reopened = {"type": "change_request", "request": report.id, "kind": "reopen"}
        direct(dispatcher, {**reopened, "text": wish.text, "media": list(wish.media), "fixes": {}})
        say(dispatcher, Reply("utter_filed_reopening", variables=variables))
        return
    if wish.kind != "withdraw" and not report.open:
        # The city has closed it: nobody would read what is added now.
        say(dispatcher, Reply("utter_filed_closed_person", variables=variables))
        lines = [f"A closed report is not solved, or has to be changed: {variables['report']}."]
        lines += [f"The citizen wrote: {wish.text[:600]}"] if wish.text else []
        lines += [f"Back end: {report.backend}. Reference: {report.reference or 'none'}."]
        lines += [f"The report says: {report.description[:300]}"] if report.description else []
        handoff(dispatcher, "asked", "\n".join(lines))
        return
    direct(dispatcher, directive(wish, report, context.phrases, context.languages[0]))
    said = {
        "withdraw": "utter_filed_withdrawing",
        "still": "utter_filed_still",
        "correct": "utter_filed_correcting",
    }.get(wish.kind, "utter_filed_photo_adding" if wish.media and not wish.text else "utter_filed_adding")
    if wish.address:
        say(dispatcher, Reply("utter_filed_place", variables={**variables, "place": wish.address}))
        return
    say(dispatcher, Reply(said, variables=variables))
