"""Reads the message of a turn into parses of the model: one for each question or report in it."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from rasa.shared.core.events import ActionExecuted
from rasa.shared.core.trackers import DialogueStateTracker

from bot.turn.awaited import SHARE, PlaceOfTopic, as_place
from bot.turn.details import find_details
from bot.turn.follow_up import FollowUps
from bot.turn.last_topic import LastTopic, moment
from bot.turn.matters import Matters
from bot.turn.moments import FILED, KEY
from bot.turn.parts import Parts, Piece
from bot.turn.reading import Reader
from bot.turn.reported import GIVE_DETAILS, current_report, only, reported, several, with_caption
from bot.turn.request import TurnRequest
from bot.understanding.courtesy import without_courtesy
from bot.understanding.language_wish import without_language_wish
from bot.understanding.order_wish import order_wish
from bot.understanding.people.danger_model import URGENT

ADD = "add_to_report"
REACHING = frozenset({"email", "phone", "unit"})  # given alone after a report was sent, they belong to it
LANGUAGE = "language"
STEP = "requested_slot"
PLACE_STEPS = frozenset({"draft_location", "draft_description", "draft_service"})
FALLBACK = "nlu_fallback"
MASK = "••••"  # desk/runtime/cards.py: where a card number stood, nothing is asked about the last answer
CHANGE_LANGUAGE = "change_language"
OF_RASA = frozenset({"action_listen", "action_session_start", "action_extract_slots"})
COMMANDS = frozenset(
    {"stop", "undo", "skip", "pause", "continue_report", "start_over", "repeat", "cancel_handoff"}
)
"""What a message still means with polite words around it."""
FORBIDDEN = frozenset({"restart", "back", "session_start"})  # Rasa's own commands are never buttons


@dataclass(frozen=True)
class Interpreter:
    """`read` is the model; the others divide a message into `parts` (questions) and `matters` (reports), and
    recognise `follow_ups` and a `place_of_topic`. `languages` are the city's."""

    read: Reader
    parts: Parts
    matters: Matters
    follow_ups: FollowUps
    place_of_topic: PlaceOfTopic
    languages: Sequence[str] = ()

    def read_text(
        self, turn: TurnRequest, known: str | None, tracker: DialogueStateTracker, last: LastTopic | None
    ) -> list[dict[str, Any]]:
        """The parses of the message: one, or one for each of its questions. What it says about the conversation itself, and
        not to the city, stands in no words of a parse: `wished` is the language asked for, `order` which report comes first.
        """
        whole = self.read(turn.text, {**turn.metadata, LANGUAGE: known})
        if (
            (rest := without_courtesy(turn.text))
            and not whole.get("alarm")
            and _intent(whole) not in COMMANDS
        ):
            meant = self.read(rest, {**turn.metadata, LANGUAGE: whole.get(LANGUAGE)})
            if _intent(meant) in COMMANDS:
                turn, whole = replace(turn, text=rest), meant
        wished = whole.get("wished") if not whole.get("alarm") and _intent(whole) != CHANGE_LANGUAGE else None
        if wished:  # "Prefiero español, hay un bache": the wish is no word of the report
            rest = without_language_wish(turn.text, whole.get(LANGUAGE), self.languages)
            turn = replace(turn, text=rest or turn.text)
            whole = {**self.read(turn.text, {**turn.metadata, LANGUAGE: known}), "wished": wished}
        in_form = tracker.active_loop_name is not None
        parses: list[dict[str, Any]] = []
        if not whole.get("alarm") and (asked := order_wish(turn.text, whole.get(LANGUAGE))):
            rest, wish = asked
            read = self.read(rest, {**turn.metadata, LANGUAGE: whole.get(LANGUAGE)})
            parses = self._about_city(replace(turn, text=rest), read, known, tracker, last)
            if several(parses) or (in_form and any(parse.get("matters") for parse in parses)):
                services = self._services_in(wish, turn, whole)
                parses = [_ordered(parse, wish, services) for parse in parses]
            else:
                parses = []
        if in_form and slot_value(tracker, STEP) in PLACE_STEPS:
            whole = self.place_of_topic.asked_for(whole)
        parses = parses or self._about_city(turn, whole, known, tracker, last)
        return [{**parse, "wished": wished} for parse in parses] if wished else parses

    def _services_in(self, wish: str, turn: TurnRequest, whole: dict[str, Any]) -> list[str]:
        read = self.read(wish, {**turn.metadata, LANGUAGE: whole.get(LANGUAGE)})
        return [str(one["value"]) for one in read["entities"] if one["entity"] == "service"]

    def _about_city(
        self,
        turn: TurnRequest,
        whole: dict[str, Any],
        known: str | None,
        tracker: DialogueStateTracker,
        last: LastTopic | None,
    ) -> list[dict[str, Any]]:
        given = as_place(whole, slot_value(tracker, "lookup_waits"), last_action(tracker))
        if given is not whole:
            return [self.place_of_topic.with_street(given)]
        in_form = tracker.active_loop_name is not None
        placed = whole if in_form else self.place_of_topic(whole, last, last_action(tracker))
        if placed is not whole:
            return [placed]
        if MASK not in turn.text and (
            follow_up := self.follow_ups(
                turn.text, whole, last, known, in_form=in_form, filed=FILED in (turn.metadata.get(KEY) or ())
            )
        ):
            return [follow_up]
        parses: list[dict[str, Any]] = []
        for units in (True, False):
            details = find_details(
                turn.text,
                whole["entities"],
                whole.get(LANGUAGE),
                slot_value(tracker, STEP),
                units=units,
                is_word=self.follow_ups.is_word,
            )
            if details is None:
                return self._parts(turn, turn.text, whole, tracker)
            if details.only:
                added = not in_form and _sent_here(turn.metadata) and REACHING & set(details.told)
                return [{**whole, **only(details, ADD if added else GIVE_DETAILS)}]
            rest = self.read(details.rest, {**turn.metadata, LANGUAGE: whole.get(LANGUAGE)})
            if whole.get("alarm"):
                return [{**whole, "details": details.told}]
            if rest.get("alarm"):
                # "Alguien me llamó" contains no name; without "me llamó" it would look like a request for a person.
                return self._parts(turn, turn.text, whole, tracker)
            parses = self._parts(turn, details.rest, rest, tracker)
            parses[0] = {**parses[0], "details": details.told}
            if "unit" not in details.told or not several(parses):
                break  # if there are several places, a unit belongs to the one beside it
        return parses

    def _parts(
        self, turn: TurnRequest, text: str, whole: dict[str, Any], tracker: DialogueStateTracker
    ) -> list[dict[str, Any]]:
        if whole.get("alarm") or whole.get("titled"):
            return [whole]
        metadata = {**turn.metadata, LANGUAGE: whole.get(LANGUAGE)}

        def read(one: str) -> dict[str, Any]:
            parse = self.read(one, metadata)
            found = find_details(one, parse["entities"], whole.get(LANGUAGE))
            return {**parse, **only(found)} if found and found.only else parse

        told = self.matters.split(text, whole, read, current_report(tracker))
        if told or tracker.active_loop_name:
            return reported(told, whole, read) if told else [whole]
        for way in self.parts.cuts(text):
            pieces = self._pieces(way, whole, metadata)
            if danger := _danger(pieces):
                return [danger]
            if any(piece.parse.get("urgency") or "only" in piece.parse for piece in pieces):
                # These words were searched for in the whole message: "n'ai plus | besoin d'une personne" is no request.
                continue
            chosen = self.parts.choose(pieces, whole)
            if chosen and self.parts.is_whole(chosen, whole):
                return [whole]
            if chosen:
                parses = [dict(piece.parse) for piece in chosen.pieces]
                return [*parses[:-1], {**parses[-1], "left": chosen.left}]
        return [whole]

    def _pieces(
        self, way: Sequence[tuple[str, bool]], whole: dict[str, Any], metadata: Mapping[str, Any]
    ) -> list[Piece]:
        """The pieces of one way to cut. "Is the pool open on Sunday, and how much is a ticket?": where the whole message is
        surely about the first piece's topic, a short question behind it is, too."""
        pieces: list[Piece] = []
        spoken = whole.get(LANGUAGE)
        topic: str | None = None
        for one, joined in way:
            parse = self.read(one, metadata)
            added = None
            if (
                topic
                and joined
                and topic == _intent(whole)
                and _is(whole, "strict")
                and not _is(parse, "strict")
            ):
                now = moment(metadata)
                added = self.follow_ups(
                    one,
                    {**parse, "intent": whole["intent"]},
                    LastTopic((topic,), None, now),
                    spoken,
                    in_form=False,
                )
            piece = Piece(one, parse, joined)
            if added and added.get("reason") is None and self.follow_ups.answers(added):
                piece = Piece(one, added, joined, added=True)
            elif piece.refers() and _is(parse, "sure"):
                named = self.follow_ups.names_something(one, spoken, parse.get(LANGUAGE))
                piece = replace(piece, named=named)
            pieces.append(piece)
            topic = _intent(parse) if _is(parse, "sure") else topic
        return pieces

    def read_payload(
        self,
        turn: TurnRequest,
        language: str | None,
        intents: Collection[str],
        last: LastTopic | None = None,
    ) -> dict[str, Any]:
        """A button, a photo or a place: the intent is known. An intent that the model does not know (any more) is unsure.
        `last`: the topic that a place may belong to, outside a form."""
        known = turn.intent in intents and turn.intent not in FORBIDDEN
        entities = [
            {"entity": name, "value": value, "extractor": "payload"} for name, value in turn.entities.items()
        ]
        parse = {
            "text": turn.text,
            "intent": {"name": turn.intent if known else FALLBACK, "confidence": 1.0 if known else 0.0},
            "intent_ranking": [],
            "entities": entities if known else [],
            "scope": None,
            "candidates": [],
            "reason": None if known else "unsure",
        }
        if turn.intent == SHARE:
            return self.place_of_topic.shared(parse, last)
        if turn.intent != "share_photo":
            return parse
        metadata = {**turn.metadata, LANGUAGE: language}
        return with_caption(parse, self.matters, lambda text: self.read(text, metadata))


