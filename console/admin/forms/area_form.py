"""The forms of four settings: area and time zone, offered languages, names of inboxes, and the
assistant's greetings there. Pure."""

from collections.abc import Mapping, Sequence
from typing import Any

from city.boundary import LONGEST_AREA, MOST_CORNERS, area_text, read_area
from city.errors import CityError
from city.hours import is_zone
from console.admin.hours_form import Values
from console.admin.setting_rows import Field, Group

_TITLE = "title-"
_GREETING = "greeting-"
_OFFERED = "offered-"


def area_values(value: Mapping[str, Any]) -> Values:
    """The fields of the area and the time zone."""
    return {
        "time_zone": value["time_zone"],
        "locality": "\n".join(value["locality"]),
        "boundary": area_text(value["boundary"]),
    }


def area_groups() -> Sequence[Group]:
    """What the form of the area shows."""
    return [
        Group(
            "",
            [
                Field("time_zone", "Time zone", help="A name such as America/New_York.", longest=60),
                Field("locality", "What addresses end with", "lines", "One a line: the county, the country.", longest=2_000),
                Field(
                    "boundary", "Where crews go", "area",
                    f"GeoJSON of one polygon without holes, {MOST_CORNERS} corners at most. Empty: everywhere.",
                    longest=LONGEST_AREA,
                ),
            ],
        )
    ]  # fmt: skip


def read_area_form(values: Mapping[str, str], problems: dict[str, str]) -> dict[str, Any]:
    """The area; what cannot be read goes to `problems` by field."""
    zone, boundary = values.get("time_zone", "").strip(), []
    if not is_zone(zone):
        problems["time_zone"] = "This is no time zone. Write a name such as America/New_York."
    try:
        boundary = read_area(values.get("boundary", ""))
    except CityError as error:
        problems["boundary"] = str(error)
    lines = [" ".join(line.split()) for line in values.get("locality", "").splitlines()]
    return {"time_zone": zone, "locality": [line for line in lines if line], "boundary": boundary}


def offered_values(chosen: Sequence[str], languages: Mapping[str, str]) -> Values:
    """The boxes of the languages; all are offered where none is chosen."""
    return {f"{_OFFERED}{code}": "yes" for code in chosen or languages}


def language_group(languages: Mapping[str, str]) -> Group:
    """What the form of the languages shows."""
    boxes = [Field(f"{_OFFERED}{code}", name, "box") for code, name in languages.items()]
    return Group(
        "Offered in the menus of the web chat", boxes,
        "People may write in the others, too, and are answered. The first language is always offered.",
    )  # fmt: skip


def offered(values: Mapping[str, str], languages: Mapping[str, str]) -> list[str]:
    """The languages whose boxes are on, with the first; none where that is all of them."""
    first = next(iter(languages), "")
    chosen = [code for code in languages if code == first or values.get(f"{_OFFERED}{code}")]
    return [] if len(chosen) == len(languages) else chosen


def title_values(titles: Mapping[str, str]) -> Values:
    """The fields of the inboxes' names."""
    return {f"{_TITLE}{name}": title for name, title in titles.items()}


def inbox_group(inboxes: Mapping[str, str]) -> Group:
    """What the form of the names shows; `inboxes` are names in city.yml with what they are called without a title."""
    fields = [
        Field(f"{_TITLE}{name}", name, help=f"Empty: {called}.", longest=60)
        for name, called in inboxes.items()
    ]
    return Group("What agents read instead of the channel", fields)


def inbox_titles(values: Mapping[str, str]) -> dict[str, str]:
    """The names that were given, by inbox."""
    given = {name: " ".join(text.split()) for name, text in values.items() if name.startswith(_TITLE)}
    return {name.removeprefix(_TITLE): title for name, title in given.items() if title}


def greeting_values(greetings: Mapping[str, Mapping[str, str]]) -> Values:
    """The fields of the greetings."""
    return {
        f"{_GREETING}{code}-{inbox}": text
        for inbox, texts in greetings.items()
        for code, text in texts.items()
    }


def greeting_groups(inboxes: Mapping[str, str], languages: Mapping[str, str], longest: int) -> list[Group]:
    """What the form of the greetings shows: each inbox with every language."""
    help = "Empty: the assistant's own greeting. {city} and {phone} stand for the settings. The buttons below it stay."
    return [
        Group(
            called,
            [
                Field(f"{_GREETING}{code}-{inbox}", name, "lines", lang=code, longest=longest)
                for code, name in languages.items()
            ],
            help,
        )
        for inbox, called in inboxes.items()
    ]


def greetings(values: Mapping[str, str], inboxes: Mapping[str, str]) -> dict[str, dict[str, str]]:
    """The greetings that were written, by inbox and language."""
    found: dict[str, dict[str, str]] = {}
    for field, text in values.items():
        code, _, inbox = field.removeprefix(_GREETING).partition("-")
        if field.startswith(_GREETING) and inbox in inboxes and text.strip():
            found.setdefault(inbox, {})[code] = text.strip()
    return found
