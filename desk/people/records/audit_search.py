"""Searches the whole audit: by person, action, object and time. Reading it is itself logged in the audit."""

import csv
import io
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from desk.model import Actor, Clock
from desk.people import audit
from desk.people.permissions import Permission, require
from desk.store.people import audit as store_audit
from desk.store.people.audit import AuditLine, Wanted
from desk.store.pool import Store

PAGE = 100
MOST = 50_000
"""Lines of one CSV file."""
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


@dataclass(frozen=True, slots=True)
class Found:
    """One page. `more`: there are further lines."""

    lines: list[AuditLine]
    more: bool
    people: list[tuple[UUID, str]]


class AuditSearch:
    """Built once. Every method raises NotAllowed."""

    def __init__(self, store: Store, clock: Clock) -> None:
        self._store = store
        self._clock = clock

    async def search(self, actor: Actor, wanted: Wanted, page: int) -> Found:
        """A page of the lines, newest first. One audit line in ten minutes for the same search."""
        wanted = _within(actor, wanted)
        pool = self._store.pool
        await audit.record_read(pool, actor.agent_id, "audit_read", None, self._clock(), **_as_ids(wanted))
        lines = await store_audit.list_lines(pool, wanted, PAGE + 1, (page - 1) * PAGE)
        return Found(lines[:PAGE], len(lines) > PAGE, await store_audit.list_people(pool))

    async def export(self, actor: Actor, wanted: Wanted) -> str:
        """The lines as CSV. Always an audit line."""
        wanted = _within(actor, wanted)
        lines = await store_audit.list_lines(self._store.pool, wanted, MOST)
        await audit.record(
            self._store.pool, actor.agent_id, "audit_export", None, self._clock(), lines=str(len(lines)),
            **_as_ids(wanted),
        )  # fmt: skip
        return csv_of(lines)


def csv_of(lines: Iterable[AuditLine]) -> str:
    """A table for a spreadsheet, in which no cell is a formula."""
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow(("time", "person", "person_id", "act", "conversation", "detail"))
    for one in lines:
        detail = " ".join(f"{name}={value}" for name, value in sorted(one.detail.items()))
        row = (
            one.at.isoformat(), one.agent_name or "", str(one.agent_id or ""), one.action,
            str(one.conversation_id or ""), detail,
        )  # fmt: skip
        writer.writerow([f"'{cell}" if cell.startswith(_FORMULA) else cell for cell in row])
    return text.getvalue()


def _within(actor: Actor, wanted: Wanted) -> Wanted:
    require(actor, Permission.READ_WHOLE_AUDIT)
    if actor.only_own_teams:
        return replace(wanted, teams=actor.teams, reader=actor.agent_id)
    return wanted


def _as_ids(wanted: Wanted) -> dict[str, str]:
    given: dict[str, UUID | str | datetime | None] = {
        "person": wanted.agent_id, "act": wanted.action, "about": wanted.about,
    }  # fmt: skip
    return {name: str(value) for name, value in given.items() if value}
