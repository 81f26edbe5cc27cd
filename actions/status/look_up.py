"""action_status: tells the citizen the status of a report."""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from rasa_sdk import Tracker
from rasa_sdk.executor import CollectingDispatcher

from actions.context import Context, Desk
from actions.filed.reports import own_reports
from actions.phrases import day_in_words
from actions.registers.cases import Cases
from actions.say import Button, Event, Reply, say, slot
from actions.status.reference import find_exact, find_reference, find_strange, looks_tried
from actions.turn import DialogueTurn, read_turn
from backends.base import BackendError, RequestStatus, UnknownReference

LOOK_UP_SECONDS = 5.0
NOTES_LENGTH = 600
MOST_CHOICES = 5


@dataclass(frozen=True, slots=True)
class Own:
    """One of the contact's own numbers; `backend` is None if the desk does not name it."""

    reference: str
    backend: str | None


@dataclass(frozen=True, slots=True)
class Place:
    """A number, and a back end that may have assigned it."""

    reference: str
    desk: Desk

    def is_one_of(self, own: Sequence[Own]) -> bool:
        """Whether the contact filed it. The back end matters: another one may use the same number."""
        return any(one.reference == self.reference and one.backend in (None, self.desk.name) for one in own)


class Status:
    """Reads a reference number's status, asks for the number, or offers the contact's own."""

    def __init__(self, context: Context, cases: Cases) -> None:
        self._context = context
        self._cases = cases

    def name(self) -> str:
        return "action_status"

    async def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]
    ) -> list[Event]:
        turn = read_turn(tracker, self._context.languages)
        if (of_a_register := await self._cases.begin(dispatcher, turn)) is not None:
            return [*of_a_register, slot("awaiting_reference", None)]
        reply, waiting = await self.answer(turn)
        say(dispatcher, reply)
        return [slot("awaiting_reference", waiting)]

    async def answer(self, turn: DialogueTurn) -> tuple[Reply, bool | None]:
        """What to say, and whether we now wait for a number."""
        asked = bool(turn.slots.get("awaiting_reference"))
        named = numbers_in(turn, self._context.backends)
        if named:
            return await self._status(named, turn), None
        strange = find_strange(turn.text) if turn.typed else None
        if strange is not None:
            return Reply("utter_reference_not_ours", variables={"reference": strange}), True
        if asked and turn.typed and looks_tried(turn.text):
            return Reply("utter_reference_malformed"), True
        own, protected = own_numbers(turn), protected_numbers(turn)
        waiting = next((one for one in own_reports(turn) if one.on_its_way), None)
        if waiting is not None and not asked and (not own or waiting.here):
            named_so = waiting.named(self._context.services, turn.language)
            return Reply("utter_filed_on_its_way", variables={"report": named_so}), None
        if len(own) == 1 and not protected and not asked and turn.typed:
            found = self._places(own[0])
            if found:
                return await self._status(found, turn), None
        if not own and len(protected) == 1 and not asked and turn.typed:
            return _check_first(protected[0].reference), None
        if own or protected:
            # Of what is protected the number alone: what it is about is told after the check.
            numbers = list(dict.fromkeys(one.reference for one in (*own, *protected)))[:MOST_CHOICES]
            titles = {
                one.reference.upper(): one.title(self._context.services, turn.language)
                for one in own_reports(turn)
                if one.reference
            }
            buttons = tuple(
                Button("ask_status", {"reference": one}, title=titles.get(one, one)) for one in numbers
            )
            return Reply("utter_choose_reference", buttons=buttons), True
        # The form's own question follows at once, so this must not be a second one.
        return Reply("utter_ask_reference_later" if turn.form else "utter_ask_reference"), True

    def _places(self, own: Own) -> list[Place]:
        """Where a number of the contact's own is to be looked up."""
        return [
            Place(own.reference, desk)
            for desk in self._context.backends
            if own.backend in (None, desk.name) and find_reference(own.reference, desk.reference_pattern)
        ]

    async def _status(self, places: Sequence[Place], turn: DialogueTurn) -> Reply:
        """Asks the back ends one after the other, the contact's own first, within one limit of time."""
        own = own_numbers(turn)
        ordered = sorted(places, key=lambda place: not place.is_one_of(own))
        reference = ordered[0].reference
        if any(place.is_one_of(protected_numbers(turn)) for place in ordered):
            return _check_first(reference)
        unavailable = False
        try:
            async with asyncio.timeout(LOOK_UP_SECONDS):
                for place in ordered:
                    try:
                        status = await place.desk.backend.status(place.reference)
                    except UnknownReference:
                        continue
                    except BackendError:
                        unavailable = True
                        continue
                    return self._told(place, status, own=place.is_one_of(own), turn=turn)
        except TimeoutError:
            unavailable = True
        if not unavailable:
            return Reply("utter_reference_unknown", variables={"reference": reference})
        return Reply(
            "utter_status_unavailable",
            variables={"reference": reference},
            # so that "try again" needs no number
            buttons=(Button("ask_status", {"reference": reference}, key="again"),),
        )

    def _told(self, place: Place, status: RequestStatus, *, own: bool, turn: DialogueTurn) -> Reply:
        language, codes = turn.language, bool(turn.metadata.get("codes"))
        variables = {"reference": place.reference}
        code = self._context.services.service_at(place.desk.name, status.service_code)
        if not own and code and self._context.services.holds_personal_data(code):
            return _check_first(place.reference)
        if status.understood:
            word = "closed" if status.status == "closed" else "open"
        else:  # told as it is, because nobody knows what it means
            word, variables["word"] = "raw", status.raw_status
        if not own:
            # A code to the contact given at filing shows that it is theirs: the desk does the rest.
            proof = Button(
                "prove_request", {"reference": place.reference, "backend": place.desk.name}, "mine"
            )
            return Reply(f"utter_status_other_{word}", variables=variables, buttons=(proof,) if codes else ())
        details = self._details(status, place.desk.name, language)
        return Reply(f"utter_status_{word}", variables={**variables, "details": details})

    def _details(self, status: RequestStatus, backend: str, language: str) -> str:
        say_phrase = self._context.phrases.say
        services = self._context.services
        lines = []
        code = services.service_at(backend, status.service_code)
        if name := services.name(code, language) if code else status.service_name:
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


