"""Keeps the description consistent with a correction: it is rewritten, or asked for again. Pure."""

import re
from dataclasses import replace
from typing import Any

from actions.report.draft import Draft
from actions.services import Services
from actions.words import fold

_NUMBER = re.compile(r"\d{1,5}[A-Za-z]?")


def retell(before: Draft, after: Draft, services: Services) -> Draft:
    """The draft after a message. If its service or place has changed, the description is adapted: an address
    is replaced where the description contains it literally, and a description that still names the old street or
    service is dropped, so that the form asks for it.
    """
    was: dict[str, Any] = {**before.was, **_replaced(before, after)}
    if after.description is None or after.description != before.description:
        kept = {name: value for name, value in was.items() if getattr(after, name) is None}
        return replace(after, was=kept)
    words: str | None = after.description
    if "service" in was and after.service is not None:
        old = was.pop("service")
        if old != after.service and services.is_named(str(old), words or ""):
            words = None
    if "location" in was and after.location is not None:
        words = _placed(words, str(was.pop("location")), str(after.location.get("address") or ""))
    return replace(after, description=words, was=was)


def _replaced(before: Draft, after: Draft) -> dict[str, Any]:
    gone: dict[str, Any] = {}
    if before.service and after.service != before.service:
        gone["service"] = before.service
    old = (before.location or {}).get("address") or before.street
    if old and ((after.location or {}).get("address") or after.street) != old:
        gone["location"] = old
    return gone


def _placed(words: str | None, old: str, new: str) -> str | None:
    if not words or fold(old) == fold(new):
        return words
    number = _NUMBER.search(old)
    street = _NUMBER.sub("", old).strip(" ,")
    forms = [old, f"{street} {number[0]}"] if number else [old]
    for form in forms:
        words = re.sub(re.escape(form), lambda _: new, words, flags=re.IGNORECASE) if new else words
    still = fold(street) in fold(words) and fold(street) not in fold(new)
    return None if still else words
