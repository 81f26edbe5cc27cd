"""Hands off to a person: on request, in danger, or because the bot does not understand."""

from typing import Any

from rasa_sdk import Tracker
from rasa_sdk.executor import CollectingDispatcher

from actions.context import Context
from actions.filed.reports import named_ones, own_reports
from actions.filed.wish import forget_wish, read_wish
from actions.registers.cases import ASKED
from actions.report.draft import forget_draft, in_short, read_draft
from actions.report.queue import MOST_WAITING, read_queue, write_queue
from actions.say import Event, Reply, handoff, leave_form, say, slot
from actions.turn import DialogueTurn, read_turn

# Intents that say nothing about what the citizen needs.
_PLAIN = frozenset({"talk_to_person", "affirm", "deny", "greet", "thanks", "goodbye", "stop", "skip"})


class Handoff:
    """action_handoff: a person was asked for."""

    def __init__(self, context: Context) -> None:
        self._context = context

    def name(self) -> str:
        return "action_handoff"

    async def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]
    ) -> list[Event]:
        turn = read_turn(tracker, self._context.languages)
        return hand_over(dispatcher, tracker, turn, self._context, "asked", "utter_handoff")


def hand_over(
    dispatcher: CollectingDispatcher,
    tracker: Tracker,
    turn: DialogueTurn,
    context: Context,
    reason: str,
    response: str | Reply,
    urgency: str | None = None,
) -> list[Event]:
    """Say `response`, ask for a person, and leave the form; the summary has its contents. The draft is kept,
    for contacts who come back from the queue (actions/talk/back.py). Danger that was reported earlier in the
    conversation still counts, whatever the reason now.
    """
    known = turn.slots.get("urgency")
    if known and not urgency:
        reason, response, urgency = "distress", "utter_distress", str(known)
    say(dispatcher, Reply(response) if isinstance(response, str) else response)
    handoff(dispatcher, reason, summarise(turn, tracker.events, context), urgency)
    draft = read_draft(turn.slots)
    waiting = [draft, *read_queue(turn.slots)] if draft.begun and turn.form == "report_form" else None
    return [
        *leave_form(),
        *forget_draft(),
        *forget_wish(),
        *([write_queue(waiting[:MOST_WAITING])] if waiting else []),
        slot("unsure_count", None),
        slot("awaiting_reference", None),
        slot(ASKED, None),
        slot("urgency", urgency),
    ]


def summarise(turn: DialogueTurn, events: list[dict[str, Any]], context: Context) -> str:
    """For the agent: what the citizen wants, what the form holds, the last question. One line each; empty if they said
    nothing of it yet."""
    lines = []
    said = [event for event in events if event.get("event") == "user"]
    written = [
        text[:200]
        for event in said
        if (text := event.get("text") or "") and not text.startswith("/") and _says_something(event)
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
    wish = read_wish(turn.slots)
    if wish:
        lines.append(f"Asked about a report that was sent: {wish.kind}. {wish.text[:300]}".strip())
    elif turn.step:
        lines.append(f"Last question: {turn.step.removeprefix('draft_').replace('_', ' ')}")
    reference = turn.entity("reference")
    if reference:
        lines.append(f"Reference: {reference}")
    return "\n".join(lines)[:2000]


def _says_something(event: dict[str, Any]) -> bool:
    # "A person, please" tells the agent nothing that the reason does not; "a person for my tax bill" does.
    wish = _intent(event) == "talk_to_person"
    if wish and "only" in (event.get("parse_data") or {}):
        return not event["parse_data"]["only"]
    return _intent(event) not in _PLAIN


def _intent(event: dict[str, Any]) -> str | None:
    name = ((event.get("parse_data") or {}).get("intent") or {}).get("name")
    return str(name) if name else None
