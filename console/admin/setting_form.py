"""The forms of the city's settings: their fields as text, and what they mean. Reading a form that nobody changed gives the
same value. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, get_args

import msgspec

from city.hours import SpecialDay
from city.model import DangerKind
from console.admin.hours_form import (
    DAYS,
    Values,
    fits,
    read_special_days,
    read_texts,
    read_week,
    special_line,
    week_values,
)

ROWS = 40
"""Rows of a list that a form may have."""
SPARE = 2
"""Empty rows for what is added."""
NUMBER = "Write a whole number, such as 20."
CONTACT = {
    "name": "Name of the city",
    "website": "Website",
    "phone": "Telephone",
    "emergency_number": "Emergency number",
    "office_address": "Address of the office",
}
LIMITS = {
    "waiting_from_one_address": "Web chats from one network address that may wait at once",
    "handoffs_per_contact": "How often one citizen may be queued in an hour",
    "idle_hours_with_draft": "Hours without a message after which a conversation with a report under way ends",
}


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


@dataclass(frozen=True, slots=True)
class SettingForm:
    """`languages` and `channels` are the city's, `teams` have their titles; `dangers` names the kinds of danger."""

    languages: Mapping[str, str]
    channels: Mapping[str, str]
    teams: Sequence[tuple[str, str]]
    dangers: Mapping[str, str]

    def values(self, setting: str, value: Mapping[str, Any]) -> Values:
        """The form's fields for this value."""
        if setting == "contact":
            return {name: value[name] for name in CONTACT}
        if setting == "crisis_lines":
            return {
                f"{kind}-{language}": number
                for kind, numbers in value["crisis_lines"].items()
                for language, number in numbers.items()
            }
        if setting == "office_hours":
            days = msgspec.convert(value["special_days"], list[SpecialDay])
            return week_values(value["office_hours"]) | {
                "country": value["country"] or "",
                "subdivision": value["subdivision"] or "",
                "holidays": "\n".join(value["holidays"]),
                "special_days": "\n".join(special_line(day) for day in days),
                **{f"text-{language}": text for language, text in value["closed_texts"].items()},
            }
        if setting == "resolve_reasons":
            return _rows(value["resolve_reasons"], "reason", _reason_values)
        if setting == "sla":
            return _rows(value["sla"], "sla", _sla_values)
        if setting == "limits":
            return {name: str(value[name]) for name in LIMITS} | {
                f"idle-{channel}": str(hours) for channel, hours in value["idle_hours"].items()
            }
        return {name: "yes" if one else "" for name, one in value.items()}

    def groups(self, setting: str, values: Mapping[str, str]) -> Sequence[Group]:
        """What the form shows."""
        if setting == "contact":
            return [Group("", [Field(name, title) for name, title in CONTACT.items()])]
        if setting == "crisis_lines":
            return [
                Group(
                    self.dangers.get(kind, kind).capitalize(),
                    [Field(f"{kind}-{code}", name, longest=60) for code, name in self.languages.items()],
                )
                for kind in get_args(DangerKind)
            ]
        if setting == "office_hours":
            return self._hours()
        if setting == "resolve_reasons":
            return [self._reason(number, values) for number in _numbers("reason", values)]
        if setting == "sla":
            return [self._promise(number) for number in _numbers("sla", values)]
        if setting == "limits":
            idle = [Field(f"idle-{code}", name, longest=6) for code, name in self.channels.items()]
            return [
                Group("", [Field(name, title, longest=6) for name, title in LIMITS.items()]),
                Group(
                    "The assistant's conversations end after so many hours without a message", idle,
                    "Empty: 24 hours on web chat, 72 elsewhere.",
                ),
            ]  # fmt: skip
        title = "Everybody can read where a reported problem is, on our GeoReport server"
        return [Group("", [Field("public_places", title, "box")])]

    def meaning(self, setting: str, values: Mapping[str, str]) -> tuple[dict[str, Any], dict[str, str]]:
        """The value, and a sentence for each field that cannot be read."""
        problems: dict[str, str] = {}
        given: dict[str, Any]
        if setting == "contact":
            given = {name: " ".join(values.get(name, "").split()) for name in CONTACT}
        elif setting == "crisis_lines":
            given = {"crisis_lines": self._crisis_lines(values)}
        elif setting == "office_hours":
            given = _read_hours(values, problems)
        elif setting == "resolve_reasons":
            given = {"resolve_reasons": _read_rows("reason", values, problems, _read_reason)}
        elif setting == "sla":
            given = {"sla": _read_rows("sla", values, problems, _read_sla)}
        elif setting == "limits":
            given = {name: _number(name, values, problems) for name in LIMITS}
            idle = [name for name in values if name.startswith("idle-") and values[name].strip()]
            given["idle_hours"] = {
                name.removeprefix("idle-"): _number(name, values, problems) for name in idle
            }
        else:
            given = {"public_places": bool(values.get("public_places"))}
        return given, problems

    def _crisis_lines(self, values: Mapping[str, str]) -> dict[str, dict[str, str]]:
        lines: dict[str, dict[str, str]] = {}
        for kind in get_args(DangerKind):
            given = {code: values.get(f"{kind}-{code}", "").strip() for code in self.languages}
            if numbers := {code: number for code, number in given.items() if number}:
                lines[kind] = numbers
        return lines

    def _hours(self) -> Sequence[Group]:
        week = [Field(f"hours-{day}", day.removeprefix("hours-").capitalize()) for day in _DAYS]
        days = [
            Field("country", "Country of the public holidays", help="Two letters, such as US.", longest=2),
            Field("subdivision", "Part of the country", longest=10),
            Field(
                "holidays", "Further closing days", "lines", "One a line, such as 2026-12-31.", longest=4000
            ),
            Field(
                "special_days",
                "Special days",
                "lines",
                "One a line: 2026-12-24 | 08:00-12:00 | en: Christmas Eve. Several days: 2026-12-27..2026-12-30 | closed.",
                longest=4000,
            ),
        ]
        texts = [
            Field(f"text-{code}", name, "lines", lang=code, longest=600)
            for code, name in self.languages.items()
        ]
        return [
            Group(
                "Hours of the week", week,
                "Several spans with commas: 08:30-12:00, 13:00-17:00. Past midnight: 22:00-06:00. Empty: closed.",
            ),
            Group("Days that differ", days),
            Group(
                "What citizens are told outside the hours", texts,
                "{opens} stands for the next opening. Empty: the desk's own sentence.",
            ),
        ]  # fmt: skip

    def _reason(self, number: int, values: Mapping[str, str]) -> Group:
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

    def _promise(self, number: int) -> Group:
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
                Field(f"sla-{number}-team", "Team", "choice", choices=(("", "Every team"), *self.teams)),
                Field(f"sla-{number}-urgent", "Conversations", "choice", choices=urgent),
                *(
                    Field(f"sla-{number}-{name}", f"{title}, in minutes", longest=6)
                    for name, title in minutes
                ),
                Field(f"sla-{number}-always", "Around the clock, not only in office hours", "box"),
            ],
            "The first that fits holds. Without any minutes it is taken away.",
        )


