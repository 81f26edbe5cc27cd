"""Collects a turn's replies and directives, with names and variables beside the text. Rasa decides WHAT to
say, the desk HOW. So a reply contains the name of the response, the values of its
variables and a text in the city's first language for when the desk does not know the name.
"""

from __future__ import annotations

import json
import re
from typing import Any

from rasa.core.channels.channel import OutputChannel
from rasa.core.nlg.response import TemplatedNaturalLanguageGenerator
from rasa.shared.core.domain import Domain
from rasa.shared.core.trackers import DialogueStateTracker
from rasa.utils.endpoints import EndpointConfig

from bot.project import load_project
from bot.rasa_patches.actions_endpoint import sign_rasas_own_calls
from bot.settings import secret
from bot.turn.reported import quoted

_VARIABLE = re.compile(r"\{(\w+)\}")
_PAYLOAD = re.compile(r"/(\w+)(\{.*\})?", re.DOTALL)


class ContentGenerator(TemplatedNaturalLanguageGenerator):
    """Rasa's templates, but an unknown variable is no error (the desk knows it), and values are never expanded."""

    def __init__(self, endpoint_config: EndpointConfig, domain: Domain) -> None:
        super().__init__(domain.responses)
        if actions_secret := secret("CIVICDESK_ACTIONS_SECRET"):
            # `rasa shell` also builds this, and has no other place to prepare its calls.
            sign_rasas_own_calls(actions_secret)
        self._city = load_project().variables

    async def generate(
        self, utter_action: str, tracker: DialogueStateTracker, output_channel: str, **kwargs: Any
    ) -> dict[str, Any] | None:
        chosen = self._only(utter_action) or self._random_response_for(
            utter_action, output_channel, tracker.current_slot_values()
        )
        if chosen is None:
            return None
        response: dict[str, Any] = _copied(chosen)
        text = str(response.get("text") or "")
        names = {*(response.get("metadata") or {}).get("variables", ()), *_VARIABLE.findall(text)}
        known = {name: kwargs[name] if name in kwargs else _value(tracker, name) for name in sorted(names)}
        variables = {name: value for name, value in known.items() if value is not None}
        response["text"] = _fill(text, {**variables, **self._city})
        response["variables"] = variables
        return response

    def _only(self, utter_action: str) -> dict[str, Any] | None:
        """The response, if it has no variations: nothing is to be drawn."""
        variations: list[dict[str, Any]] = self.responses.get(utter_action) or []
        if len(variations) != 1 or variations[0].get("condition") or variations[0].get("channel"):
            return None
        return variations[0]


def _value(tracker: DialogueStateTracker, slot: str) -> Any:
    return tracker.slots[slot].value if slot in tracker.slots else None


class Collector(OutputChannel):
    """Collects what the actions of one turn say. `replies` and `directives` are as the contract gives them."""

    def __init__(self) -> None:
        self.replies: list[dict[str, Any]] = []
        self.directives: list[dict[str, Any]] = []
        self.ran: list[str] = []  # names of the actions of this turn
        self._question: dict[str, Any] | None = None

    @classmethod
    def name(cls) -> str:
        return "civicdesk"

    async def send_response(self, recipient_id: str, message: dict[str, Any]) -> None:
        custom = message.get("custom")
        if isinstance(custom, dict):
            self._take(custom)
        text, response = message.get("text"), message.get("utter_action")
        if text or response:
            metadata = message.get("metadata") or {}
            buttons = [_button(b) for b in message.get("buttons") or () if not b.get("own")]
            self.replies.append(
                {
                    "response": response,
                    "answer": metadata.get("answer"),
                    "part": None,
                    "variables": message.get("variables") or {},
                    "buttons": [button for button in buttons if button],
                    "text": text or "",
                }
            )

    def withdraw_question(self) -> None:
        """Withdraw the form's question if more of the same message is still to be answered."""
        self.replies = [reply for reply in self.replies if reply is not self._question]

    def leave_open(self, questions: list[str]) -> None:
        """Say which questions of the message get no answer now."""
        self.replies.append(
            {
                "response": "utter_questions_left",
                "answer": None,
                "variables": {"questions": quoted(questions)},
                "buttons": [],
                "text": "",
            }
        )

    def _take(self, custom: dict[str, Any]) -> None:
        directive, reply = custom.get("directive"), custom.get("reply")
        if isinstance(directive, dict):
            self.directives.append(directive)
        if isinstance(reply, dict):
            said = {
                "response": reply.get("response"),
                "answer": reply.get("answer"),
                "part": reply.get("part"),
                "variables": reply.get("variables") or {},
                "buttons": [_named(button) for button in reply.get("buttons") or ()],
                "text": reply.get("text") or "",
            }
            if isinstance(reply.get("report"), dict):
                said["report"] = reply["report"]
            self.replies.append(said)
            if reply.get("asks"):
                self._question = said

    @property
    def speaks(self) -> bool:
        """Whether the turn has a result for the citizen: a reply, or a person."""
        return bool(self.replies) or any(directive.get("type") == "handoff" for directive in self.directives)


def _named(button: dict[str, Any]) -> dict[str, Any]:
    return {
        "title": button.get("title"),
        "key": button.get("key"),
        "intent": button.get("intent"),
        "entities": button.get("entities") or {},
    }


def _button(button: dict[str, Any]) -> dict[str, Any] | None:
    """A button in Rasa's own form, {title, payload: "/intent{...}"}, or in ours; None if it leads nowhere."""
    if button.get("intent"):
        return _named(button)
    match = _PAYLOAD.fullmatch(str(button.get("payload") or ""))
    if not match:
        return None
    try:
        entities = json.loads(match[2]) if match[2] else {}
    except ValueError:
        return None
    return _named({"title": button.get("title"), "intent": match[1], "entities": entities})


def _copied(value: Any) -> Any:
    """Responses contain only YAML types, so this is simpler and faster than `deepcopy`."""
    if isinstance(value, dict):
        return {name: _copied(inner) for name, inner in value.items()}
    return [_copied(inner) for inner in value] if isinstance(value, list) else value


def _fill(text: str, values: dict[str, Any]) -> str:
    return _VARIABLE.sub(lambda match: str(values.get(match[1], match[0])), text)
