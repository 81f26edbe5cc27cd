"""The history of a draft, one version per answer, for "go back" and "undo". Pure."""

from collections.abc import Mapping
from typing import Any

from actions.report.draft import Draft, as_kept, draft_of
from actions.say import Event, slot

HISTORY = "draft_history"
MOST_KEPT = 10


def remember(slots: Mapping[str, Any], draft: Draft, step: str) -> Event:
    """The event that keeps a draft as it was when `step` was asked."""
    kept = [*(slots.get(HISTORY) or ()), {"step": step, "draft": as_kept(draft)}]
    return slot(HISTORY, kept[-MOST_KEPT:])


def last_kept(slots: Mapping[str, Any]) -> tuple[Draft, str] | None:
    """The draft before the last answer and the step that was asked then; None at the first question."""
    kept = slots.get(HISTORY) or ()
    return (draft_of(kept[-1]["draft"]), str(kept[-1]["step"])) if kept else None


def forget_last(slots: Mapping[str, Any]) -> Event:
    """The event that removes one answer from the history."""
    return slot(HISTORY, list(slots.get(HISTORY) or ())[:-1] or None)


def forget_all() -> Event:
    """The event that begins a new history, for another report."""
    return slot(HISTORY, None)
