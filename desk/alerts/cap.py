"""CAP 1.2 (OASIS, 1 July 2010), read strictly: the names, how often each may be there, and the words of the standard. Pure.

A document that breaks the standard is refused with a sentence, which the console shows: half an alert is worse than none.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import get_args
from xml.etree.ElementTree import Element

from city.coordinates import read_latitude, read_longitude
from city.notices.alerts import Certainty, Severity, Urgency
from desk.alerts.xml import Unreadable

NAMESPACE = "urn:oasis:names:tc:emergency:cap:1.2"
SIGNATURE = "{http://www.w3.org/2000/09/xmldsig#}Signature"
STATUSES = ("Actual", "Exercise", "System", "Test", "Draft")
KINDS = ("Alert", "Update", "Cancel", "Ack", "Error")
SCOPES = ("Public", "Restricted", "Private")
CATEGORIES = (
    "Geo", "Met", "Safety", "Security", "Rescue", "Fire", "Health", "Env", "Transport", "Infra", "CBRNE", "Other",
)  # fmt: skip
MOST_INFOS, MOST_CORNERS, MOST_REFERENCES = 40, 2_000, 500
LONGEST = 20_000
"""Characters of a text; longer ones are cut."""
_ALERT = {
    "identifier": 1, "sender": 1, "sent": 1, "status": 1, "msgType": 1, "source": 1, "scope": 1, "restriction": 1, "addresses": 1,
    "code": 0, "note": 1, "references": 1, "incidents": 1, "info": 0,
}  # fmt: skip
_INFO = {
    "language": 1, "category": 0, "event": 1, "responseType": 0, "urgency": 1, "severity": 1, "certainty": 1, "audience": 1,
    "eventCode": 0, "effective": 1, "onset": 1, "expires": 1, "senderName": 1, "headline": 1, "description": 1, "instruction": 1,
    "web": 1, "contact": 1, "parameter": 0, "resource": 0, "area": 0,
}  # fmt: skip
_AREA = {"areaDesc": 1, "polygon": 0, "circle": 0, "geocode": 0, "altitude": 1, "ceiling": 1}
"""Names, and how often each may be there; 0: as often as it likes."""
_TIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d[+-]\d\d:\d\d")
_NO_ID = re.compile(r"[\s,<&]")

Reference = tuple[str, str, datetime]
"""Sender, identifier, sent: what a message is known by."""


@dataclass(frozen=True, slots=True)
class Place:
    """One area of an info block: WGS 84 degrees as (latitude, longitude), kilometres, and (name, value) of geocodes."""

    description: str
    polygons: Sequence[tuple[tuple[float, float], ...]] = ()
    circles: Sequence[tuple[float, float, float]] = ()
    geocodes: Sequence[tuple[str, str]] = ()


@dataclass(frozen=True, slots=True)
class Info:
    """What is said in one language. The texts are the source's own."""

    language: str
    event: str
    urgency: str
    severity: str
    certainty: str
    expires: datetime | None
    headline: str = ""
    description: str = ""
    instruction: str = ""
    sender_name: str = ""
    web: str = ""
    places: Sequence[Place] = ()


@dataclass(frozen=True, slots=True)
class Alert:
    """One message. `signed`: there is an XML signature, which nobody here has checked."""

    sender: str
    identifier: str
    sent: datetime
    status: str
    kind: str
    scope: str
    references: Sequence[Reference] = ()
    infos: Sequence[Info] = ()
    signed: bool = False

    @property
    def reference(self) -> Reference:
        """What it is known by."""
        return self.sender, self.identifier, self.sent

    @property
    def ends_at(self) -> datetime | None:
        """The end of the info block that ends last; None if one has no end."""
        ends = [one.expires for one in self.infos]
        return None if not ends or None in ends else max(one for one in ends if one is not None)


def read_alert(root: Element) -> Alert:
    """The message. Raises Unreadable."""
    if root.tag != f"{{{NAMESPACE}}}alert":
        raise Unreadable("It is no CAP 1.2 document.")
    _allowed(root, _ALERT)
    kind = _word(root, "msgType", KINDS)
    infos = [_info(one) for one in _all(root, "info")]
    if len(infos) > MOST_INFOS:
        raise Unreadable("It has too many info blocks.")
    if kind in ("Alert", "Update") and not infos:
        raise Unreadable("It has no info block.")
    corners = sum(len(polygon) for info in infos for place in info.places for polygon in place.polygons)
    if corners > MOST_CORNERS:
        raise Unreadable("Its area has too many corners.")
    references = _references(_text(root, "references"))
    if kind in ("Update", "Cancel", "Ack", "Error") and not references:
        raise Unreadable(f"A message of the type {kind} must refer to an earlier one.")
    return Alert(
        _id(root, "sender"), _id(root, "identifier"), _needed_time(root, "sent"), _word(root, "status", STATUSES), kind,
        _word(root, "scope", SCOPES), references, infos, root.find(SIGNATURE) is not None,
    )  # fmt: skip


