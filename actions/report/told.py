"""What a citizen said of themselves, in any message: it lands in the draft and is not asked again. Pure.

The bot takes it out of the message (bot/turn/details.py) and keeps it until a report takes it.
"""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from actions.report.answers.contact import NONE
from actions.report.draft import Draft
from actions.say import Event, slot

TOLD = "told_details"


def take_details(draft: Draft, told: Mapping[str, Any] | None) -> Draft:
    """The draft with email, phone, name and unit as told; what is told later replaces what was told before."""
    if not told:
        return draft
    wish = next((one for one in ("email", "phone") if told.get(one)), None)
    if wish:
        draft = replace(draft, contact={"wish": wish, "value": str(told[wish])})
    elif told.get("anonymous"):
        draft = replace(draft, contact=NONE, name=None)
    if told.get("name") and not told.get("anonymous"):
        draft = replace(draft, name=str(told["name"]))
    return replace(draft, unit=str(told["unit"])) if told.get("unit") else draft


def taken() -> Event:
    """The event that says that a draft has it now."""
    return slot(TOLD, None)
