"""Replies and directives, in the shape that the worker reads (desk/turns/bot_client.py)."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from rasa_sdk.executor import CollectingDispatcher

Event = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Button:
    """A choice. `title` where the action knows it; else the desk looks `key` up in the texts."""

    intent: str
    entities: Mapping[str, Any] = field(default_factory=dict)
    key: str | None = None
    title: str | None = None


@dataclass(frozen=True, slots=True)
class Reply:
    """Something to say: a response, an answer, or one part of an answer. `buttons` come before the response's own.

    `asks`: it is the form's question, which is asked once a turn however many things a message holds. `report`: how far
    the report is that it belongs to (actions/report/answers/progress.py).
    """

    response: str | None = None
    answer: str | None = None
    variables: Mapping[str, Any] = field(default_factory=dict)
    buttons: tuple[Button, ...] = ()
    part: str | None = None
    asks: bool = False
    report: Mapping[str, Any] | None = None


def say(dispatcher: CollectingDispatcher, *replies: Reply) -> None:
    """Give replies to the desk, in order."""
    for reply in replies:
        content: dict[str, Any] = {
            "response": reply.response,
            "answer": reply.answer,
            "part": reply.part,
            "variables": dict(reply.variables),
            "buttons": [
                {
                    "title": button.title,
                    "key": button.key,
                    "intent": button.intent,
                    "entities": dict(button.entities),
                }
                for button in reply.buttons
            ],
        }
        if reply.report:
            content["report"] = dict(reply.report)
        if reply.asks:
            content["asks"] = True
        dispatcher.utter_message(json_message={"reply": content})


def direct(dispatcher: CollectingDispatcher, directive: Mapping[str, Any]) -> None:
    """Ask the desk to do something."""
    dispatcher.utter_message(json_message={"directive": dict(directive)})


def handoff(dispatcher: CollectingDispatcher, reason: str, summary: str, urgency: str | None = None) -> None:
    """Ask the desk for a person. `reason` is asked, unsure, distress or failed; `urgency` the kind of danger."""
    direct(dispatcher, {"type": "handoff", "reason": reason, "summary": summary, "urgency": urgency})


def slot(name: str, value: Any) -> Event:
    """Set a slot."""
    return {"event": "slot", "timestamp": None, "name": name, "value": value}


def leave_form() -> list[Event]:
    """End the active form."""
    return [{"event": "active_loop", "timestamp": None, "name": None}, slot("requested_slot", None)]