def _info(element: Element) -> Info:
    _allowed(element, _INFO)
    for category in _all(element, "category"):
        if (category.text or "").strip() not in CATEGORIES:
            raise Unreadable("'category' has a word that CAP does not know.")
    if not _all(element, "category"):
        raise Unreadable("'category' is missing.")
    return Info(
        (_text(element, "language") or "en-US").strip(), _needed(element, "event"),
        _word(element, "urgency", get_args(Urgency)), _word(element, "severity", get_args(Severity)),
        _word(element, "certainty", get_args(Certainty)), _time(element, "expires"),
        _text(element, "headline"), _text(element, "description"), _text(element, "instruction"),
        _text(element, "senderName"), _text(element, "web"), [_place(one) for one in _all(element, "area")],
    )  # fmt: skip


def _place(element: Element) -> Place:
    _allowed(element, _AREA)
    codes = []
    for one in _all(element, "geocode"):
        _allowed(one, {"valueName": 1, "value": 1})
        codes.append((_needed(one, "valueName"), _needed(one, "value")))
    return Place(
        _needed(element, "areaDesc"), [_polygon(one.text or "") for one in _all(element, "polygon")],
        [_circle(one.text or "") for one in _all(element, "circle")], codes,
    )  # fmt: skip


def _polygon(text: str) -> tuple[tuple[float, float], ...]:
    corners = [_point(one) for one in text.split()]
    if len(corners) < 4 or corners[0] != corners[-1]:
        raise Unreadable("A polygon must have four pairs or more, and end where it begins.")
    return tuple(corners[:-1])


def _circle(text: str) -> tuple[float, float, float]:
    parts = text.split()
    if len(parts) != 2:
        raise Unreadable("A circle must have a point and a radius.")
    radius = _number(parts[1])
    if radius < 0 or radius > 20_100:
        raise Unreadable("A circle has an impossible radius.")
    return (*_point(parts[0]), radius)


def _point(text: str) -> tuple[float, float]:
    latitude, comma, longitude = text.partition(",")
    north = read_latitude(_number(latitude)) if comma else None
    east = read_longitude(_number(longitude)) if comma else None
    if north is None or east is None:
        raise Unreadable("A point must be latitude,longitude in degrees.")
    return north, east


def _number(text: str) -> float:
    if not re.fullmatch(r"[+-]?\d{1,6}(\.\d{0,20})?", text):
        raise Unreadable("A number of an area cannot be read.")
    return float(text)


def _references(text: str) -> list[Reference]:
    found = []
    for one in text.split():
        parts = one.split(",")
        if len(parts) != 3 or not all(parts):
            raise Unreadable("'references' must have sender,identifier,sent for each earlier message.")
        found.append((parts[0], parts[1], _moment(parts[2], "references")))
    if len(found) > MOST_REFERENCES:
        raise Unreadable("It refers to too many messages.")
    return found


def _allowed(element: Element, names: dict[str, int]) -> None:
    counted: dict[str, int] = {}
    for child in element:
        space, _, name = str(child.tag)[1:].rpartition("}")
        if child.tag == SIGNATURE:
            continue
        if space != NAMESPACE or name not in names:
            raise Unreadable("It has an element that CAP 1.2 does not know.")
        counted[name] = counted.get(name, 0) + 1
        if names[name] and counted[name] > names[name]:
            raise Unreadable(f"'{name}' is there more than once.")


def _all(element: Element, name: str) -> list[Element]:
    return element.findall(f"{{{NAMESPACE}}}{name}")


def _text(element: Element, name: str) -> str:
    return (element.findtext(f"{{{NAMESPACE}}}{name}") or "").strip()[:LONGEST]


def _needed(element: Element, name: str) -> str:
    text = _text(element, name)
    if not text:
        raise Unreadable(f"'{name}' is missing.")
    return text


def _id(element: Element, name: str) -> str:
    text = _needed(element, name)
    if _NO_ID.search(text) or len(text) > 500:
        raise Unreadable(f"'{name}' has a sign that CAP does not allow in it.")
    return text


def _word(element: Element, name: str, words: Sequence[str]) -> str:
    text = _needed(element, name)
    if text not in words:
        raise Unreadable(f"'{name}' has a word that CAP does not know.")
    return text


def _time(element: Element, name: str) -> datetime | None:
    text = _text(element, name)
    return _moment(text, name) if text else None


def _needed_time(element: Element, name: str) -> datetime:
    return _moment(_needed(element, name), name)


def _moment(text: str, name: str) -> datetime:
    """CAP wants whole seconds and an offset; "-00:00" is UTC."""
    try:
        if not _TIME.fullmatch(text):
            raise ValueError(text)
        return datetime.fromisoformat(text).astimezone(UTC)
    except (ValueError, OverflowError):
        raise Unreadable(f"The time in '{name}' must be like 2026-01-31T12:00:00-05:00.") from None
