"""Personal details from any message: they go into the draft and are not asked for again. Pure. The bot takes
them out of the message (bot/turn/details.py) and keeps them until a report uses them.
"""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from actions.report.answers.contact import NONE
from actions.report.draft import Draft
from actions.say import Event, slot

TOLD = "told_details"


def take_details(draft: Draft, told: Mapping[str, Any] | None) -> Draft:
    """The draft with e-mail, phone, name and unit as given, and no question about a photo where none will come; later values replace earlier ones."""
    if not told:
        return draft
    wish = next((one for one in ("email", "phone") if told.get(one)), None)
    if wish:
        draft = replace(draft, contact={"wish": wish, "value": str(told[wish])})
    elif told.get("anonymous"):
        draft = replace(draft, contact=NONE, name=None)
    if told.get("name") and not told.get("anonymous"):
        draft = replace(draft, name=str(told["name"]))
    if told.get("no_photo") and draft.photo is None:
        draft = replace(draft, photo="done")
    return replace(draft, unit=str(told["unit"])) if told.get("unit") else draft


def taken() -> Event:
    """The event that records that a draft has them now."""
    return slot(TOLD, None)
