"""Requests that citizens filed with our own GeoReport server, and the status that a supervisor gives them."""

from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlencode

from sanic.response import HTTPResponse

from city.services import CityService
from console.conversations.upload import taken_photo
from console.deps import ConsoleDeps
from console.guard import PageError, Visit, as_page_error, go_to
from console.notices import NOTICES
from console.rendering import Pages
from console.requests.details import details, photo_addresses
from desk.media.photos import BadPhoto
from desk.model import NotAllowed, Refused
from desk.people import audit
from desk.people.permissions import Permission, may, require
from desk.requests.book import MAX_NOTES, RequestBook
from desk.store import media
from desk.store.dialogue import desk_rows
from desk.store.following import request_followers
from desk.store.georeport import Search

PAGE = 100
LONGEST_WORDS = 200
OURS = "media:"
"""Before the id of a photo that we keep (gateway/georeport/photos.py)."""


@dataclass(frozen=True, slots=True)
class Refusal:
    """Input that could not be saved, so that the form can show it again."""

    reference: str
    sentence: str
    status: str
    notes: str


class RequestPages:
    """GET /console/requests, POST /console/requests/search (`words`), POST /console/requests/<reference>/status (`status`, `notes`,
    `photo`)."""

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
            photo = await self._photo(visit)
            changed = await self._book.set_status(reference, status, notes, photo)
        except (Refused, BadPhoto) as error:
            refusal = Refusal(reference, str(error), status, notes)
            return await self._render(visit, status=as_page_error(error).status, refusal=refusal)
        await audit.record(
            self._deps.store.pool, visit.actor.agent_id, "request_status", None, visit.now,
            reference=changed.reference, status=changed.status,
        )  # fmt: skip
        wanted = visit.field("filter")
        query = {"notice": "status-set"} | ({"status": wanted} if wanted in ("open", "closed") else {})
        return go_to(f"/console/requests?{urlencode(query)}")

    async def search(self, visit: Visit) -> HTTPResponse:
        """The newest requests with these words in their number, description, address or note. They are in no address."""
        require(visit.actor, Permission.READ_REQUESTS)
        return await self._render(visit, words=visit.field("words").strip()[:LONGEST_WORDS])

    async def _photo(self, visit: Visit) -> str | None:
        """The photo of the finished work, kept as everybody may see it; None if none was chosen. Raises BadPhoto."""
        taken = await taken_photo(visit.form, self._deps.media, self._deps.photo_quotas, visit.actor.agent_id)
        if taken is None:
            return None
        kept, pool = taken.stored, self._deps.store.pool
        row = await media.add_file(pool, None, kept.file_name, kept.content_type, kept.size, kept.sha256)
        await media.mark_kept(pool, [row.id])
        return f"{OURS}{row.id}"

    async def _render(
        self,
        visit: Visit,
        *,
        status: int = 200,
        notice: str | None = None,
        refusal: Refusal | None = None,
        words: str = "",
    ) -> HTTPResponse:
        wanted = visit.request.args.get("status")
        statuses = (wanted,) if wanted in ("open", "closed") else None
        found = await self._book.search(Search(statuses=statuses, limit=PAGE, words=words))
        return self._pages.page(
            "requests.html",
            session=visit.session,
            status=status,
            notice=notice,
            alert=refusal.sentence if refusal else None,
            refusal=refusal,
            filter=wanted if statuses else "",
            requests=found,
            words_searched=words,
            followers=await request_followers.count_followers(
                self._deps.store.pool, [one.reference for one in found]
            ),
            evidence={
                one.reference: photo_addresses([one.status_media], self._deps.request_photo)
                for one in found
                if one.status_media
            },
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
