"""The list beside every conversation: urgent conversations, the agent's own, and those that wait."""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from console import words
from console.deps import ConsoleDeps
from console.guard import Visit
from desk.reporting.wall import late_ends
from desk.routing.sla import Sla, SlaStanding
from desk.store.dialogue import desk_rows, listing
from desk.store.routing import offers

PAGE = 40
"""Waiting conversations on one page of the list."""
LONGEST_LIST = 100
MOST_URGENT = 1_000
"""Urgent conversations are not divided into pages: none of them may be out of sight."""
REPORT = "report_problem"
VIEWS = {"desk": "Desk", "open": "All open", "resolved": "Resolved"}


class Pane:
    """What the template `_list.html` needs. Built once with the blueprint."""

    def __init__(self, deps: ConsoleDeps) -> None:
        self._deps = deps
        self._topics = {
            name: answer.texts[deps.city.language].title
            for name, answer in deps.catalog.answers.items()
            if deps.city.language in answer.texts
        } | {REPORT: "Report"}

    async def values(self, visit: Visit, current: UUID | None = None) -> dict[str, Any]:
        """The list as this request asks for it. `current` is the conversation beside it; the list's fragment
        names it in its own address."""
        current = current or _id(visit.request.args.get("current", ""))
        asked = visit.request.args.get("tab", "desk")
        view = asked if asked in VIEWS else "desk"
        filters = self._filters(visit)
        values = {
            "view": view,
            "views": VIEWS,
            "filters": filters,
            "choices": self._choices(visit),
            "current": current,
            "topics": self._topics,
            "longest": LONGEST_LIST,
            "offered": await offers.list_of_agent(self._deps.store.pool, visit.actor.agent_id),
            "anyway": visit.request.args.get("anyway", "") == "1",
            "promise": self._promise(visit.now),
            "late_ends": await late_ends(
                self._deps.store.pool,
                visit.scope,
                Sla(self._deps.city, visit.now, teams=self._deps.teams.known),
                visit.actor.agent_id,
            ),
            "counts": await desk_rows.count_desk(self._deps.store.pool, visit.scope),
        }
        rows = await self._desk(visit, filters) if view == "desk" else await self._view(visit, view)
        return values | rows | {"pane_query": self._query(view, filters, rows["page"])}

    def _promise(self, now: datetime) -> Callable[[desk_rows.DeskRow], SlaStanding | None]:
        """How the response that a row waits for stands."""
        sla = Sla(self._deps.city, now, teams=self._deps.teams.known)
        return lambda row: sla.of_waiting(row.state, row.team, row.urgent, row.queued_at, row.since)

    async def _desk(self, visit: Visit, filters: Mapping[str, str]) -> dict[str, Any]:
        pool, scope, topics = self._deps.store.pool, visit.scope, list(self._topics)
        found = await desk_rows.count_waiting(pool, scope, filters)
        pages = max(1, -(-found // PAGE))
        page = min(_number(visit.request.args.get("page", "1")), pages)
        urgent = await desk_rows.list_urgent(pool, scope, topics, MOST_URGENT)
        return {
            "urgent": urgent,
            "mine": await desk_rows.list_mine(pool, scope, topics),
            "waiting": await desk_rows.list_waiting(pool, scope, topics, filters, PAGE, (page - 1) * PAGE),
            "found": found,
            "page": page,
            "pages": pages,
            "first_place": len(urgent) + (page - 1) * PAGE + 1,
            "entries": [],
        }

    async def _view(self, visit: Visit, view: str) -> dict[str, Any]:
        tab: listing.Tab = "resolved" if view == "resolved" else "open"
        entries = await listing.list_page(self._deps.store.pool, visit.scope, tab, LONGEST_LIST)
        return {"urgent": [], "mine": [], "waiting": [], "found": 0, "page": 1, "pages": 1, "first_place": 1,
                "entries": entries}  # fmt: skip

    def _filters(self, visit: Visit) -> dict[str, str]:
        known = self._choices(visit)
        given = {name: visit.request.args.get(name, "") for name in known}
        return {name: value for name, value in given.items() if value in known[name]}

    def _choices(self, visit: Visit) -> Mapping[str, Mapping[str, str]]:
        """Filter -> value -> label."""
        city = self._deps.city
        return {
            "language": {code: words.language_name(code) for code in city.languages},
            "inbox": {one.name: one.name for one in city.inboxes},
            "reason": words.REASONS,
            "team": {one.name: one.title for one in self._deps.teams.known},
        }

    def _query(self, view: str, filters: Mapping[str, str], page: int) -> str:
        given = {"tab": view} if view != "desk" else {}
        return urlencode({**given, **filters} | ({"page": str(page)} if page > 1 else {}))


def _id(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None


def _number(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() and 0 < len(text) < 7 and int(text) > 0 else 1
