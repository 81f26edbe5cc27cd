"""Requests that citizens filed with our own GeoReport server, and the status that a supervisor gives them."""

from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlencode

from sanic.response import HTTPResponse

from city.services import CityService
from console.deps import ConsoleDeps
from console.guard import PageError, Visit, as_page_error, go_to
from console.notices import NOTICES
from console.rendering import Pages
from console.requests.details import details, photo_addresses
from desk.model import NotAllowed, Refused
from desk.people import audit
from desk.people.permissions import Permission, may, require
from desk.requests.book import MAX_NOTES, RequestBook
from desk.store.dialogue import desk_rows
from desk.store.georeport import Search

PAGE = 100


@dataclass(frozen=True, slots=True)
class Refusal:
    """Input that could not be saved, so that the form can show it again."""

    reference: str
    sentence: str
    status: str
    notes: str


class RequestPages:
    """GET /console/requests, POST /console/requests/<reference>/status."""

    def __init__(self, deps: ConsoleDeps, pages: Pages, services: Mapping[str, CityService]) -> None:
        self._deps = deps
        self._pages = pages
        self._book = RequestBook(deps.store, deps.clock)
        self._services = services

    async def show(self, visit: Visit) -> HTTPResponse:
        """The requests, newest first."""
        require(visit.actor, Permission.READ_REQUESTS)
        return await self._render(visit, notice=NOTICES.get(visit.request.args.get("notice", "")))

    async def set_status(self, visit: Visit, reference: str) -> HTTPResponse:
        """Open or close a request, with a note that the public may read."""
        try:
            require(visit.actor, Permission.SET_REQUEST_STATUS)
        except NotAllowed as error:
            raise PageError(
                403,
                "supervisors_only",
                "Supervisors only",
                "Only a supervisor may change a request. Nothing was changed.",
            ) from error
        status, notes = visit.field("status"), visit.field("notes")
        try:
            changed = await self._book.set_status(reference, status, notes)
        except Refused as error:
            refusal = Refusal(reference, str(error), status, notes)
            return await self._render(visit, status=as_page_error(error).status, refusal=refusal)
        await audit.record(
            self._deps.store.pool, visit.actor.agent_id, "request_status", None, visit.now,
            reference=changed.reference, status=changed.status,
        )  # fmt: skip
        wanted = visit.field("filter")
        query = {"notice": "status-set"} | ({"status": wanted} if wanted in ("open", "closed") else {})
        return go_to(f"/console/requests?{urlencode(query)}")

    async def _render(
        self, visit: Visit, *, status: int = 200, notice: str | None = None, refusal: Refusal | None = None
    ) -> HTTPResponse:
        wanted = visit.request.args.get("status")
        statuses = (wanted,) if wanted in ("open", "closed") else None
        found = await self._book.search(Search(statuses=statuses, limit=PAGE))
        return self._pages.page(
            "requests.html",
            session=visit.session,
            status=status,
            notice=notice,
            alert=refusal.sentence if refusal else None,
            refusal=refusal,
            filter=wanted if statuses else "",
            requests=found,
            services={code: service.called("en") for code, service in self._services.items()},
            details={one.reference: details(one, self._services.get(one.service_code)) for one in found},
            photos={
                one.reference: photo_addresses(one.media_urls, self._deps.request_photo) for one in found
            },
            can_set_status=may(visit.actor, Permission.SET_REQUEST_STATUS),
            longest=PAGE,
            longest_note=MAX_NOTES,
            counts=await desk_rows.count_desk(self._deps.store.pool, visit.scope),
        )
