"""The part of the list that is the same for many agents: read and rendered once for all pages of a gateway."""

import asyncio
from collections.abc import Awaitable, Callable, Hashable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar, cast
from uuid import UUID

from markupsafe import Markup

from console.feed import DeskFeed
from console.rendering import Pages
from desk.model import Scope
from desk.store.dialogue import desk_rows
from desk.store.dialogue.desk_rows import DeskRow
from desk.store.pool import Store

PAGE = 40
"""Waiting conversations on one page of the list."""
MOST_URGENT = 1_000
"""Urgent conversations are not divided into pages: none of them may be out of sight."""
SLICE = 20
"""Rows rendered at once."""
KEPT = 5.0
"""Seconds for which something is kept that no change contradicts: waiting times grow without one."""
OWN_KEPT = 30.0
"""The same for what an agent has."""
MOST_KEPT = 2_000

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class DeskPart:
    """One page of what waits, with all that is urgent."""

    urgent: list[DeskRow]
    waiting: list[DeskRow]
    found: int
    page: int
    pages: int

    @property
    def first_place(self) -> int:
        """The place of the first row."""
        return len(self.urgent) + (self.page - 1) * PAGE + 1


@dataclass(frozen=True, slots=True)
class Rendered:
    """The same with its rows as markup, in which no conversation is marked as the open one."""

    part: DeskPart
    urgent: Markup
    waiting: Markup
    ids: frozenset[UUID]


async def read_part(
    store: Store, scope: Scope, topics: list[str], filters: Mapping[str, str], page: int
) -> DeskPart:
    """From the database. A page beyond the last one is the last one."""
    found = await desk_rows.count_waiting(store.pool, scope, filters)
    pages = max(1, -(-found // PAGE))
    page = min(page, pages)
    urgent = await desk_rows.list_urgent(store.pool, scope, topics, MOST_URGENT)
    waiting = await desk_rows.list_waiting(store.pool, scope, topics, filters, PAGE, (page - 1) * PAGE)
    return DeskPart(urgent, waiting, found, page, pages)


class SharedReads:
    """What was read once serves all that ask for the same, until its version changes."""

    def __init__(self) -> None:
        self._kept: dict[Hashable, tuple[int, float, asyncio.Future[Any]]] = {}

    async def get(self, key: Hashable, version: int, kept: float, read: Callable[[], Awaitable[T]]) -> T:
        """What `read` returns, now or at most `kept` seconds ago. Several who ask at once wait for one read."""
        now = asyncio.get_running_loop().time()
        known = self._kept.get(key)
        if known is None or known[0] != version or now - known[1] > kept:
            if len(self._kept) >= MOST_KEPT:
                self._kept.clear()
            known = self._kept[key] = (version, now, asyncio.ensure_future(read()))
        try:
            # Shielded: the page that started the read may be closed while others wait for it.
            return cast(T, await asyncio.shield(known[2]))
        except Exception:
            self._kept.pop(key, None)
            raise


class SharedRows:
    """Built once with the list."""

    def __init__(self, store: Store, feed: DeskFeed, pages: Pages) -> None:
        self._store = store
        self._feed = feed
        self._pages = pages
        self._reads = SharedReads()

    async def choices(self, read: Callable[[], Awaitable[T]]) -> T:
        """What the forms of the list offer."""
        return await self._reads.get("choices", 0, KEPT, read)

    async def own(self, agent_id: UUID, read: Callable[[], Awaitable[T]]) -> T:
        """What one agent has: other agents' claims do not change it."""
        return await self._reads.get(agent_id, self._feed.versions[agent_id], OWN_KEPT, read)

    async def own_rows(
        self, agent_id: UUID, rows: Sequence[DeskRow], current: UUID | None, values: Mapping[str, Any]
    ) -> Markup:
        """The same as markup, for the page that shows `current`."""

        async def render() -> Markup:
            return self._pages.markup("_rows.html", rows=rows, first_place=None, current=current, **values)

        key = ("rows", agent_id, current, values["pane_query"])
        return await self._reads.get(key, self._feed.versions[agent_id], OWN_KEPT, render)

    async def _markup(self, rows: Sequence[DeskRow], first: int | None, values: Mapping[str, Any]) -> Markup:
        """A few rows at a time, so that a click does not wait for hundreds."""
        parts = []
        for begin in range(0, len(rows), SLICE):
            await asyncio.sleep(0)
            place = None if first is None else first + begin
            some = rows[begin : begin + SLICE]
            parts.append(self._pages.markup("_rows.html", rows=some, first_place=place, **values))
        return Markup().join(parts)

    async def desk(
        self, scope: Scope, filters: Mapping[str, str], page: int, values: Mapping[str, Any]
    ) -> Rendered:
        """For everybody who sees the same conversations. `values`: what the rows' template needs."""

        async def read() -> Rendered:
            part = await read_part(self._store, scope, list(values["topics"]), filters, page)
            urgent = await self._markup(part.urgent, None, values)
            waiting = await self._markup(part.waiting, None if filters else part.first_place, values)
            return Rendered(part, urgent, waiting, frozenset(row.id for row in (*part.urgent, *part.waiting)))

        seen = scope.everything or frozenset(scope.teams)
        key = (seen, tuple(sorted(filters.items())), page, values["pane_query"])
        return await self._reads.get(key, self._feed.version, KEPT, read)
