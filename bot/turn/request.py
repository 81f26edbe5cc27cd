"""One citizen message, strictly validated from the worker's request. Everything in it is untrusted.

A text is never a command. Rasa reads any text that begins with "/" as an intent with confidence 1.0,
entities included, and a deeply nested one crashes it, so leading slashes are removed here.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

LONGEST_TEXT = 4000
MOST_FORGOTTEN = 100  # messages of one call
DEEPEST = 6  # levels of lists and objects in entities and metadata
_COMMAND = re.compile(r"^[\s/]+")
_ID = re.compile("[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")  # as str(UUID) writes it
_UNSAYABLE = re.compile("[\x00\ud800-\udfff]")  # neither PostgreSQL nor UTF-8 can hold these


class BadTurn(Exception):
    """The body is not a turn. The message names the field, never its content."""


@dataclass(frozen=True)
class TurnRequest:
    """kind `text`: `text` is set. kind `payload`: `intent`, `entities` and perhaps a caption in `text`."""

    message_id: str
    conversation_id: str
    text: str
    intent: str | None
    entities: dict[str, Any] = field(default_factory=dict)
    language: str | None = None
    metadata: dict[str, Any] = field(default_factory=dict)

    @classmethod
    def read(cls, body: bytes) -> TurnRequest:
        """Raises BadTurn."""
        try:
            raw = json.loads(body)
        except (ValueError, RecursionError) as error:
            raise BadTurn("the body is not JSON") from error
        if not isinstance(raw, dict):
            raise BadTurn("the body is not an object")
        kind = raw.get("kind")
        if kind not in ("text", "payload"):
            raise BadTurn("kind must be text or payload")
        text, intent, language = (_optional(raw, name) for name in ("text", "intent", "language"))
        if kind == "text" and text is None:
            raise BadTurn("a text turn needs text")
        if kind == "payload" and not intent:
            raise BadTurn("a payload turn needs an intent")
        return cls(
            message_id=_id(raw, "message_id"),
            conversation_id=_id(raw, "conversation_id"),
            text=neutralise(text or ""),
            intent=intent if kind == "payload" else None,
            entities=_mapping(raw, "entities") if kind == "payload" else {},
            language=language,
            metadata=_mapping(raw, "metadata"),
        )


@dataclass(frozen=True)
class Forget:
    """Messages of one conversation that the citizen has deleted."""

    conversation_id: str
    message_ids: frozenset[str]

    @classmethod
    def read(cls, body: bytes) -> Forget:
        """Raises BadTurn."""
        try:
            raw = json.loads(body)
        except (ValueError, RecursionError) as error:
            raise BadTurn("the body is not JSON") from error
        ids = raw.get("message_ids") if isinstance(raw, dict) else None
        if not isinstance(ids, list) or not 0 < len(ids) <= MOST_FORGOTTEN:
            raise BadTurn("message_ids must be a list of UUIDs")
        return cls(
            _id(raw, "conversation_id"), frozenset(_id({"message_ids": one}, "message_ids") for one in ids)
        )


MOST_EMBEDDED, LONGEST_EMBEDDED = 16, 2_000


def read_texts(body: bytes) -> list[str]:
    """The texts of a request for vectors: a few, not empty, each cut to LONGEST_EMBEDDED characters. Raises BadTurn."""
    try:
        raw = json.loads(body)
    except (ValueError, RecursionError) as error:
        raise BadTurn("the body is not JSON") from error
    texts = raw.get("texts") if isinstance(raw, dict) else None
    if not isinstance(texts, list) or not 0 < len(texts) <= MOST_EMBEDDED:
        raise BadTurn(f"texts must be a list of at most {MOST_EMBEDDED}")
    if not all(isinstance(text, str) and text.strip() for text in texts):
        raise BadTurn("texts must be strings with words")
    return [_UNSAYABLE.sub("", text[:LONGEST_EMBEDDED]) or " " for text in texts]


def neutralise(text: str) -> str:
    """The text in a form that is safe for Rasa: not too long, no leading slash, nothing that cannot be stored."""
    return _COMMAND.sub("", _UNSAYABLE.sub("", text[:LONGEST_TEXT])).strip()


def _id(raw: dict[str, Any], name: str) -> str:
    value = raw.get(name)
    if isinstance(value, str) and _ID.fullmatch(value):
        return value
    try:
        return str(UUID(raw[name]))
    except (KeyError, ValueError, AttributeError, TypeError) as error:
        raise BadTurn(f"{name} must be a UUID") from error


def _optional(raw: dict[str, Any], name: str) -> str | None:
    value = raw.get(name)
    if value is not None and not isinstance(value, str):
        raise BadTurn(f"{name} must be a string")
    return value


def _mapping(raw: dict[str, Any], name: str) -> dict[str, Any]:
    value = raw.get(name) or {}
    if not isinstance(value, dict):
        raise BadTurn(f"{name} must be an object")
    cleaned: dict[str, Any] = _clean(value, name, DEEPEST)
    return cleaned


def _clean(value: Any, name: str, depth: int) -> Any:
    if depth == 0:
        raise BadTurn(f"{name} is nested too deep")
    if isinstance(value, str):
        return value if len(value) <= LONGEST_TEXT and value.isascii() and "\0" not in value else _said(value)
    if isinstance(value, list):
        return [_clean(inner, name, depth - 1) for inner in value]
    if isinstance(value, dict):
        return {_clean(key, name, depth): _clean(inner, name, depth - 1) for key, inner in value.items()}
    return value


def _said(text: str) -> str:
    return _UNSAYABLE.sub("", text[:LONGEST_TEXT])
