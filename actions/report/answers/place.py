"""Where it is: an address typed, a place described, a location shared. Pure."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from actions.languages import WORDS
from actions.report.draft import Draft
from actions.turn import DialogueTurn
from actions.words import fold, has_words
from city.coordinates import read_latitude, read_longitude

LONGEST = 200  # characters of an address
_HOUSE_NUMBER = re.compile(r"(?<![\w.,-])\d{1,5}[a-zA-Z]?(?![\w-])")
_LEADING = re.compile(r"^\d{1,5}[a-zA-Z]? ")
_VAGUE = tuple(frozenset(words.vague.split()) for words in WORDS.values() if words.vague)
_EVERY_VAGUE = frozenset(word for words in _VAGUE for word in words)
_BESIDE = frozenset(fold(word) for words in WORDS.values() for word in words.beside)
# "My bin" does not say where it is.
_OWN = frozenset(word for words in WORDS.values() for word in words.own.split())
_OWN_WITHIN = 2  # words: "cerca de mi casa"
_STREET_AFTER = frozenset(word for words in WORDS.values() for word in words.streets_after.split())
_STREET_BEFORE = frozenset(word for words in WORDS.values() for word in words.streets_before.split())
_BESIDE_NUMBER = _EVERY_VAGUE | {word for words in WORDS.values() for word in words.numbers.split()}
_NUMBER = re.compile(
    r"(?:no\.?|nr\.?|number|house|numero|número|numéro|n°|nº|el|le|the|at|#|\s)*(\d{1,5}[a-z]?)\.?", re.I
)


def read_place(turn: DialogueTurn, draft: Draft) -> Draft | None:
    """The draft with the place that the gazetteer found in the message; None if it found none."""
    address = turn.entity("address")
    if not address:
        return None
    address = str(address)
    if any(character.isdigit() for character in address) or "/" in address:
        return replace(draft, location={"address": address[:LONGEST]}, street=None)
    return replace(draft, street=address)


def read_free_place(turn: DialogueTurn, draft: Draft) -> Draft | None:
    """The draft with the message itself as the place, together with a street named before."""
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


def is_vague(text: str, *, own: bool = True) -> bool:
    """Whether a text gives a place that only its writer knows: "around the corner", "near my house".

    A number, a street, or a name in capitals tells more than that. `own`: so does anything that the writer
    owns ("my bin was not emptied"); set it only if a place is expected.
    """
    if any(character.isdigit() for character in text) or len(text) > LONGEST:
        return False
    said = fold(text).replace(".", " ").split()
    if not said:
        return False
    if any(all(word in vague for word in said) for vague in _VAGUE):
        return True
    if not own:
        return False
    named = any(word[:1].isupper() and fold(word) not in _EVERY_VAGUE for word in text.split()[1:])
    return bool(_OWN.intersection(said)) and not named and not _names_street(said)


def with_number(pin: Mapping[str, Any], text: str) -> dict[str, Any] | None:
    """A position with another house number in its street: "no, it's number 60"; None if there is not exactly one number, or no street."""
    numbers = _HOUSE_NUMBER.findall(text)
    street = _LEADING.sub("", str(pin.get("address") or ""))
    if len(numbers) != 1 or not street or "," in street:
        return None
    return {**pin, "address": f"{numbers[0].upper()} {street}"}


def numbered_street(text: str, street: str) -> str | None:
    """The address that a house number alone completes: "number 20", "au 20"; None if the text says more."""
    numbers = _HOUSE_NUMBER.findall(text)
    rest = [word for word in fold(text).replace(".", " ").split() if not any(c.isdigit() for c in word)]
    if len(numbers) != 1 or not all(word in _BESIDE_NUMBER for word in rest):
        return None
    return f"{numbers[0].upper()} {street}"


def names_landmark(text: str, street: str) -> bool:
    """Whether a text names a landmark beside the place that others know too."""
    said = [word for word in fold(text).replace(".", " ").split() if word not in fold(street).split()]
    beside = f" {' '.join(said)} "
    return any(f" {word} " in beside for word in _BESIDE) and any(word not in _EVERY_VAGUE for word in said)


def names_own_place(text: str) -> bool:
    """Whether a text says that something is near what is the writer's own, and in no street: "by my house"."""
    said = fold(text).replace(".", " ").split()
    if _names_street(said) or any(character.isdigit() for character in text):
        return False
    leads = (lead.split() for lead in _BESIDE)
    return any(
        said[place : place + len(lead)] == lead
        and _OWN.intersection(said[place + len(lead) : place + len(lead) + _OWN_WITHIN])
        for lead in leads
        for place in range(len(said))
    )


def _names_street(said: Sequence[str]) -> bool:
    """Whether there is a street with a name: "baker street", "rue paradis"; "my street" has none."""
    after = (said[place - 1] for place, word in enumerate(said) if place and word in _STREET_AFTER)
    before = (said[place + 1] for place, word in enumerate(said[:-1]) if word in _STREET_BEFORE)
    return any(word not in _EVERY_VAGUE for word in (*after, *before))


def read_shared(turn: DialogueTurn) -> Mapping[str, Any] | None:
    """The location a citizen shared; None if the coordinates are invalid."""
    latitude, longitude = read_latitude(turn.entity("latitude")), read_longitude(turn.entity("longitude"))
    if latitude is None or longitude is None:
        return None
    place: dict[str, Any] = {"latitude": latitude, "longitude": longitude}
    label = turn.entity("label")
    if label:
        place["address"] = str(label)[:LONGEST]
    return place
