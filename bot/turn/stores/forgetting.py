"""Takes the words of deleted messages out of a stored dialogue.

The course of the dialogue is kept: the intents, the answers to them, and the details of a report that was
begun. So the policies predict as before, and no later summary, repetition or question can quote the words.
"""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

INSTEAD = ""


def without_words(events: list[dict[str, Any]], message_ids: Collection[str]) -> bool:
    """Change these dumped events in place; whether anything had to be changed."""
    changed = False
    for event in events:
        if event.get("event") != "user" or event.get("message_id") not in message_ids:
            continue
        parse = event.get("parse_data") or {}
        event["text"] = INSTEAD
        event["metadata"] = {}
        event["parse_data"] = {
            "text": INSTEAD,
            "intent": parse.get("intent"),
            # Their names may be features of the policies, their values are the citizen's words.
            "entities": [_without_value(one) for one in parse.get("entities") or []],
        }
        changed = True
    return changed


def _without_value(entity: dict[str, Any]) -> dict[str, Any]:
    return {name: entity[name] for name in ("entity", "role", "group") if name in entity} | {"value": INSTEAD}
