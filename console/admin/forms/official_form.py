"""The form of the official accounts: a line for each number, domain, address and account."""

from collections.abc import Mapping, Sequence
from typing import Any

import msgspec

from city.notices.official import OfficialList
from console.admin.hours_form import Values
from console.admin.setting_rows import Field, Group

LISTS = ("phones", "domains", "mails")
_LONGEST = 20_000


def official_values(value: Mapping[str, Any]) -> Values:
    """The form's fields for this list."""
    listed = value["official"]
    accounts = [f"{one['network']} | {one['handle']} | {one['url']}" for one in listed["accounts"]]
    return {**{name: "\n".join(listed[name]) for name in LISTS}, "accounts": "\n".join(accounts)}


def official_groups() -> Sequence[Group]:
    """What the form shows."""
    return [
        Group(
            "One a line",
            [
                Field("phones", "Telephone numbers", "lines", "Such as 555-0100. The city's own number counts without being listed.", longest=_LONGEST),
                Field("domains", "Domains of websites", "lines", "In small letters, without https. Everything below a domain counts too, so name none that strangers share.", longest=_LONGEST),
                Field("mails", "Domains of e-mail addresses, or single addresses", "lines", "Such as city.example or news@city.example.", longest=_LONGEST),
                Field("accounts", "Accounts", "lines", "Such as: Telegram | CityName | https://t.me/CityName", longest=_LONGEST),
            ],
            "What is not listed is never called official. Citizens see the list at /official.",
        )
    ]  # fmt: skip


def read_official_form(values: Mapping[str, str], problems: dict[str, str]) -> dict[str, Any]:
    """The list as a setting has it; what is wrong goes to `problems`."""
    accounts: list[Any] = []
    for line in _lines(values, "accounts"):
        parts = [one.strip() for one in line.split("|")]
        if len(parts) != 3:
            problems["accounts"] = "Write network, name and address, with | between them."
            continue
        accounts.append({"network": parts[0], "handle": parts[1].removeprefix("@"), "url": parts[2]})
    given: dict[str, list[Any]] = {**{name: _lines(values, name) for name in LISTS}, "accounts": accounts}
    kinds = {field.name: field.type for field in msgspec.structs.fields(OfficialList)}
    for name, lines in given.items():
        for line in lines:
            try:
                msgspec.convert([line], kinds[name])
            except msgspec.ValidationError:
                shown = line if isinstance(line, str) else line["handle"]
                problems.setdefault(name, f"This line cannot be read: {shown[:80]}")
    return {"official": given}


def _lines(values: Mapping[str, str], name: str) -> list[str]:
    return [one.strip() for one in values.get(name, "").splitlines() if one.strip()]
