"""CAP 1.2 (OASIS Common Alerting Protocol, 1 July 2010): one document for each released version. Pure.

The first version is an Alert, an update an Update, an all-clear a Cancel; the later ones refer to all earlier ones. Each language
is an info block of its own.
"""

from collections.abc import Sequence
from datetime import UTC, datetime
from urllib.parse import urlsplit
from xml.etree.ElementTree import Element, SubElement, tostring

from city import City
from city.notices.districts import District, read_area_of
from desk.notices.languages import words_of
from desk.notices.saying import Said, say
from desk.store.notices.notices import NoticeVersion

NAMESPACE = "urn:oasis:names:tc:emergency:cap:1.2"
TYPES = {"first": "Alert", "update": "Update", "all_clear": "Cancel"}
CATEGORIES = {
    "storm": "Met",
    "flood": "Met",
    "outage": "Infra",
    "water": "Health",
    "evacuation": "Safety",
    "unrest": "Security",
    "health": "Health",
}
"""Of the scenarios; the schema's own words."""
LEVELS = {
    "watch": ("Prepare", "Future", "Moderate", "Possible"),
    "alert": ("Prepare", "Expected", "Severe", "Likely"),
    "emergency": ("Execute", "Immediate", "Extreme", "Observed"),
    "recovery": ("AllClear", "Past", "Minor", "Observed"),
}
"""responseType, urgency, severity and certainty of a level."""
EVACUATE = "Evacuate"


def cap_document(versions: Sequence[NoticeVersion], number: int, city: City, page: str) -> bytes:
    """The document of version `number`; `versions` are all released ones, `page` is the notice's public address. Raises
    LookupError if that version was not released."""
    version = next((one for one in versions if one.version == number), None)
    if version is None or version.released_at is None:
        raise LookupError(number)
    alert = Element("alert", {"xmlns": NAMESPACE})
    _add(alert, "identifier", identifier_of(version, city))
    _add(alert, "sender", sender_of(city))
    _add(alert, "sent", cap_time(version.released_at))
    _add(alert, "status", "Test" if city.demo else "Actual")
    _add(alert, "msgType", TYPES[version.kind])
    _add(alert, "scope", "Public")
    if city.demo:
        _add(alert, "note", f"{city.name} is invented. This is a demonstration.")
    if earlier := [one for one in versions if one.version < number]:
        _add(alert, "references", " ".join(_reference(one, city) for one in earlier))
    for language in city.languages:
        if language in version.content.texts:
            _info(alert, version, say(version, language, city), city, page)
    made: bytes = tostring(alert, encoding="utf-8", xml_declaration=True)
    return made


def identifier_of(version: NoticeVersion, city: City) -> str:
    """Unique for the sender, without spaces, commas, < and &."""
    return f"{_host(city)}.{version.notice_id}.{version.version}"


def sender_of(city: City) -> str:
    """Globally unique, without spaces, commas, < and &."""
    return f"notices@{_host(city)}"


def cap_time(at: datetime) -> str:
    """A time as the schema wants it: whole seconds, and -00:00 for UTC."""
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S-00:00")


def _info(alert: Element, version: NoticeVersion, said: Said, city: City, page: str) -> None:
    info = SubElement(alert, "info")
    response, urgency, severity, certainty = LEVELS[version.content.level]
    _add(info, "language", said.language)
    _add(info, "category", CATEGORIES[version.scenario])
    _add(info, "event", words_of(said.language).scenarios[version.scenario])
    if version.scenario == "evacuation" and version.content.level == "emergency":
        response = EVACUATE
    _add(info, "responseType", response)
    _add(info, "urgency", urgency)
    _add(info, "severity", severity)
    _add(info, "certainty", certainty)
    _add(info, "effective", cap_time(version.content.starts_at))
    _add(info, "expires", cap_time(version.content.ends_at))
    _add(info, "senderName", city.name)
    _add(info, "headline", said.title)
    _add(info, "description", f"{said.text.what} {said.text.where} {said.text.more}")
    _add(info, "instruction", f"{said.text.act} {said.text.ask}")
    _add(info, "web", page)
    _add(info, "contact", city.phone)
    _area(info, version, said, city)


def _area(info: Element, version: NoticeVersion, said: Said, city: City) -> None:
    """Polygons and circles; for the whole city its boundary."""
    area = read_area_of(version.content.area)
    block = SubElement(info, "area")
    _add(block, "areaDesc", said.area)
    polygons = [*area.polygons, *(one.corners for one in _chosen(area.districts, city))]
    if area.everywhere and city.boundary:
        polygons = [city.boundary]
    for corners in polygons:
        _add(block, "polygon", " ".join(f"{lat:.6f},{long:.6f}" for lat, long in (*corners, corners[0])))
    for one in area.circles:
        _add(block, "circle", f"{one.latitude:.6f},{one.longitude:.6f} {one.kilometres:.3f}")


def _chosen(names: Sequence[str], city: City) -> list[District]:
    return [one for one in city.districts if one.name in names]


def _reference(version: NoticeVersion, city: City) -> str:
    assert version.released_at is not None
    return f"{sender_of(city)},{identifier_of(version, city)},{cap_time(version.released_at)}"


def _host(city: City) -> str:
    return urlsplit(city.website).hostname or "city.invalid"


def _add(parent: Element, name: str, text: str) -> None:
    SubElement(parent, name).text = text
