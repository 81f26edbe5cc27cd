"""Formats and parses hours and days in a form. Pure."""

import re
from collections.abc import Mapping, Sequence
from typing import Any

import msgspec

from city.hours import LONGEST_TEXT, WEEKDAYS, Language, Span, SpecialDay

SPAN = "Write hours such as 08:30-12:00, 13:00-17:00. 22:00-06:00 goes past midnight. Empty: closed."
DAYS = "Write one day a line, such as 2026-12-24."
SPECIAL = "Write one a line, such as 2026-12-24 | 08:00-12:00 | en: Christmas Eve; es: Nochebuena."
TEXT = "Write at most 600 characters, in a language of two letters."
_NEXT_NAME = re.compile(r";[ ]?(?=[a-z]{2}:)")
Values = dict[str, str]


def week_values(week: Mapping[str, Sequence[str]], prefix: str = "") -> Values:
    """The form's fields for the hours of a week; `prefix` where a form has several weeks."""
    return {f"{prefix}hours-{day}": ", ".join(week.get(day, ())) for day in WEEKDAYS}


def read_week(values: Mapping[str, str], problems: dict[str, str], prefix: str = "") -> dict[str, list[str]]:
    """The hours of a week; a day that cannot be read gets a problem and is left out."""
    week = {}
    for day in WEEKDAYS:
        spans = _parts(values[f"{prefix}hours-{day}"])
        if not fits(spans, list[Span]):
            problems[f"{prefix}hours-{day}"] = SPAN
        elif spans:
            week[day] = spans
    return week


def special_line(day: SpecialDay) -> str:
    """A special day as one line of a form."""
    days = f"{day.day}..{day.until}" if day.until else f"{day.day}"
    names = "; ".join(f"{language}: {' '.join(name.split())}" for language, name in day.name.items())
    return " | ".join([days, ", ".join(day.hours) or "closed", *([names] if names else [])])


def read_special_days(
    text: str, problems: dict[str, str], field: str = "special_days"
) -> list[dict[str, Any]]:
    """The special days of these lines; none, and a problem, if one cannot be read."""
    special = [_read_special(line) for line in text.splitlines() if line.strip()]
    if fits(special, list[SpecialDay]):
        return special
    problems[field] = SPECIAL
    return []


def read_texts(values: Mapping[str, str], problems: dict[str, str]) -> dict[str, str]:
    """The texts by language, of the fields that are named text-<language>."""
    texts = {
        name.removeprefix("text-"): text.strip()
        for name, text in values.items()
        if name.startswith("text-") and text.strip()
    }
    problems |= {f"text-{language}": TEXT for language, text in texts.items() if len(text) > LONGEST_TEXT}
    return texts if fits(list(texts), list[Language]) and not problems.keys() & _named(texts) else {}


def fits(value: object, kind: Any) -> bool:
    """Whether the value has this shape."""
    try:
        msgspec.convert(value, kind)
    except msgspec.ValidationError:
        return False
    return True


def _named(texts: Mapping[str, str]) -> set[str]:
    return {f"text-{language}" for language in texts}


def _parts(text: str) -> list[str]:
    return [one for one in re.split(r"[\s,]+", text) if one]


def _read_special(line: str) -> dict[str, Any]:
    days, hours, names = (part.strip() for part in [*line.split("|", 2), "", ""][:3])
    first, _, last = days.partition("..")
    spans = [] if hours in ("", "closed") else _parts(hours)
    named = dict(one.partition(":")[::2] for one in _NEXT_NAME.split(names) if one)
    found: dict[str, Any] = {"day": first.strip(), "hours": spans}
    if last:
        found["until"] = last.strip()
    return found | {"name": {key.strip(): value.strip() for key, value in named.items()}}
