"""Mails that did not become a message: the list per inbox, a preview, and accepting one manually."""

from urllib.parse import quote

from sanic.response import HTTPResponse

from console.deps import ConsoleDeps
from console.guard import Visit, counts_of, go_to
from console.notices import NOTICES
from console.rendering import Pages
from desk.inbound.not_taken import NotTakenArrivals
from desk.model import NotFound
from desk.store.inbound import KEPT_DAYS


class NotTakenPages:
    """GET /console/inboxes/<name>/not-taken, GET /console/not-taken/<id>/raw, POST /console/not-taken/<id>/take."""

    def __init__(self, deps: ConsoleDeps, pages: Pages) -> None:
        self._deps = deps
        self._pages = pages
        self._arrivals = NotTakenArrivals(deps.store, deps.live, deps.clock)

    async def show(self, visit: Visit, name: str) -> HTTPResponse:
        """Show what this inbox did not take."""
        return await self._list(visit, name, notice=NOTICES.get(visit.request.args.get("notice", "")))

    async def raw(self, visit: Visit, arrival: int) -> HTTPResponse:
        """Show how a mail that could not be read begins: as text, never as what it claims to be."""
        inbox, raw = await self._arrivals.raw(visit.actor, arrival)
        return self._pages.page(
            "not_taken_raw.html",
            session=visit.session,
            inbox=inbox,
            raw=raw,
            **await counts_of(self._deps.store.pool, visit),
        )

    async def take(self, visit: Visit, arrival: int) -> HTTPResponse:
        """Make a message of it."""
        try:
            inbox = await self._arrivals.take(visit.actor, arrival)
        except NotFound as error:
            return await self._list(visit, visit.form.get("inbox"), status=409, alert=str(error))
        return go_to(f"/console/inboxes/{quote(inbox, safe='')}/not-taken?notice=taken-by-hand")

    async def _list(
        self,
        visit: Visit,
        name: str,
        *,
        status: int = 200,
        notice: str | None = None,
        alert: str | None = None,
    ) -> HTTPResponse:
        if name not in {inbox.name for inbox in self._deps.city.inboxes}:
            raise NotFound("There is no such inbox.")
        return self._pages.page(
            "not_taken.html",
            session=visit.session,
            **await counts_of(self._deps.store.pool, visit),
            status=status,
            notice=notice,
            alert=alert,
            inbox=name,
            arrivals=await self._arrivals.list(visit.actor, name),
            days=KEPT_DAYS,
        )
