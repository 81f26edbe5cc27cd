"""Conflicting edits: the second person is told, and nothing is lost."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

from desk.model import DeskError
from desk.store.people import audit
from desk.store.people.audit import Change
from desk.store.pool import Executor

LOOKS_BACK = timedelta(days=8)
"""A session lasts seven days at most, and so does the oldest form."""


class SettingRefused(DeskError):
    """Nothing was changed. `problems` has a sentence for each field that is wrong; `alert` is for the whole page."""

    def __init__(self, problems: Mapping[str, str], alert: str = "Some fields need another look.") -> None:
        super().__init__(alert)
        self.problems = problems


class ChangedMeanwhile(DeskError):
    """Somebody else saved first. Nothing was changed; `changes` says who, when and which fields."""

    def __init__(self, changes: Sequence[Change]) -> None:
        super().__init__(
            "Somebody else changed this while you did. Nothing of yours is saved yet, and what you wrote stands below. "
            "Compare, and save again."
        )
        self.changes = changes


async def changed_meanwhile(
    executor: Executor, kind: str, id: str, version: int, now: datetime
) -> ChangedMeanwhile:
    """The changes to this team or account since the version that somebody's form is based on."""
    return ChangedMeanwhile(await audit.list_changes(executor, kind, id, version, now - LOOKS_BACK))
