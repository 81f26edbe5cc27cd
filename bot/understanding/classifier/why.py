"""Which rule decided what a message is about, as a word that the desk explains to people (console/words.py)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

FALLBACK, FOLLOW_UP = "nlu_fallback", "follow_up"


def decided_by(guess: str | None, by: str | None, parse: Mapping[str, Any]) -> str:
    """`guess` is the classifier's intent and `by` its reason to be sure of it; `parse` is what was decided in the end:

    title      the message is the text of a button or a title of ours
    danger, person   words say that somebody is in danger, or wants a person
    example    it equals a training example
    sure, eager   the model's confidence reached its threshold, or half of it where missing one is worse
    denies, form   the form of the sentence decided against the model's guess
    else the reason why nothing was sure: close, unsure, out_of_scope, foreign, empty, number, unreadable
    """
    intent = (parse.get("intent") or {}).get("name")
    if parse.get("titled"):
        return "title"
    if "only" in parse:
        return "danger" if parse.get("urgency") else "person"
    if reason := parse.get("reason"):
        return str(reason)
    if parse.get("denies"):
        return "denies"
    if intent == FALLBACK:
        return "unsure"
    return by if by and intent == guess else "form"


def kept_of(parse: Mapping[str, Any], *, tapped: bool) -> dict[str, Any]:
    """What the desk keeps of a parse, as the contract gives it."""
    intent = parse.get("intent") or {}
    at = parse.get("thresholds") or {}
    return {
        "decided": _decided(parse, tapped=tapped),
        "sure_from": at.get("sure"),
        "scope_from": at.get("scope"),
        "nearest": [] if tapped else parse.get("nearest") or [],
        "intent": intent.get("name"),
        "confidence": float(intent.get("confidence") or 0.0),
        "ranking": [
            {"intent": found["name"], "confidence": found["confidence"]}
            for found in parse.get("intent_ranking") or []
        ],
        "entities": parse.get("entities") or [],
        "scope": parse.get("scope"),
        "candidates": parse.get("candidates") or [],
        "reason": parse.get("reason"),
        "foreign": parse.get("foreign"),
    }


def _decided(parse: Mapping[str, Any], *, tapped: bool) -> str:
    """Which rule decided (bot/understanding/classifier/why.py), or that the dialogue did: `button`, `follow_up`, `details` (personal
    details alone), `dialogue` (what was said before)."""
    name, decided = (parse.get("intent") or {}).get("name"), parse.get("decided") or {}
    if tapped:
        return "button"
    if name == FOLLOW_UP:
        return "follow_up"
    if parse.get("details_only"):
        return "details"
    return str(decided.get("by")) if decided.get("intent") == name else "dialogue"
