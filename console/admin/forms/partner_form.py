"""The form of the partner desks: their titles, and when they are offered. Where transcripts are sent is set
only in city.yml. Pure."""

from collections.abc import Mapping, Sequence
from typing import Any

import msgspec

from city.partners.model import PartnerConfig, PartnerTerms
from console.admin.hours_form import Values
from console.admin.setting_rows import Field, Group, read_number

_HOURS = {
    "consent_hours": "Hours that the citizen has to agree",
    "answer_hours": "Hours that the partner has to accept",
}


def partner_values(kept: Mapping[str, Mapping[str, Any]], partners: Sequence[PartnerConfig]) -> Values:
    """The fields of every partner; without terms of its own they are those of city.yml."""
    values: dict[str, str] = {}
    for partner in partners:
        own = kept.get(partner.name)
        terms = msgspec.convert(own, PartnerTerms) if own else partner.terms
        values |= {
            f"title-{partner.name}": terms.title,
            f"offered-{partner.name}": "yes" if terms.offered else "",
            f"topics-{partner.name}": "\n".join(terms.topics),
            **{f"{name}-{partner.name}": str(getattr(terms, name)) for name in _HOURS},
            **{f"in_{code}-{partner.name}": "yes" for code in terms.languages},
        }
    return values


def partner_groups(partners: Sequence[PartnerConfig], languages: Mapping[str, str]) -> Sequence[Group]:
    """What the form shows."""
    if not partners:
        return [Group("", [], "city.yml names no partner desk. Its address is set there.")]
    return [
        Group(
            partner.name,
            [
                Field(f"title-{partner.name}", "Title, as citizens and agents read it", longest=80),
                Field(f"offered-{partner.name}", "Agents can ask citizens about it", "box"),
                *(Field(f"in_{code}-{partner.name}", f"It answers in {name}", "box") for code, name in languages.items()),
                Field(f"topics-{partner.name}", "Topics", "lines", "One a line, such as rent_help. Empty: any.", longest=2_000),
                *(Field(f"{name}-{partner.name}", title, longest=4) for name, title in _HOURS.items()),
            ],
        )
        for partner in partners
    ]  # fmt: skip


def read_partner_form(
    values: Mapping[str, str],
    problems: dict[str, str],
    partners: Sequence[PartnerConfig],
    languages: Mapping[str, str],
) -> dict[str, Any]:
    """The terms by partner, where they differ from city.yml; what cannot be read goes to `problems` by field."""
    found = {}
    for partner in partners:
        name = partner.name
        title = " ".join(values.get(f"title-{name}", "").split())
        spoken = [code for code in languages if values.get(f"in_{code}-{name}")]
        if not title:
            problems[f"title-{name}"] = "Give it a title."
        if not spoken:
            problems[f"in_{next(iter(languages))}-{name}"] = "Choose one language at least."
        terms = {
            "title": title,
            "offered": bool(values.get(f"offered-{name}")),
            "languages": spoken,
            "topics": values.get(f"topics-{name}", "").split(),
            **{hours: read_number(f"{hours}-{name}", values, problems) for hours in _HOURS},
        }
        if terms != msgspec.json.decode(msgspec.json.encode(partner.terms)):
            found[name] = terms
    return found
