"""The building blocks of a settings form; and settings that are lists of rows: how many a form shows, their fields, and how
they are parsed."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from console.admin.hours_form import Values

ROWS = 40
"""Rows of a list that a form may have."""
SPARE = 2
"""Empty rows for what is added."""
NUMBER = "Write a whole number, such as 20."


@dataclass(frozen=True, slots=True)
class Field:
    """One field: `kind` is line, lines, box or choice; `choices` are values with their titles."""

    name: str
    title: str
    kind: str = "line"
    help: str = ""
    lang: str = ""
    longest: int = 200
    choices: Sequence[tuple[str, str]] = ()


@dataclass(frozen=True, slots=True)
class Group:
    """Fields with a common title; "" for none."""

    title: str
    fields: Sequence[Field]
    help: str = ""


def row_numbers(kind: str, values: Mapping[str, str]) -> range:
    """The rows to show: those that are used, and a few empty ones."""
    used = [
        int(name.split("-")[1])
        for name, one in values.items()
        if name.startswith(f"{kind}-") and one and not name.endswith(("-place", "-asks"))
    ]
    return range(min(ROWS, max(used, default=-1) + 1 + SPARE))


def row_values(rows: Sequence[Mapping[str, Any]], kind: str, said: Any) -> Values:
    """The fields of all rows, as text. `said` gives those of one row."""
    return {
        f"{kind}-{number}-{name}": text
        for number, one in enumerate(rows)
        for name, text in {"place": str(number + 1), **said(one)}.items()
    }


def reason_values(one: Mapping[str, Any]) -> Values:
    """The fields of a reason for resolving."""
    return {"name": one["name"], "title": one["title"], "asks": "yes" if one["asks"] else ""}


def sla_values(one: Mapping[str, Any]) -> Values:
    """The fields of a promise."""
    minutes = ("first_response", "next_response", "resolution")
    return {
        "team": one["team"] or "",
        "urgent": {None: "", True: "yes", False: "no"}[one["urgent"]],
        **{name: "" if one[name] is None else str(one[name]) for name in minutes},
        "always": "yes" if one["always"] else "",
    }


def reason_group(number: int, values: Mapping[str, str]) -> Group:
    """The fields of one reason for resolving."""
    name = values.get(f"reason-{number}-name", "")
    return Group(
        name or "A further reason",
        [
            Field(f"reason-{number}-place", "Place in the list", longest=3),
            Field(
                f"reason-{number}-name",
                "Short name",
                help="For reports, such as not_ours. Small letters, digits and _.",
                longest=40,
            ),
            Field(
                f"reason-{number}-title",
                "Title",
                help="" if name == "solved" else "Empty: this reason is taken away.",
                longest=80,
            ),
            Field(f"reason-{number}-asks", "Citizens are asked for a rating", "box"),
        ],
    )


def sla_group(number: int, teams: Sequence[tuple[str, str]]) -> Group:
    """The fields of one promise."""
    urgent = (("", "Urgent or not"), ("yes", "Urgent"), ("no", "Not urgent"))
    minutes = (
        ("first_response", "First response"),
        ("next_response", "Each next response"),
        ("resolution", "End"),
    )
    return Group(
        f"Promise {number + 1}",
        [
            Field(f"sla-{number}-place", "Place in the list", longest=3),
            Field(f"sla-{number}-team", "Team", "choice", choices=(("", "Every team"), *teams)),
            Field(f"sla-{number}-urgent", "Conversations", "choice", choices=urgent),
            *(Field(f"sla-{number}-{name}", f"{title}, in minutes", longest=6) for name, title in minutes),
            Field(f"sla-{number}-always", "Around the clock, not only in office hours", "box"),
        ],
        "The first that fits holds. Without any minutes it is taken away.",
    )


def read_rows(kind: str, values: Mapping[str, str], problems: dict[str, str], read: Any) -> list[Any]:
    """The rows in the order of their places; what is wrong goes to `problems` by field."""
    found = []
    for number in range(ROWS):
        row = {
            name.removeprefix(f"{kind}-{number}-"): one.strip()
            for name, one in values.items()
            if name.startswith(f"{kind}-{number}-")
        }
        wrong: dict[str, str] = {}
        one = read(row, wrong) if row else None
        problems |= {f"{kind}-{number}-{name}": text for name, text in wrong.items()}
        if one is not None:
            place = row.get("place", "")
            found.append((int(place) if _is_number(place) else ROWS, number, one))
    return [one for _, _, one in sorted(found, key=lambda entry: entry[:2])]


def read_reason(row: Mapping[str, str], problems: dict[str, str]) -> dict[str, Any] | None:
    """A reason for resolving, or None for an empty row."""
    name, title = row.get("name", ""), " ".join(row.get("title", "").split())
    if not title and name != "solved":
        return None
    if not name:
        problems["name"] = "Give a short name, such as not_ours."
    elif not (
        name.isascii() and name.replace("_", "").isalnum() and name == name.lower() and name[0].isalpha()
    ):
        problems["name"] = "Begin with a letter, and use a to z, 0 to 9 and _ only."
    return {"name": name, "title": title, "asks": bool(row.get("asks"))}


def read_sla(row: Mapping[str, str], problems: dict[str, str]) -> dict[str, Any] | None:
    """A promise, or None for an empty row."""
    names = ("first_response", "next_response", "resolution")
    if not any(row.get(name) for name in names):
        return None
    minutes = {name: read_number(name, row, problems) if row.get(name) else None for name in names}
    urgent = {"yes": True, "no": False}.get(row.get("urgent", ""))
    return {"team": row.get("team") or None, "urgent": urgent, **minutes, "always": bool(row.get("always"))}


def read_number(name: str, values: Mapping[str, str], problems: dict[str, str]) -> int:
    """A whole number from 1; 1 with an entry in `problems` where it is none."""
    text = values.get(name, "").strip()
    if not _is_number(text) or int(text) < 1:
        problems[name] = NUMBER
        return 1
    return int(text)


def _is_number(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) < 7
