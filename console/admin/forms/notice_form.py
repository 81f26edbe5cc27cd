"""The form of the rules for notices: who may release one, and when one person may do it alone."""

from collections.abc import Mapping, Sequence
from typing import Any

from console import words
from console.admin.hours_form import Values
from console.admin.setting_rows import Field, Group

RELEASERS = ("supervisor", "admin")
LEVELS = {"watch": "Watch", "alert": "Alert", "emergency": "Emergency", "recovery": "Recovery"}
ALONE = (("never", "Never"), ("closed", "Outside the office hours"), ("always", "At any time"))


def notice_values(value: Mapping[str, Any]) -> Values:
    """The form's fields for these rules."""
    rules = value["notice_rules"]
    return {
        **{f"releaser-{role}": "yes" for role in rules["releasers"]},
        **{f"alone-{level}": "yes" for level in rules["alone"]},
        "alone_when": rules["alone_when"],
        "quiet": rules["quiet"],
    }


def notice_groups() -> Sequence[Group]:
    """What the form shows."""
    return [
        Group("Who may release what somebody else proposed", [Field(f"releaser-{role}", words.ROLES[role], "box") for role in RELEASERS]),
        Group(
            "When one person may release alone",
            [
                Field("alone_when", "When", "choice", choices=ALONE),
                *(Field(f"alone-{level}", title, "box") for level, title in LEVELS.items()),
            ],
            "They have to say why, and it is in the audit.",
        ),
        Group("", [Field("quiet", "Quiet hours, when only emergencies are sent", longest=11)]),
    ]  # fmt: skip


def read_notice_form(values: Mapping[str, str]) -> dict[str, Any]:
    """The rules as a setting has them."""
    return {
        "notice_rules": {
            "releasers": [role for role in RELEASERS if values.get(f"releaser-{role}")],
            "alone": [level for level in LEVELS if values.get(f"alone-{level}")],
            "alone_when": values.get("alone_when", "never"),
            "quiet": values.get("quiet", "").strip(),
        }
    }
