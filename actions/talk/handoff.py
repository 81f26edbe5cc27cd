"""Handing over to a person: asked for, in distress, or because we do not understand."""

from typing import Any

from rasa_sdk import Tracker
from rasa_sdk.executor import CollectingDispatcher

from actions.context import Context
from actions.filed.reports import named_ones, own_reports
from actions.filed.wish import forget_wish
from actions.report.draft import forget_draft, in_short, read_draft
from actions.report.queue import MOST_WAITING, read_queue, write_queue
from actions.say import Event, Reply, handoff, leave_form, say, slot
from actions.turn import DialogueTurn, read_turn

# What says nothing about the citizen's matter.
_PLAIN = frozenset({"talk_to_person", "affirm", "deny", "greet", "thanks", "goodbye", "stop", "skip"})


class Handoff:
    """One of action_handoff (asked) and action_distress: says it, and asks the desk for a person."""

    def __init__(self, context: Context, name: str, reason: str, response: str) -> None:
        self._context = context
        self._name = name
        self._reason = reason
        self._response = response

    def name(self) -> str:
        return self._name

    async def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]
    ) -> list[Event]:
        turn = read_turn(tracker, self._context.languages)
        if self._reason == "distress" and turn.typed and not turn.believed("sure"):
            # Distress is believed early: better one number too many than one too few.
            say(dispatcher, Reply("utter_distress_perhaps"))
            return []
        return hand_over(dispatcher, tracker, turn, self._context, self._reason, self._response)


def hand_over(
    dispatcher: CollectingDispatcher,
    tracker: Tracker,
    turn: DialogueTurn,
    context: Context,
    reason: str,
    response: str,
) -> list[Event]:
    """Say `response`, ask for a person, and leave the form: what it held is in the summary.

    The draft waits: who comes back from the queue goes on where they were (actions/talk/back.py).
    """
    say(dispatcher, Reply(response))
    handoff(dispatcher, reason, summarise(turn, tracker.events, context))
    draft = read_draft(turn.slots)
    waiting = [draft, *read_queue(turn.slots)] if draft.begun and turn.form == "report_form" else None
    return [
        *leave_form(),
        *forget_draft(),
        *forget_wish(),
        *([write_queue(waiting[:MOST_WAITING])] if waiting else []),
        slot("unsure_count", None),
        slot("awaiting_reference", None),
    ]


def summarise(turn: DialogueTurn, events: list[dict[str, Any]], context: Context) -> str:
    """For the agent: what the citizen wants, what the form holds, the last question. One line each."""
    lines = []
    said = [event for event in events if event.get("event") == "user"]
    written = [
        text[:200]
        for event in said
        # "A person, please" tells the agent nothing that the reason does not.
        if (text := event.get("text") or "") and not text.startswith("/") and _intent(event) not in _PLAIN
    ][-3:]
    if written:
        lines.append("The citizen wrote: " + " | ".join(written))
    about = [name for event in said if (name := _intent(event)) and name not in _PLAIN | {"nlu_fallback"}][
        -4:
    ]
    if about:
        lines.append("About: " + ", ".join(name.replace("_", " ") for name in dict.fromkeys(about)))
    elif written:
        lines.append("The bot found no answer.")
    draft = in_short(read_draft(turn.slots), context.services, context.languages[0])
    sent = [one for one in own_reports(turn) if one.here]
    if sent:
        lines.append(f"Sent from here:\n{named_ones(sent, context.services, context.languages[0])}")
    if draft:
        lines.append(f"Unsent report: {draft}")
    for waiting in read_queue(turn.slots):
        lines.append(f"Another report, not sent: {in_short(waiting, context.services, context.languages[0])}")
    if turn.step:
        lines.append(f"Last question: {turn.step.removeprefix('draft_').replace('_', ' ')}")
    reference = turn.entity("reference")
    if reference:
        lines.append(f"Reference: {reference}")
    return "\n".join(lines)[:2000] or "The citizen did not say what it is about."


def _intent(event: dict[str, Any]) -> str | None:
    name = ((event.get("parse_data") or {}).get("intent") or {}).get("name")
    return str(name) if name else None
