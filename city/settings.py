"""The settings that administrators change while the desk is running, in groups. Everything else in city.yml is read once, at start.

A value is a mapping of the group's fields, as stored in city.yml and in a JSON column.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import PurePath
from typing import Any
from urllib.parse import urlsplit

import msgspec

from city.boundary import MOST_CORNERS
from city.errors import CityError
from city.loader import check_city
from city.model import City

Value = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Setting:
    """One group: it is saved as a whole, and has one history. `fields` are those of City. `authored`: it counts who saved it,
    so that saving what city.yml says is a change too."""

    name: str
    title: str
    fields: tuple[str, ...]
    authored: bool = False


SETTINGS = (
    Setting(
        "contact", "City and contact", ("name", "website", "phone", "emergency_number", "office_address")
    ),
    Setting("area", "Area and time zone", ("time_zone", "locality", "boundary")),
    Setting("languages", "Languages in the menus", ("offered",)),
    Setting("inboxes", "Names of inboxes", ("inbox_titles",)),
    Setting("greetings", "Greetings of inboxes", ("greetings",)),
    Setting("crisis_lines", "Crisis lines", ("crisis_lines",)),
    Setting(
        "office_hours",
        "Office hours",
        ("office_hours", "country", "subdivision", "holidays", "special_days", "closed_texts"),
    ),
    Setting("resolve_reasons", "Reasons to resolve", ("resolve_reasons",)),
    Setting("sla", "Promises (SLA)", ("sla",)),
    Setting(
        "limits",
        "Limits",
        ("waiting_from_one_address", "handoffs_per_contact", "idle_hours", "idle_hours_with_draft"),
    ),
    Setting("partners", "Partner desks", ("partner_terms",)),
    Setting("requests", "Service requests", ("public_places",)),
    Setting("notices", "Notices", ("notice_rules",)),
    Setting("alerts", "Alerts of other services", ("alert_sources", "alert_rules"), authored=True),
    Setting("official", "Official accounts", ("official",)),
)
FIELDS = tuple(field for setting in SETTINGS for field in setting.fields)
LONGEST = 200
_NEEDED = {
    "waiting_from_one_address": "Write a whole number from 1 to 10000.",
    "handoffs_per_contact": "Write a whole number from 1 to 1000.",
    "idle_hours": "Write whole numbers of hours from 1 to 2000.",
    "idle_hours_with_draft": "Write a whole number of hours from 1 to 2000.",
    "country": "Write two capital letters, such as US, or nothing.",
    "locality": "Write one name a line.",
    "boundary": "Use the GeoJSON of one area.",
    "inbox_titles": "Write at most 60 characters for each inbox.",
    "partner_terms": "Give each partner a title, topics as in rent_help, and hours from 1 to 336.",
    "greetings": "Write at most 600 characters for each inbox and language.",
    "crisis_lines": "Write one number for each language, for the kinds of danger that have one.",
    "resolve_reasons": "Give each reason a short name and a title.",
    "sla": "Write whole minutes, 1 or more.",
    "closed_texts": "Write at most 600 characters for each language.",
    "alert_sources": "Give each source a short name, a title, an address, and seconds from 30 to 86400.",
    "alert_rules": "Give each rule a prepared message, and words of CAP for severity, urgency and certainty.",
    "official": "Write each line as its hint says: numbers in digits, domains in small letters, https addresses.",
    "notice_rules": "Choose who may release, at least one, and give the quiet hours as in 22:00-07:00.",
}
_LINES = ("name", "phone", "emergency_number", "office_address")


class ValueRefused(CityError):
    """The value is not valid. `problems` has a sentence by field."""

    def __init__(self, problems: Mapping[str, str]) -> None:
        super().__init__(" ".join(problems.values()))
        self.problems = problems


def setting_of(name: str) -> Setting | None:
    """The setting of this name."""
    return next((one for one in SETTINGS if one.name == name), None)


def value_of(city: City, setting: Setting) -> dict[str, Any]:
    """What this city has, as JSON holds it; defaults are written out, so that two values can be compared."""
    value: dict[str, Any] = msgspec.json.decode(
        msgspec.json.encode({field: getattr(city, field) for field in setting.fields})
    )
    return value


def read_value(city: City, setting: Setting, given: Value) -> dict[str, Any]:
    """`given` in the form in which it is stored. `city` is as it is now, with its present teams. Raises ValueRefused."""
    problems = {}
    for field in msgspec.structs.fields(City):
        if field.name not in setting.fields:
            continue
        try:
            msgspec.convert(given.get(field.name), field.type)
        except msgspec.ValidationError:
            problems[field.name] = _NEEDED.get(field.name, "This cannot be read.")
    if not problems:
        problems = _problems(setting, given)
    if problems:
        raise ValueRefused(problems)
    changed = with_values(city, {setting.name: given})
    try:
        check_city(changed, PurePath("city.yml"))
    except CityError as error:
        raise ValueRefused({setting.fields[0]: str(error).removeprefix("city.yml: ")}) from None
    return value_of(changed, setting)


def with_values(city: City, values: Mapping[str, Value]) -> City:
    """The city with these settings, by name; a field that a value lacks stays. Raises CityError if one has another shape."""
    known = {setting.name for setting in SETTINGS}
    return with_fields(
        city, {field: one for name in known & set(values) for field, one in values[name].items()}
    )


def with_fields(city: City, given: Value) -> City:
    """The city with these fields of its settings; what is no field of a setting does not count. Raises CityError."""
    kinds = {field.name: field.type for field in msgspec.structs.fields(City)}
    try:
        changes = {field: msgspec.convert(given[field], kinds[field]) for field in FIELDS if field in given}
    except msgspec.ValidationError as error:
        raise CityError(f"A stored setting cannot be read: {error}.") from None
    return msgspec.structs.replace(city, **changes)


def renew(city: City, fresh: City) -> None:
    """Give `city` the settings of `fresh`. Every part of a process holds the same City, so all have them at once.

    The one place where a City changes (ADR 55). Each field is replaced as a whole: who reads one sees the old or the new.
    """
    for field in FIELDS:
        msgspec.structs.force_setattr(city, field, getattr(fresh, field))


def _problems(setting: Setting, given: Value) -> dict[str, str]:
    problems = {}
    if setting.name == "contact":
        problems = {
            field: f"Write one line of at most {LONGEST} characters."
            for field in _LINES
            if not 1 <= len(given[field].strip()) <= LONGEST or "\n" in given[field]
        }
        parts = urlsplit(given["website"])
        if parts.scheme not in ("http", "https") or not parts.hostname or len(given["website"]) > LONGEST:
            problems["website"] = "Write an address such as https://www.city.example/."
    if setting.name == "area" and len(given["boundary"]) > MOST_CORNERS:
        problems["boundary"] = f"Simplify it to {MOST_CORNERS} corners."
    if setting.name == "area" and sum(len(one) for one in given["locality"]) > 2_000:
        problems["locality"] = "Write at most 2000 characters."
    if setting.name == "crisis_lines":
        numbers = [
            number for by_language in given["crisis_lines"].values() for number in by_language.values()
        ]
        if any(not 1 <= len(number) <= 60 for number in numbers):
            problems["crisis_lines"] = "Write a number of at most 60 characters."
    if setting.name == "resolve_reasons" and any(
        not one.get("title", "").strip() or len(one["title"]) > 80 for one in given["resolve_reasons"]
    ):
        problems["resolve_reasons"] = "Give each reason a title of at most 80 characters."
    return problems