def numbers_in(turn: DialogueTurn, backends: Sequence[Desk]) -> list[Place]:
    """The reference number that a message names, at each back end whose number it may be."""
    asked = bool(turn.slots.get("awaiting_reference"))
    given = str(turn.entity("reference") or "")
    for text in (turn.text, given):
        exact = [(find_exact(text, desk.reference_pattern), desk) for desk in backends]
        if written := [Place(found, desk) for found, desk in exact if found]:
            return written  # "26-00000001" is no SR-0000-0001 whose letters are missing
    places = []
    for desk in backends:
        found = find_reference(given, desk.reference_pattern, asked=True) if given else None
        found = found or find_reference(turn.text, desk.reference_pattern, asked=asked)
        if found:
            places.append(Place(found, desk))
    return places


def _check_first(reference: str) -> Reply:
    """Nothing of it is told, not even whether it is open: a person checks first who asks."""
    return Reply("utter_status_protected", variables={"reference": reference})


def protected_numbers(turn: DialogueTurn) -> list[Own]:
    """The contact's own requests of which nothing may be told here before an identity check."""
    return _numbers(turn.metadata.get("own_protected"))


def own_numbers(turn: DialogueTurn) -> list[Own]:
    """The contact's own requests, latest first, as the desk gives them."""
    given = turn.metadata.get("own_requests")
    if isinstance(given, list | tuple):
        return _numbers(given)
    # A worker of the previous release does not name the back end.
    references = turn.metadata.get("own_references")
    return [Own(str(one).upper(), None) for one in references] if isinstance(references, list | tuple) else []


def _numbers(given: object) -> list[Own]:
    listed = given if isinstance(given, list | tuple) else ()
    return [
        Own(str(one.get("reference")).upper(), one.get("backend"))
        for one in listed
        if isinstance(one, Mapping)
    ]
