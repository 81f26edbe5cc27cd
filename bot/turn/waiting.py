"""Handles messages of contacts who wait for a person: what may be answered meanwhile, and whether they want to leave.

Only a clear question is answered. The dialogue's state does not change: the message is meant for the person.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Any

LEAVING = frozenset({"cancel_handoff", "back_to_bot", "stop"})
PLACE = frozenset({"ask_place", "talk_to_person"})
CHOSEN = "choose_answer"
LENGTHS = frozenset({"duration"})
PERHAPS_PLACE = 0.25  # the confidence from which a guess is enough to tell the position
DISTRESS, DANGER, PERHAPS = "distress", "danger", "perhaps"


def while_waiting(
    parses: Sequence[Mapping[str, Any]], topics: Collection[str], asked: str | None = None
) -> tuple[list[dict[str, Any]], str]:
    """The replies, and the wish: leave, place or stay. `parses` are the message's questions, one or several. `asked`: the
    part of an answer that the message asks for and nothing else; "how long?" is about the queue."""
    if asked in LENGTHS and not urgency_of(parses) and _intent(parses[0])[0] not in LEAVING:
        return [], "place"
    replies = []
    if urgency := urgency_of(parses):
        vague = any(parse.get("urgency") == PERHAPS for parse in parses)
        response = "utter_distress_perhaps" if vague else f"utter_danger_{urgency}"
        replies.append({**_reply(response), "variables": {"line": ""}})
    for parse in parses:
        name, confidence = _intent(parse)
        if urgency and parse.get("alarm"):
            continue  # said already, with what to do
        if topic := _topic(parse, name, confidence, topics):
            replies.append({**_reply(f"utter_{topic}"), "answer": topic})
    name, confidence = _intent(parses[0])
    if not replies and _leans_to_place(parses[0]):
        return replies, "place"
    sure = confidence >= _threshold(parses[0], "sure")
    if name in LEAVING and sure and len(parses) == 1:
        return replies, "leave"
    return replies, "place" if name in PLACE and sure else "stay"


def _leans_to_place(parse: Mapping[str, Any]) -> bool:
    """Whether it may ask for the position in the queue: telling it once too often does no harm."""
    guesses = list(parse.get("intent_ranking") or ())[:2]
    return any(one["name"] == "ask_place" and float(one["confidence"]) >= PERHAPS_PLACE for one in guesses)


def urgency_of(parses: Sequence[Mapping[str, Any]]) -> str | None:
    """The kind of danger that the message reports, or None."""
    for parse in parses:
        name, confidence = _intent(parse)
        if kind := parse.get("urgency"):
            return DANGER if kind == PERHAPS else str(kind)
        if name == DISTRESS and confidence >= _threshold(parse, "sure"):
            return DANGER
    return None


def _topic(parse: Mapping[str, Any], name: str, confidence: float, topics: Collection[str]) -> str | None:
    if name == CHOSEN:
        chosen = next((e["value"] for e in parse.get("entities") or () if e["entity"] == "answer"), None)
        return str(chosen) if chosen in topics else None
    if name not in topics or parse.get("reason"):
        return None
    if parse.get("alarm"):
        return name
    return name if confidence >= _threshold(parse, "sure" if parse.get("question") else "strict") else None


def _intent(parse: Mapping[str, Any]) -> tuple[str, float]:
    intent = parse.get("intent") or {}
    return str(intent.get("name")), float(intent.get("confidence") or 0.0)


def _threshold(parse: Mapping[str, Any], name: str) -> float:
    return float((parse.get("thresholds") or {}).get(name, 1.0))


def _reply(response: str) -> dict[str, Any]:
    return {"response": response, "answer": None, "variables": {}, "buttons": [], "text": ""}
