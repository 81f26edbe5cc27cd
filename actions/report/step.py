"""The form's interpretation of a message."""

from dataclasses import dataclass

from actions.report.draft import Draft
from actions.say import Reply


@dataclass(frozen=True, slots=True)
class Step:
    """The draft after a message, what to say before the next question, and how to ask it.

    `ask` is a step to ask instead of the next one; `response` asks the step in other words. `noted` are other
    reports that the message starts; they wait. `waiting` are those that wait now, None if that does not
    change. `offers` are the services to choose from, if not all. `back`: an earlier version of the draft was restored.
    """

    draft: Draft
    says: tuple[Reply, ...] = ()
    ask: str | None = None
    response: str | None = None
    noted: tuple[Draft, ...] = ()
    waiting: tuple[Draft, ...] | None = None
    back: bool = False
    offers: tuple[str, ...] = ()
