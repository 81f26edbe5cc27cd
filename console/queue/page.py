"""The queue: conversations that are waiting, the agent's own, the open ones and the resolved ones."""

from typing import Any, get_args

from sanic.response import HTTPResponse

from console import words
from console.deps import ConsoleDeps
from console.guard import Visit
from console.rendering import Pages
from desk.store.dialogue import listing

LONGEST_LIST = 100


class QueuePages:
    """GET /console/ and its fragment."""

    def __init__(self, deps: ConsoleDeps, pages: Pages) -> None:
        self._deps = deps
        self._pages = pages

    async def show(self, visit: Visit) -> HTTPResponse:
        """The page."""
        notice = words.NOTICES.get(visit.request.args.get("notice", ""))
        return self._pages.page(
            "queue.html", session=visit.session, notice=notice, **await self._values(visit)
        )

    async def fragment(self, visit: Visit) -> HTTPResponse:
        """Only the tabs and the list."""
        return self._pages.fragment("_list.html", session=visit.session, **await self._values(visit))

    async def _values(self, visit: Visit) -> dict[str, Any]:
        asked = visit.request.args.get("tab", "waiting")
        tab: listing.Tab = asked if asked in get_args(listing.Tab) else "waiting"
        pool = self._deps.store.pool
        return {
            "tab": tab,
            "tabs": {
                "waiting": "Waiting",
                "mine": "Mine",
                "open": "All open",
                "resolved": "Resolved",
            },
            "counts": await listing.count_tabs(pool, visit.scope),
            "entries": await listing.list_page(pool, visit.scope, tab, LONGEST_LIST),
            "longest": LONGEST_LIST,
        }
