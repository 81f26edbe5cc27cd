"""action_status: what happened to a report, in words."""

import asyncio
from typing import Any

from rasa_sdk import Tracker
from rasa_sdk.executor import CollectingDispatcher

from actions.context import Context, Desk
from actions.phrases import day_in_words
from actions.say import Button, Event, Reply, say, slot
from actions.status.reference import find_reference, looks_tried
from actions.turn import DialogueTurn, read_turn
from backends.base import BackendError, RequestStatus, UnknownReference

LOOK_UP_SECONDS = 5.0
NOTES_LENGTH = 600
MOST_CHOICES = 5


class Status:
    """Reads a reference number's status, asks for the number, or offers the contact's own."""

    def __init__(self, context: Context) -> None:
        self._context = context

    def name(self) -> str:
        return "action_status"

    async def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]
    ) -> list[Event]:
        turn = read_turn(tracker, self._context.languages)
        reply, waiting = await self.answer(turn)
        say(dispatcher, reply)
        return [slot("awaiting_reference", waiting)]

    async def answer(self, turn: DialogueTurn) -> tuple[Reply, bool | None]:
        """What to say, and whether a number is waited for now."""
        asked = bool(turn.slots.get("awaiting_reference"))
        reference, desk = reference_of(turn, self._context.backends)
        if reference and desk:
            return await self._status(reference, desk, turn), None
        if asked and turn.typed and looks_tried(turn.text):
            return Reply("utter_reference_malformed"), True
        own = own_references(turn)
        if len(own) == 1 and not asked and turn.typed:
            found = _match(own[0], self._context.backends)
            if found:
                return await self._status(own[0], found, turn), None
        if own:
            buttons = tuple(Button("ask_status", {"reference": one}, title=one) for one in own[:MOST_CHOICES])
            return Reply("utter_choose_reference", buttons=buttons), True
        # A form's own question follows at once, so that this must not be another.
        return Reply("utter_ask_reference_later" if turn.form else "utter_ask_reference"), True

    async def _status(self, reference: str, desk: Desk, turn: DialogueTurn) -> Reply:
        try:
            async with asyncio.timeout(LOOK_UP_SECONDS):
                status = await desk.backend.status(reference)
        except UnknownReference:
            return Reply("utter_reference_unknown", variables={"reference": reference})
        except (BackendError, TimeoutError):
            return Reply(
                "utter_status_unavailable",
                variables={"reference": reference},
                # "Try again" then needs no number to be typed.
                buttons=(Button("ask_status", {"reference": reference}, key="again"),),
            )
        word = "closed" if status.status == "closed" else "open"
        if reference not in own_references(turn):
            return Reply(f"utter_status_other_{word}", variables={"reference": reference})
        details = self._details(status, turn.language)
        return Reply(f"utter_status_{word}", variables={"reference": reference, "details": details})

    def _details(self, status: RequestStatus, language: str) -> str:
        say_phrase = self._context.phrases.say
        services = self._context.services
        lines = []
        if status.service_code in services or status.service_name:
            code = status.service_code or ""
            name = services.name(code, language) if code in services else status.service_name
            lines.append(say_phrase("status_service", language, service=name))
        if status.requested_at:
            day = day_in_words(status.requested_at.astimezone(self._context.zone).date(), language)
            lines.append(say_phrase("status_date", language, date=day))
        if status.notes:
            lines.append(say_phrase("status_notes", language, notes=status.notes[:NOTES_LENGTH]))
        if status.expected_at and status.status != "closed":
            day = day_in_words(status.expected_at.astimezone(self._context.zone).date(), language)
            lines.append(say_phrase("status_expected", language, date=day))
        return "\n".join(f"- {line}" for line in lines)


def reference_of(
    turn: DialogueTurn, backends: tuple[Desk, ...] | list[Desk] | Any
) -> tuple[str | None, Desk | None]:
    """The reference number that a message names, and the back end whose number it is."""
    asked = bool(turn.slots.get("awaiting_reference"))
    given = str(turn.entity("reference") or "")
    for desk in backends:
        found = find_reference(given, desk.reference_pattern, asked=True) if given else None
        found = found or find_reference(turn.text, desk.reference_pattern, asked=asked)
        if found:
            return found, desk
    return None, None


def own_references(turn: DialogueTurn) -> list[str]:
    """The references of the contact's own reports, latest first, as the desk gives them."""
    given = turn.metadata.get("own_references")
    return [str(one).upper() for one in given] if isinstance(given, list | tuple) else []


def _match(reference: str, backends: Any) -> Desk | None:
    return next((desk for desk in backends if find_reference(reference, desk.reference_pattern)), None)
