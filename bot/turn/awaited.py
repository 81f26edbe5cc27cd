"""A street that we asked for: alone, "12 Mill Lane" looks like a report's place; after our question it is the answer."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from bot.understanding.shape import plain

GIVE_PLACE = "give_place"
LOOK_UP, CHOOSE = "action_look_up", "action_choose_answer"
_LONGEST = 8  # words; a longer message says more than the street
_NO_TOPIC = frozenset(
    {"report_problem", "report_detail", "nlu_fallback", "share_location", "affirm", "deny", "correct"}
)


def as_place(parse: dict[str, Any], waits: object, last_action: str | None) -> dict[str, Any]:
    """The parse, or the same as an answer to our question: `waits` is the slot that the question set."""
    if not waits or last_action not in (LOOK_UP, CHOOSE) or parse.get("alarm"):
        return parse
    named = {str(entity.get("entity")) for entity in parse.get("entities") or ()}
    words = len(plain(parse["text"]).split())
    if "service" in named or not 0 < words <= _LONGEST:
        return parse
    intent = _intent(parse)
    if "street" in named and (intent in _NO_TOPIC or not parse.get("question")):
        return _given(parse)
    # Probably a street that is not in the gazetteer: nothing else was understood.
    return _given(parse) if intent in ("nlu_fallback", "report_detail") and _is_name(parse) else parse


def _is_name(parse: Mapping[str, Any]) -> bool:
    return not parse.get("question") and parse.get("reason") not in (
        "empty",
        "number",
        "unreadable",
        "foreign",
    )


def _intent(parse: Mapping[str, Any]) -> str | None:
    found = (parse.get("intent") or {}).get("name")
    return str(found) if found else None


def _given(parse: dict[str, Any]) -> dict[str, Any]:
    return {**parse, "intent": {"name": GIVE_PLACE, "confidence": 1.0}, "reason": None, "candidates": []}
