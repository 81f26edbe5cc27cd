"""Somebody is in danger: the emergency number first, the city's crisis line, and a person at once."""

from typing import Any

from rasa_sdk import Tracker
from rasa_sdk.executor import CollectingDispatcher

from actions.context import Context
from actions.say import Event, Reply, say, slot
from actions.talk.handoff import hand_over
from actions.talk.languages import in_their_own
from actions.turn import DialogueTurn, read_turn

PERHAPS = "perhaps"  # a cry for help that does not say what has happened
DANGER = "danger"  # the kind if nothing more is known about the danger
KINDS = frozenset(
    {"suicide", "overdose", "missing", "domestic", "violence", "break_in", "gas", "fire", "medical", DANGER}
)
_EMERGENCIES = "emergencies"  # the answer that tells how to call for help


class Danger:
    """action_distress: the words, or the model, say that somebody is in danger."""

    def __init__(self, context: Context) -> None:
        self._context = context

    def name(self) -> str:
        return "action_distress"

    async def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]
    ) -> list[Event]:
        turn = read_turn(tracker, self._context.languages)
        if turn.urgency in KINDS:
            return call_for_help(dispatcher, tracker, turn, self._context, str(turn.urgency))
        if turn.urgency == PERHAPS or (turn.typed and not turn.believed("sure")):
            # One number too many is better than one too few.
            say(
                dispatcher,
                in_their_own(self._context, turn.foreign) or Reply("utter_distress_perhaps"),
            )
            return [slot("urgency", turn.slots.get("urgency") or DANGER)]
        return hand_over(dispatcher, tracker, turn, self._context, "distress", "utter_distress", DANGER)


class Emergency:
    """action_emergency: help for a reported emergency, the answer for a question about emergencies."""

    def __init__(self, context: Context) -> None:
        self._context = context

    def name(self) -> str:
        return "action_emergency"

    async def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]
    ) -> list[Event]:
        turn = read_turn(tracker, self._context.languages)
        if turn.urgency in KINDS:
            return call_for_help(dispatcher, tracker, turn, self._context, str(turn.urgency))
        say(dispatcher, Reply(answer=_EMERGENCIES))
        return []


class Help:
    """action_help: what the assistant can do, unless somebody who is in danger asks for help again."""

    def __init__(self, context: Context) -> None:
        self._context = context

    def name(self) -> str:
        return "action_help"

    async def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]
    ) -> list[Event]:
        turn = read_turn(tracker, self._context.languages)
        endangered = turn.typed and turn.slots.get("urgency")
        say(dispatcher, Reply("utter_distress_perhaps" if endangered else "utter_what_can_you_do"))
        return []


def call_for_help(
    dispatcher: CollectingDispatcher, tracker: Tracker, turn: DialogueTurn, context: Context, kind: str
) -> list[Event]:
    """Say what to do in this kind of danger and whom to call, and ask for a person, urgently."""
    line = crisis_line(context, kind, turn.language)
    reply = Reply(f"utter_danger_{kind}", variables={"line": line})
    return hand_over(dispatcher, tracker, turn, context, "distress", reply, kind)


def crisis_line(context: Context, kind: str, language: str) -> str:
    """A sentence with the city's number for this kind of danger, "" if it has none."""
    numbers = context.crisis_lines.get(kind, {})
    number = numbers.get(language) or numbers.get(context.languages[0])
    return f" {context.phrases.say('crisis_line', language, number=number)}" if number else ""