def _intent(parse: Mapping[str, Any]) -> str | None:
    return (parse.get("intent") or {}).get("name")


def _is(parse: Mapping[str, Any], threshold: str) -> bool:
    """Whether the model is as sure as this threshold asks for."""
    least = float((parse.get("thresholds") or {}).get(threshold, 1.0))
    return float((parse.get("intent") or {}).get("confidence") or 0.0) >= least


def _danger(pieces: Sequence[Piece]) -> dict[str, Any] | None:
    """The sentence that the danger model finds urgent; between others it saw less of it: "I sent the form on Monday. My
    neighbour is lying on the stairs and doesn't answer. When will I hear from you?" """
    for piece in pieces:
        level = (piece.parse.get("danger") or {}).get("level")
        if level == URGENT and piece.parse.get("urgency") and not piece.joined:
            return dict(piece.parse)
    return None


def _sent_here(metadata: Mapping[str, Any]) -> bool:
    """Whether a report was sent in this conversation."""
    reports = metadata.get("own_reports")
    return isinstance(reports, (list, tuple)) and any(
        one.get("here") for one in reports if isinstance(one, Mapping)
    )


def _ordered(parse: dict[str, Any], wish: str, services: list[str]) -> dict[str, Any]:
    if not parse.get("matters"):
        return parse
    return {**parse, "order": {"text": wish, "services": services}}


def last_action(tracker: DialogueStateTracker) -> str | None:
    """The last action before this message, without Rasa's own."""
    names = (event.action_name for event in reversed(tracker.events) if type(event) is ActionExecuted)
    return next((name for name in names if name and name not in OF_RASA), None)


def slot_value(tracker: DialogueStateTracker, name: str) -> Any:
    """The slot's value; None where it is empty or unknown."""
    found = tracker.slots.get(name)
    return found.value if found else None
