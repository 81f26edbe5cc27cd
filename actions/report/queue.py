"""The reports that wait while another is being written: none is lost until it is filed or the citizen drops it. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from actions.report.draft import Draft, as_kept, draft_of
from actions.say import Event, Reply, slot
from actions.services import Services

QUEUE = "report_queue"
MOST_WAITING = 5
SHOWN = 60  # characters of the words of a report whose service is not known yet


def read_queue(slots: Mapping[str, Any]) -> tuple[Draft, ...]:
    """The reports that wait, the next one first."""
    return tuple(draft_of(kept) for kept in slots.get(QUEUE) or ())


def write_queue(waiting: Sequence[Draft]) -> Event:
    """The event that keeps them."""
    return slot(QUEUE, [as_kept(draft) for draft in waiting] or None)


def add_to_queue(
    waiting: Sequence[Draft], noted: Sequence[Draft], services: Services, language: str
) -> tuple[tuple[Draft, ...], tuple[Reply, ...]]:
    """The queue with what a message adds, and what to say about it; a report that is already in it is not added again."""
    fresh = [draft for draft in noted if draft not in waiting]
    kept = (*waiting, *fresh)[:MOST_WAITING]
    added, over = kept[len(waiting) :], fresh[max(0, MOST_WAITING - len(waiting)) :]
    says: list[Reply] = []
    if added:
        names = "; ".join(title(draft, services, language) for draft in added)
        response = "utter_report_noted" if len(added) == 1 else "utter_report_noted_several"
        says.append(Reply(response, variables={"reports": names}))
    if over:
        names = "; ".join(title(draft, services, language) for draft in over)
        says.append(Reply("utter_report_queue_full", variables={"reports": names}))
    return kept, tuple(says)


def title(draft: Draft, services: Services, language: str) -> str:
    """A report in a few words: "Pothole or damaged road, 12 Mill Lane"."""
    words = (draft.description or "").split("\n")[0]
    what = services.name(draft.service, language) if draft.service else f"“{words[:SHOWN].strip()}”"
    place = str((draft.location or {}).get("address") or draft.street or "")
    return f"{what}, {place}" if place else what


def carry_over(filed: Draft, following: Draft) -> Draft:
    """The next report, with the contact details of the one before; words, place and photo are its own."""
    return replace(following, contact=following.contact or filed.contact, name=following.name or filed.name)
