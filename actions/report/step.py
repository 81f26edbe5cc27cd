"""Heard: what the form made of a message."""

from dataclasses import dataclass

from actions.report.draft import Draft
from actions.say import Reply


@dataclass(frozen=True, slots=True)
class Step:
    """The draft after a message, what to say before the next question, and how to ask it.

    `ask` is a step to ask instead of the next one; `response` asks the step in other words. `noted` are other reports
    that the message begins: they wait for their turn. `waiting` are those that wait now, None where that does not change. `back`: the draft is an earlier one, taken back to.
    """

    draft: Draft
    says: tuple[Reply, ...] = ()
    ask: str | None = None
    response: str | None = None
    noted: tuple[Draft, ...] = ()
    waiting: tuple[Draft, ...] | None = None
    back: bool = False
