"""Where it is: an address typed, a place described, a location shared. Pure."""

import re
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from actions.report.draft import Draft
from actions.turn import DialogueTurn
from actions.words import fold, has_words
from city.coordinates import read_latitude, read_longitude

LONGEST = 200  # characters of an address
_NUMBER = re.compile(
    r"(?:no\.?|nr\.?|number|house|numero|número|numéro|n°|nº|el|le|the|at|#|\s)*(\d{1,5}[a-z]?)\.?", re.I
)


def read_place(turn: DialogueTurn, draft: Draft) -> Draft | None:
    """The draft with the place that the gazetteer found in the message; None: it found none."""
    address = turn.entity("address")
    if not address:
        return None
    address = str(address)
    if any(character.isdigit() for character in address) or "/" in address:
        return replace(draft, location={"address": address[:LONGEST]}, street=None)
    return replace(draft, street=address)


def read_free_place(turn: DialogueTurn, draft: Draft) -> Draft | None:
    """The draft with the message itself as the place, together with a street told before."""
    text = " ".join(turn.text.split())[:LONGEST]
    if len(text) < (1 if draft.street else 3) or not has_words(text):
        return None
    if draft.street is None:
        return replace(draft, location={"address": text})
    number = _NUMBER.fullmatch(text)
    if number:
        text = f"{number[1]} {draft.street}"
    elif fold(draft.street) not in fold(text):
        text = f"{draft.street}, {text}"
    return replace(draft, location={"address": text}, street=None)


def read_shared(turn: DialogueTurn) -> Mapping[str, Any] | None:
    """The location a citizen shared; None where it is no place on this earth."""
    latitude, longitude = read_latitude(turn.entity("latitude")), read_longitude(turn.entity("longitude"))
    if latitude is None or longitude is None:
        return None
    place: dict[str, Any] = {"latitude": latitude, "longitude": longitude}
    label = turn.entity("label")
    if label:
        place["address"] = str(label)[:LONGEST]
    return place
