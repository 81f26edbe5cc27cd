"""The form of a notice: area, times, answers and texts, as fields and back. Pure."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta, tzinfo
from typing import Any

from city.boundary import area_text, read_area
from city.errors import CityError
from city.notices.districts import District
from desk.notices.checking import LONGEST, PARTS, NoticeRefused
from desk.store.notices.notices import Content

SCENARIOS = {
    "storm": "Storm",
    "flood": "Flood",
    "outage": "Power cut",
    "water": "Drinking water",
    "evacuation": "Evacuation",
    "unrest": "Unrest",
    "health": "Health",
}
LEVELS = {"watch": "Watch", "alert": "Alert", "emergency": "Emergency", "recovery": "Recovery"}
STATES = {"draft": "Draft", "proposed": "Waits for release", "released": "Released", "dropped": "Dropped"}
KINDS = {"first": "First message", "update": "Update", "all_clear": "All clear"}
OUTCOMES = {
    "read": "Read",
    "reached": "Reached",
    "waiting": "Waiting",
    "refused": "Refused",
    "not_reachable": "Not reachable",
    "opted_out": "Opted out",
    "superseded": "Replaced before it was sent",
}
EVENTS = {
    "written": "Written",
    "changed": "Changed",
    "proposed": "Proposed",
    "sent_back": "Sent back",
    "released": "Released",
    "dropped": "Dropped",
}
MOST = {**LONGEST, "short": 480}
LONGEST_FIELD = 60_000
_MINUTE = "%Y-%m-%dT%H:%M"


def fields_of(content: Content, zone: tzinfo) -> dict[str, str]:
    """What the form shows for this content."""
    area = content.area
    circle = next(iter(area.get("circles") or ()), None)
    polygon = next(iter(area.get("polygons") or ()), None)
    return {
        "level": content.level,
        "starts": content.starts_at.astimezone(zone).strftime(_MINUTE),
        "ends": content.ends_at.astimezone(zone).strftime(_MINUTE),
        "topics": "\n".join(content.topics),
        "overrides": "\n".join(content.overrides),
        "polygon": area_text(polygon) if polygon else "",
        **{f"district-{name}": "yes" for name in area.get("districts") or ()},
        **({name: str(value) for name, value in circle.items()} if circle else {}),
        **{
            f"{language}-{part}": text.get(part, "")
            for language, text in content.texts.items()
            for part in PARTS
        },
    }


def content_from(
    values: Mapping[str, str],
    languages: Sequence[str],
    districts: Sequence[District],
    zone: tzinfo,
    now: datetime,
) -> Content:
    """The content that the fields mean. Without a start it begins now, without an end it holds for 12 hours. Raises
    NoticeRefused."""
    problems: list[str] = []
    starts = _moment(values.get("starts", ""), "start", zone, problems) or now
    ends = _moment(values.get("ends", ""), "end", zone, problems) or starts + timedelta(hours=12)
    area = area_from(values, districts, problems)
    level = values.get("level", "")
    if level not in LEVELS:
        problems.append("Choose a level.")
    if problems:
        raise NoticeRefused(problems)
    return Content(
        level, area, values.get("topics", "").split(), values.get("overrides", "").split(),
        texts_from(values, languages), starts, ends,
    )  # fmt: skip


def texts_from(
    values: Mapping[str, str], languages: Sequence[str], before: str = ""
) -> dict[str, dict[str, str]]:
    """The texts by language; `before` stands before the fields' names."""
    return {
        language: {part: values.get(f"{before}{language}-{part}", "").strip() for part in PARTS}
        for language in languages
    }


def area_from(
    values: Mapping[str, str], districts: Sequence[District], problems: list[str]
) -> dict[str, Any]:
    """The area that the fields mean; what is wrong goes to `problems`."""
    area: dict[str, Any] = {
        "districts": [one.name for one in districts if values.get(f"district-{one.name}")]
    }
    try:
        if corners := read_area(values.get("polygon", "")):
            area["polygons"] = [corners]
    except CityError as error:
        problems.append(f"Polygon: {error}")
    circle = {name: values.get(name, "").strip() for name in ("latitude", "longitude", "kilometres")}
    if any(circle.values()):
        try:
            area["circles"] = [{name: float(one) for name, one in circle.items()}]
        except ValueError:
            problems.append("Give the circle's latitude, longitude and kilometres as numbers, such as 41.05.")
    if not any(area.values()) and not values.get("everywhere"):
        problems.append("Choose districts, or tick that it is for the whole city.")
    if values.get("everywhere") and any(area.values()):
        problems.append("It is either for the whole city or for a part of it.")
    return area


def _moment(text: str, name: str, zone: tzinfo, problems: list[str]) -> datetime | None:
    if not text.strip():
        return None
    try:
        return datetime.strptime(text.strip()[:16], _MINUTE).replace(tzinfo=zone)
    except ValueError:
        problems.append(f"Give the {name} as a day and a time.")
        return None
