"""The desk without an open conversation, the list that is shown next to every conversation, and "Next"."""

from sanic.response import HTTPResponse

from console.deps import ConsoleDeps
from console.guard import Visit, go_to
from console.notices import NOTICES
from console.queue.pane import Pane
from console.rendering import Pages
from console.replies.undo import undo_offered
from desk.people.permissions import Permission, home_of, may
from desk.store.dialogue import desk_rows


class QueuePages:
    """GET /console/ and the list's fragment, POST /console/next."""

    def __init__(self, deps: ConsoleDeps, pages: Pages, pane: Pane) -> None:
        self._deps = deps
        self._pages = pages
        self._pane = pane

    async def show(self, visit: Visit) -> HTTPResponse:
        """The page."""
        if not may(visit.actor, Permission.READ_CONVERSATIONS):
            return go_to(home_of(visit.actor))
        notice = NOTICES.get(visit.request.args.get("notice", ""))
        return self._pages.page(
            "queue.html",
            session=visit.session,
            notice=notice,
            undo=await undo_offered(self._deps, visit),
            **await self._pane.values(visit),
        )

    async def fragment(self, visit: Visit) -> HTTPResponse:
        """The list alone."""
        values = await self._pane.values(visit, shared=True)
        return self._pages.fragment("_list.html", session=visit.session, **values)

    async def next(self, visit: Visit) -> HTTPResponse:
        """Claim the next conversation in the queue, and show it. An agent at full capacity is asked
        first, unless somebody may be in danger."""
        presence = visit.session.presence
        full = presence is not None and presence.full and not visit.field("anyway")
        if full and not (await desk_rows.count_desk(self._deps.store.pool, visit.scope)).urgent:
            return go_to("/console/?notice=at-capacity&anyway=1")
        claimed = await self._deps.ownership.claim_next(visit.actor)
        if claimed is None:
            return go_to("/console/?notice=nobody-waits")
        return go_to(f"/console/conversations/{claimed.id}#latest")
