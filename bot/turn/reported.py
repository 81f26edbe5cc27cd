"""The report form's input: the parse of its own words, and each further problem.

`matters` in a parse is a list of {text, service, entities}, one for each problem that begins in this message; `own` says
whether the parse's own text is an answer to the form. `left` are the words of questions that get no answer now.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from rasa.shared.core.trackers import DialogueStateTracker

from bot.turn.details import Details, find_details
from bot.turn.matters import REPORT, Current, Matters, Read, Told

GIVE_DETAILS = "give_details"
LONGEST_QUOTE = 120  # characters of a question that is quoted as left


def current_report(tracker: DialogueStateTracker) -> Current | None:
    """The active form's report; None if no form is active."""
    if not tracker.active_loop_name:
        return None
    slots = tracker.current_slot_values()
    location = slots.get("draft_location") or {}
    address = location.get("address") or slots.get("draft_street")
    return Current(str(slots.get("requested_slot") or ""), slots.get("draft_service"), address)


def reported(told: Told, whole: Mapping[str, Any], read: Read) -> list[dict[str, Any]]:
    """The parses of a message with several parts, in the order in which they are answered: questions first."""
    language = whole.get("language")
    matters = [_matter(text, service, read, language) for text, service in told.reports]
    spoken = {"language": language, "left": told.left, "matters": matters}
    if told.own:
        return [*told.questions, {**read(told.own), **spoken, "own": True}]
    if matters:
        last = {
            **read(str(matters[0]["text"])),
            "intent": {"name": REPORT, "confidence": 1.0},
            "reason": None,
        }
        return [*told.questions, {**last, **spoken, "own": False}]
    return [*told.questions[:-1], {**told.questions[-1], **spoken, "own": True}]


def _matter(text: str, service: str | None, read: Read, language: str | None) -> dict[str, Any]:
    parse = read(text)
    entities = parse["entities"]
    likely = {"likely_service": parse.get("likely_service")}
    details = find_details(text, entities, language)  # a unit belongs to the place beside it
    if details is None or not details.rest:
        return {"text": text, "service": service, "entities": entities, **likely}
    rest = details.rest
    return {
        "text": rest,
        "service": service,
        "entities": read(rest)["entities"],
        "unit": details.told.get("unit"),
        **likely,
    }


def several(parses: list[dict[str, Any]]) -> bool:
    """Whether a message reports more than one problem."""
    return any(len(parse.get("matters", ())) + bool(parse.get("own")) > 1 for parse in parses)


def only(details: Details, intent: str = GIVE_DETAILS) -> dict[str, Any]:
    """Changes to the parse of a message that contains details and nothing else."""
    return {
        "intent": {"name": intent, "confidence": 1.0},
        "reason": None,
        "alarm": False,
        "details": details.told,
        "details_only": True,
    }


def with_caption(parse: Mapping[str, Any], matters: Matters, read: Read) -> dict[str, Any]:
    """A photo's parse with what its caption says: place, service, contact, and each problem of several."""
    caption = next((str(one["value"]) for one in parse["entities"] if one["entity"] == "caption"), "")
    if not caption.strip():
        return dict(parse)
    whole = read(caption)
    details = find_details(caption, whole["entities"], whole.get("language"))
    if details:
        caption, whole = details.rest, read(details.rest)
    told = matters.split(caption, whole, read)
    given = [one for one in parse["entities"] if one["entity"] != "caption"]
    captioned = {
        **parse,
        "text": caption,
        "entities": [*given, *whole["entities"]],
        "language": whole.get("language"),
    }
    if details:
        captioned["details"] = details.told
    if told and len(told.reports) > 1:
        captioned["matters"] = reported(told, whole, read)[-1]["matters"]
    return captioned


def quoted(left: list[str]) -> str:
    """The questions that are left, each in its own words."""
    short = [text if len(text) <= LONGEST_QUOTE else f"{text[:LONGEST_QUOTE].rstrip()} …" for text in left]
    return "\n".join(f"- {text}" for text in short)
