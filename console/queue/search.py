"""Searches conversations by the text of their messages. The form uses POST: what agents search for is
personal, and a URL would keep it in logs and in the browser's history."""

from sanic.response import HTTPResponse

from console.deps import ConsoleDeps
from console.guard import Visit, counts_of
from console.queue.pane import Pane
from console.rendering import Pages
from desk.people import audit
from desk.people.permissions import Permission, require
from desk.store.dialogue import search as searching

LONGEST = 50
LONGEST_QUERY = 200


class SearchPages:
    """GET and POST /console/search."""

    def __init__(self, deps: ConsoleDeps, pages: Pages, pane: Pane) -> None:
        self._deps = deps
        self._pane = pane
        self._pages = pages

    async def show(self, visit: Visit) -> HTTPResponse:
        """Show only the form."""
        require(visit.actor, Permission.READ_CONVERSATIONS)
        return self._pages.page(
            "search.html",
            session=visit.session,
            query="",
            found=None,
            subjects={},
            longest=LONGEST,
            **await counts_of(self._deps.store.pool, visit),
        )

    async def search(self, visit: Visit) -> HTTPResponse:
        """Show the results. The audit log records that there was a search and how many results it showed,
        never its words."""
        query = visit.field("query")[:LONGEST_QUERY]
        pool = self._deps.store.pool
        found = await searching.search(pool, visit.scope, query, LONGEST)
        if searching.words_of(query):
            await audit.record(pool, visit.actor.agent_id, "search", None, visit.now, found=str(len(found)))
        subjects = await self._pane.subjects(one.id for one in found)
        return self._pages.page(
            "search.html",
            session=visit.session,
            query=query,
            found=found,
            subjects=subjects,
            longest=LONGEST,
            **await counts_of(pool, visit),
        )
