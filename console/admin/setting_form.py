"""The forms of the city's settings: fields to text, and back. Parsing an unchanged form gives the
same value. Pure. One long file on purpose: every setting is in three places here, side by side."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any, get_args

import msgspec

from city.hours import LONGEST_TEXT, SpecialDay
from city.model import DangerKind
from city.partners.model import PartnerConfig
from console.admin.forms.alert_form import alert_groups, alert_values, read_alert_form
from console.admin.forms.area_form import (
    area_groups,
    area_values,
    greeting_groups,
    greeting_values,
    greetings,
    inbox_group,
    inbox_titles,
    language_group,
    offered,
    offered_values,
    read_area_form,
    title_values,
)
from console.admin.forms.notice_form import notice_groups, notice_values, read_notice_form
from console.admin.forms.official_form import official_groups, official_values, read_official_form
from console.admin.forms.partner_form import partner_groups, partner_values, read_partner_form
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
from console.admin.setting_rows import (
    Field,
    Group,
    read_number,
    read_reason,
    read_rows,
    read_sla,
    reason_group,
    reason_values,
    row_numbers,
    row_values,
    sla_group,
    sla_values,
)

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
class SettingForm:
    """`languages` and `channels` are the city's, `teams` have their titles; `dangers` names the kinds of danger."""

    languages: Mapping[str, str]
    channels: Mapping[str, str]
    teams: Sequence[tuple[str, str]]
    dangers: Mapping[str, str]
    inboxes: Mapping[str, str] = field(default_factory=dict)
    partners: Sequence[PartnerConfig] = ()

    def values(self, setting: str, value: Mapping[str, Any]) -> Values:
        """The form's fields for this value."""
        if setting == "contact":
            return {name: value[name] for name in CONTACT}
        if setting == "area":
            return area_values(value)
        if setting == "languages":
            return offered_values(value["offered"], self.languages)
        if setting == "inboxes":
            return title_values(value["inbox_titles"])
        if setting == "greetings":
            return greeting_values(value["greetings"])
        if setting == "partners":
            return partner_values(value["partner_terms"], self.partners)
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
            return row_values(value["resolve_reasons"], "reason", reason_values)
        if setting == "sla":
            return row_values(value["sla"], "sla", sla_values)
        if setting == "limits":
            return {name: str(value[name]) for name in LIMITS} | {
                f"idle-{channel}": str(hours) for channel, hours in value["idle_hours"].items()
            }
        if setting == "notices":
            return notice_values(value)
        if setting == "alerts":
            return alert_values(value)
        if setting == "official":
            return official_values(value)
        return {name: "yes" if one else "" for name, one in value.items()}

    def groups(self, setting: str, values: Mapping[str, str]) -> Sequence[Group]:
        """What the form shows."""
        if setting == "contact":
            return [Group("", [Field(name, title) for name, title in CONTACT.items()])]
        if setting == "area":
            return area_groups()
        if setting == "languages":
            return [language_group(self.languages)]
        if setting == "inboxes":
            return [inbox_group(self.inboxes)]
        if setting == "greetings":
            return greeting_groups(self.inboxes, self.languages, LONGEST_TEXT)
        if setting == "partners":
            return partner_groups(self.partners, self.languages)
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
            return [reason_group(number, values) for number in row_numbers("reason", values)]
        if setting == "sla":
            return [sla_group(number, self.teams) for number in row_numbers("sla", values)]
        if setting == "limits":
            idle = [Field(f"idle-{code}", name, longest=6) for code, name in self.channels.items()]
            return [
                Group("", [Field(name, title, longest=6) for name, title in LIMITS.items()]),
                Group(
                    "The assistant's conversations end after so many hours without a message", idle,
                    "Empty: 24 hours on web chat, 72 elsewhere.",
                ),
            ]  # fmt: skip
        if setting == "notices":
            return notice_groups()
        if setting == "alerts":
            return alert_groups(values)
        if setting == "official":
            return official_groups()
        title = "Everybody can read where a reported problem is, on our GeoReport server"
        return [Group("", [Field("public_places", title, "box")])]

    def meaning(self, setting: str, values: Mapping[str, str]) -> tuple[dict[str, Any], dict[str, str]]:
        """The value, and a sentence for each field that cannot be read."""
        problems: dict[str, str] = {}
        given: dict[str, Any]
        if setting == "contact":
            given = {name: " ".join(values.get(name, "").split()) for name in CONTACT}
        elif setting == "area":
            given = read_area_form(values, problems)
        elif setting == "languages":
            given = {"offered": offered(values, self.languages)}
        elif setting == "inboxes":
            given = {"inbox_titles": inbox_titles(values)}
        elif setting == "greetings":
            given = {"greetings": greetings(values, self.inboxes)}
        elif setting == "partners":
            given = {"partner_terms": read_partner_form(values, problems, self.partners, self.languages)}
        elif setting == "crisis_lines":
            given = {"crisis_lines": self._crisis_lines(values)}
        elif setting == "office_hours":
            given = _read_hours(values, problems)
        elif setting == "resolve_reasons":
            given = {"resolve_reasons": read_rows("reason", values, problems, read_reason)}
        elif setting == "sla":
            given = {"sla": read_rows("sla", values, problems, read_sla)}
        elif setting == "limits":
            given = {name: read_number(name, values, problems) for name in LIMITS}
            idle = [name for name in values if name.startswith("idle-") and values[name].strip()]
            given["idle_hours"] = {
                name.removeprefix("idle-"): read_number(name, values, problems) for name in idle
            }
        elif setting == "notices":
            given = read_notice_form(values)
        elif setting == "alerts":
            given = read_alert_form(values, problems)
        elif setting == "official":
            given = read_official_form(values, problems)
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


_DAYS = tuple(name.removeprefix("hours-") for name in week_values({}))


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
