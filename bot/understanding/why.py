"""Which rule decided what a message is about, as a word that the desk explains to people (console/words.py)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

FALLBACK = "nlu_fallback"


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