_DAYS = tuple(name.removeprefix("hours-") for name in week_values({}))


def _numbers(kind: str, values: Mapping[str, str]) -> range:
    used = [
        int(name.split("-")[1])
        for name, one in values.items()
        if name.startswith(f"{kind}-") and one and not name.endswith(("-place", "-asks"))
    ]
    return range(min(ROWS, max(used, default=-1) + 1 + SPARE))


def _rows(rows: Sequence[Mapping[str, Any]], kind: str, said: Any) -> Values:
    return {
        f"{kind}-{number}-{name}": text
        for number, one in enumerate(rows)
        for name, text in {"place": str(number + 1), **said(one)}.items()
    }


def _reason_values(one: Mapping[str, Any]) -> Values:
    return {"name": one["name"], "title": one["title"], "asks": "yes" if one["asks"] else ""}


def _sla_values(one: Mapping[str, Any]) -> Values:
    minutes = ("first_response", "next_response", "resolution")
    return {
        "team": one["team"] or "",
        "urgent": {None: "", True: "yes", False: "no"}[one["urgent"]],
        **{name: "" if one[name] is None else str(one[name]) for name in minutes},
        "always": "yes" if one["always"] else "",
    }


def _read_rows(kind: str, values: Mapping[str, str], problems: dict[str, str], read: Any) -> list[Any]:
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


def _read_reason(row: Mapping[str, str], problems: dict[str, str]) -> dict[str, Any] | None:
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


def _read_sla(row: Mapping[str, str], problems: dict[str, str]) -> dict[str, Any] | None:
    names = ("first_response", "next_response", "resolution")
    if not any(row.get(name) for name in names):
        return None
    minutes = {name: _number(name, row, problems) if row.get(name) else None for name in names}
    urgent = {"yes": True, "no": False}.get(row.get("urgent", ""))
    return {"team": row.get("team") or None, "urgent": urgent, **minutes, "always": bool(row.get("always"))}


def _read_hours(values: Mapping[str, str], problems: dict[str, str]) -> dict[str, Any]:
    holidays = values.get("holidays", "").split()
    if not fits(holidays, list[date]):
        problems["holidays"], holidays = DAYS, []
    return {
        "office_hours": read_week(
            {f"hours-{day}": values.get(f"hours-{day}", "") for day in _DAYS}, problems
        ),
        "country": values.get("country", "").strip().upper() or None,
        "subdivision": values.get("subdivision", "").strip() or None,
        "holidays": holidays,
        "special_days": read_special_days(values.get("special_days", ""), problems),
        "closed_texts": read_texts(values, problems),
    }


def _number(name: str, values: Mapping[str, str], problems: dict[str, str]) -> int:
    text = values.get(name, "").strip()
    if not _is_number(text) or int(text) < 1:
        problems[name] = NUMBER
        return 1
    return int(text)


def _is_number(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) < 7
