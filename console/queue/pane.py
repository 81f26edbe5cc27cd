"""The list pane: urgent conversations, the agent's own, and those that wait."""

from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from functools import partial
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from console import words
from console.deps import ConsoleDeps
from console.feed import DeskFeed
from console.guard import Visit
from console.queue.shared_rows import SharedRows, read_part
from console.rendering import Pages
from console.topics import topic_titles
from desk.reporting.wall import late_ends
from desk.routing.sla import KnownHours, Sla, SlaStanding
from desk.routing.topics import REPORT
from desk.store.dialogue import desk_rows, listing
from desk.store.dialogue.for_all import NOTHING, AllCounts, InHand
from desk.store.notices import incidents
from desk.store.people import agents
from desk.store.replies import canned, reminders, tags
from desk.store.routing import offers
from desk.store.routing.list_views import list_views

LONGEST_LIST = 100
MOST_INCIDENTS = 5
VIEWS = {"desk": "Desk", "open": "All open", "resolved": "Resolved"}


class Pane:
    """What the template `_list.html` needs. Built once with the blueprint."""

    def __init__(self, deps: ConsoleDeps, pages: Pages, feed: DeskFeed) -> None:
        self._deps = deps
        self._feed = feed
        self._hours: dict[str | None, KnownHours] = {}
        self._pages = pages
        self._shared = SharedRows(deps.store, feed, pages)
        self._topics = topic_titles(deps)
        self._answers = sorted(
            ((name, title) for name, title in self._topics.items() if name != REPORT), key=lambda one: one[1]
        )

    async def values(
        self, visit: Visit, current: UUID | None = None, *, shared: bool = False
    ) -> dict[str, Any]:
        """The list as this request asks for it. `current` is the conversation beside it; the list's fragment
        names it in its own address. `shared`: a page asks on its own because the feed told it of a change; what is the
        same for other pages is then read once for all of them."""
        current = current or _id(visit.request.args.get("current", ""))
        asked = visit.request.args.get("tab", "desk")
        view = asked if asked in VIEWS else "desk"
        counts = self._feed.counts if shared else None
        offered = await (self._shared.choices(self._offered) if counts else self._offered())
        choices = offered["choices"]
        filters = _filters(visit.request.args.get, choices)
        values = offered | {
            "view": view,
            "views": VIEWS,
            "filters": filters,
            "current": current,
            "topics": self._topics,
            "did": _did(visit.request.args.get("did", "")),
            "longest": LONGEST_LIST,
            "anyway": visit.request.args.get("anyway", "") == "1",
            "promise": self._promise(visit.now),
        }
        own = partial(self._own, visit, counts)
        values |= await (self._shared.own(visit.actor.agent_id, own) if counts else own())
        values["counts"] = counts.of(visit.scope) if counts else await self._count(visit)
        rows = (
            await self._desk(visit, filters, current, counts)
            if view == "desk"
            else await self._view(visit, view)
        )
        query = self._query(view, filters, rows["page"])
        mine = None
        if counts:
            given = {name: values[name] for name in ("topics", "promise", "late_ends")}
            mine = await self._shared.own_rows(
                visit.actor.agent_id, values["own_rows"], current, {**given, "pane_query": query}
            )
        return values | rows | {"pane_query": query, "mine_rows": mine}

    async def bulk_texts(self) -> Any:
        """The options of one answer to many."""
        texts = [one for one in await canned.list_texts(self._deps.store.pool) if one.active]
        return self._pages.markup("_bulk_texts.html", texts=texts, answers=self._answers)

    async def _offered(self) -> dict[str, Any]:
        """What the forms of the list offer, the same for everybody."""
        pool = self._deps.store.pool
        colleagues, teams = await agents.list_active(pool), self._deps.teams.known
        return {
            "choices": await self._choices(),
            "incidents": [
                one for one in await incidents.list_incidents(pool, MOST_INCIDENTS) if one.closed_at is None
            ],
            "bulk_texts": await self.bulk_texts(),
            "bulk_to": {
                assigns: self._pages.markup(
                    "_bulk_to.html", teams=teams, colleagues=colleagues, assigns=assigns
                )
                for assigns in (False, True)
            },
        }

    async def _own(self, visit: Visit, counts: AllCounts | None) -> dict[str, Any]:
        """What only this agent sees. With `counts`, nothing is read of which there is none."""
        pool, agent_id = self._deps.store.pool, visit.actor.agent_id
        own = counts.agents.get(agent_id, NOTHING) if counts else None
        sla = Sla(self._deps.city, visit.now, teams=self._deps.teams.known, known=self._hours)
        called, offered, has = (own is None or count for count in _parts(own))
        due = await reminders.list_due(pool, agent_id, visit.now) if called else []
        named = await reminders.list_unseen(pool, agent_id) if called else []
        rows = await desk_rows.list_offered(pool, visit.scope, list(self._topics)) if offered else []
        called_of = [*(one.conversation_id for one in due), *(one.conversation_id for one in named)]
        return {
            "reminders": due,
            "mentions": named,
            "subjects": await self.subjects(called_of),
            "offered": await offers.list_of_agent(pool, agent_id) if offered else [],
            "offered_rows": {row.id: row for row in rows},
            "late_ends": await late_ends(pool, visit.scope, sla, agent_id) if has else {},
            "own_views": [
                (name, kept, urlencode(sorted(kept.items())))
                for name, kept in await list_views(pool, agent_id)
            ],
            "own_rows": await desk_rows.list_mine(pool, visit.scope, list(self._topics)) if has else [],
        }

    async def subjects(self, ids: Iterable[UUID]) -> dict[UUID, str]:
        """The titles of what these conversations are about, for those without a name."""
        wanted = set(ids)
        if not wanted:
            return {}
        found = await desk_rows.list_subjects(self._deps.store.pool, wanted, list(self._topics))
        return {
            id: words.matter(urgency, topic, self._topics)
            for id, (urgency, topic) in found.items()
            if urgency or topic
        }

    async def _count(self, visit: Visit) -> desk_rows.DeskCounts:
        return await desk_rows.count_desk(self._deps.store.pool, visit.scope)

    async def filters_of(self, given_as: Callable[[str], str | None]) -> dict[str, str]:
        """The filters of a form or an address that are known."""
        return _filters(given_as, await self._choices())

    def _promise(self, now: datetime) -> Callable[[desk_rows.DeskRow], SlaStanding | None]:
        """How the response that a row waits for stands."""
        sla = Sla(self._deps.city, now, teams=self._deps.teams.known, known=self._hours)
        return lambda row: sla.of_waiting(row.state, row.team, row.urgent, row.queued_at, row.since)

    async def _desk(
        self, visit: Visit, filters: Mapping[str, str], current: UUID | None, counts: AllCounts | None
    ) -> dict[str, Any]:
        scope, page = visit.scope, _number(visit.request.args.get("page", "1"))
        rendered = None
        if counts:
            rendered = await self._shared.desk(
                scope,
                filters,
                page,
                {
                    "topics": self._topics,
                    "current": None,
                    "promise": self._promise(visit.now),
                    "late_ends": {},
                    "pane_query": self._query("desk", filters, page),
                },
            )
            part = rendered.part
        else:
            part = await read_part(self._deps.store, scope, list(self._topics), filters, page)
        if rendered and (current in rendered.ids or part.page != page):
            rendered = None  # its row is marked as the open one; or the links name another page
        return {
            "urgent": part.urgent,
            "waiting": part.waiting,
            "urgent_rows": rendered.urgent if rendered else None,
            "waiting_rows": rendered.waiting if rendered else None,
            "found": part.found,
            "page": part.page,
            "pages": part.pages,
            "first_place": part.first_place,
            "entries": [],
            "entry_subjects": {},
        }

    async def _view(self, visit: Visit, view: str) -> dict[str, Any]:
        tab: listing.Tab = "resolved" if view == "resolved" else "open"
        entries = await listing.list_page(self._deps.store.pool, visit.scope, tab, LONGEST_LIST)
        subjects = await self.subjects(one.id for one in entries)
        return {"urgent": [], "waiting": [], "urgent_rows": None, "waiting_rows": None, "found": 0, "page": 1, "pages": 1,
                "first_place": 1, "entries": entries, "entry_subjects": subjects}  # fmt: skip

    async def _choices(self) -> Mapping[str, Mapping[str, str]]:
        """Filter -> value -> label."""
        city = self._deps.city
        offered = await tags.list_offered(self._deps.store.pool)
        return {
            "language": {code: words.language_name(code) for code in city.languages},
            "inbox": {one.name: city.inbox_titles.get(one.name, one.name) for one in city.inboxes},
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


def _parts(own: InHand | None) -> tuple[int, int, int]:
    return (own.calls, own.offered, own.mine) if own else (0, 0, 0)


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
