"""A named fact as fields of a form, and back. Pure; fields are named like `since-0`, `value-0` and `text-0-en`."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from desk.knowledge.named_facts import Fact

Values = dict[str, str]
LINES = {"title": "Title", "owner": "Owner", "source": "Source, an https address"}
NO_DAY = "Write a day as in 2026-12-31."
KINDS = {
    "amount": "An amount, such as a fee",
    "day": "A day, such as a deadline",
    "phone": "A telephone number",
    "text": "Words in each language, such as opening hours",
}
MOST = 40
"""Values of one fact."""


def values_of(fact: Fact, languages: Sequence[str]) -> Values:
    """The fields of a fact, with one empty value at the end."""
    values = {name: str(getattr(fact, name)) for name in LINES}
    values |= {f"written-{language}": fact.written.get(language, "") for language in languages}
    for place, one in enumerate(fact.values):
        values[f"since-{place}"] = one.since.isoformat()
        values[f"until-{place}"] = one.until.isoformat() if one.until else ""
        values[f"value-{place}"] = one.value
        values |= {f"text-{place}-{language}": one.texts.get(language, "") for language in languages}
    return values


def rows_of(values: Mapping[str, str]) -> range:
    """The places of the values in a form, with an empty one at the end."""
    return range(1 + sum(f"since-{place}" in values and bool(_row(values, place)) for place in range(MOST)))


def body_from(
    values: Mapping[str, str], kind: str, name: str, languages: Sequence[str], base: Fact | None = None
) -> tuple[dict[str, Any], dict[str, str]]:
    """The body that a form means, and a sentence for each field that cannot be read. A value whose fields are all empty is none. Languages
    that the city does not speak are as in `base`."""
    problems: dict[str, str] = {}
    body: dict[str, Any] = {"name": name, "kind": kind}
    body |= {field: values.get(field, "").strip() for field in LINES}
    if kind == "amount":
        written = {one: values.get(f"written-{one}", "").strip() for one in languages}
        more = {one: text for one, text in (base.written if base else {}).items() if one not in languages}
        body["written"] = {**{one: text for one, text in written.items() if text}, **more}
    body["values"] = []
    for place in range(MOST):
        row = _row(values, place)
        if not row:
            continue
        for field in ("since", "until"):
            said = row.get(field, "")
            if (said or field == "since") and not _is_day(said):
                problems[f"{field}-{place}"] = NO_DAY
        value: dict[str, Any] = {"from": row.get("since", "")}
        if "until" in row:
            value["until"] = row["until"]
        if kind == "text":
            kept = base.values[place].texts if base and place < len(base.values) else {}
            value["texts"] = {one: row[f"text-{one}"] for one in languages if f"text-{one}" in row}
            value["texts"] |= {one: text for one, text in kept.items() if one not in languages}
        else:
            value["value"] = row.get("value", "")
        body["values"].append(value)
    body["values"].sort(key=lambda one: one["from"])
    return body, problems


def _row(values: Mapping[str, str], place: int) -> dict[str, str]:
    """What stands in the fields of one value, without the empty ones."""
    row = {name: values.get(f"{name}-{place}", "").strip() for name in ("since", "until", "value")}
    prefix = f"text-{place}-"
    row |= {
        f"text-{name[len(prefix) :]}": text.strip()
        for name, text in values.items()
        if name.startswith(prefix)
    }
    return {name: text for name, text in row.items() if text}


def _is_day(text: str) -> bool:
    try:
        return date.fromisoformat(text).isoformat() == text
    except ValueError:
        return False
