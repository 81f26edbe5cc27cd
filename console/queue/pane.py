"""The list beside every conversation: urgent conversations, the agent's own, and those that wait."""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from console import words
from console.deps import ConsoleDeps
from console.guard import Visit
from console.topics import topic_titles
from desk.reporting.wall import late_ends
from desk.routing.sla import Sla, SlaStanding
from desk.routing.topics import REPORT
from desk.store.dialogue import desk_rows, listing
from desk.store.people import agents
from desk.store.replies import canned, reminders, tags
from desk.store.routing import offers

PAGE = 40
"""Waiting conversations on one page of the list."""
LONGEST_LIST = 100
MOST_URGENT = 1_000
"""Urgent conversations are not divided into pages: none of them may be out of sight."""
VIEWS = {"desk": "Desk", "open": "All open", "resolved": "Resolved"}


class Pane:
    """What the template `_list.html` needs. Built once with the blueprint."""

    def __init__(self, deps: ConsoleDeps) -> None:
        self._deps = deps
        self._topics = topic_titles(deps)
        self._answers = sorted(
            ((name, title) for name, title in self._topics.items() if name != REPORT), key=lambda one: one[1]
        )

    async def values(self, visit: Visit, current: UUID | None = None) -> dict[str, Any]:
        """The list as this request asks for it. `current` is the conversation beside it; the list's fragment
        names it in its own address."""
        current = current or _id(visit.request.args.get("current", ""))
        asked = visit.request.args.get("tab", "desk")
        view = asked if asked in VIEWS else "desk"
        choices = await self._choices()
        filters = _filters(visit.request.args.get, choices)
        values = {
            "view": view,
            "views": VIEWS,
            "filters": filters,
            "choices": choices,
            "current": current,
            "topics": self._topics,
            "bulk_texts": [one for one in await canned.list_texts(self._deps.store.pool) if one.active],
            "bulk_answers": self._answers,
            "bulk_teams": self._deps.teams.known,
            "bulk_colleagues": await agents.list_active(self._deps.store.pool),
            "did": _did(visit.request.args.get("did", "")),
            "reminders": await reminders.list_due(self._deps.store.pool, visit.actor.agent_id, visit.now),
            "mentions": await reminders.list_unseen(self._deps.store.pool, visit.actor.agent_id),
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

    async def filters_of(self, given_as: Callable[[str], str | None]) -> dict[str, str]:
        """The filters of a form or an address that are known."""
        return _filters(given_as, await self._choices())

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

    async def _choices(self) -> Mapping[str, Mapping[str, str]]:
        """Filter -> value -> label."""
        city = self._deps.city
        offered = await tags.list_offered(self._deps.store.pool)
        return {
            "language": {code: words.language_name(code) for code in city.languages},
            "inbox": {one.name: one.name for one in city.inboxes},
            "reason": words.REASONS,
            "team": {one.name: one.title for one in self._deps.teams.known},
            "tag": {name: name for name in offered},
        }

    def _query(self, view: str, filters: Mapping[str, str], page: int) -> str:
        given = {"tab": view} if view != "desk" else {}
        return urlencode({**given, **filters} | ({"page": str(page)} if page > 1 else {}))


def _filters(
    given_as: Callable[[str], str | None], choices: Mapping[str, Mapping[str, str]]
) -> dict[str, str]:
    given = {name: given_as(name) or "" for name in choices}
    return {name: value for name, value in given.items() if value in choices[name]}


def _did(text: str) -> tuple[int, int] | None:
    """What a bulk act did: "37-3"."""
    done, _, refused = text.partition("-")
    both = done.isascii() and done.isdigit() and refused.isascii() and refused.isdigit()
    return (int(done), int(refused)) if both and len(text) < 12 else None


def _id(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None


def _number(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() and 0 < len(text) < 7 and int(text) > 0 else 1
