"""Requests that citizens filed with our own GeoReport server: list and map, the crew, and the status that a supervisor
gives them."""

from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import parse_qsl

from sanic.response import HTTPResponse

from city.services import CityService
from city.street_positions import StreetPositions
from console.conversations.upload import taken_photo
from console.deps import ConsoleDeps
from console.guard import PageError, Visit, as_page_error, go_to
from console.notices import NOTICES
from console.rendering import Pages
from console.requests.details import details, photo_addresses
from console.requests.filters import LONGEST_WORDS, NO_CREW, Filters, read_filters
from console.requests.map import HEIGHT, WIDTH, draw_map
from desk.media.photos import BadPhoto
from desk.model import NotAllowed, Refused
from desk.people import audit
from desk.people.permissions import Permission, may, require
from desk.requests.book import MAX_CREW, MAX_NOTES, RequestBook, without_marker
from desk.store import media
from desk.store.dialogue import desk_rows
from desk.store.following import request_followers

PAGE = 100
MAX_PAGES = 500
OURS = "media:"
"""Before the id of a photo that we keep (gateway/georeport/photos.py)."""


@dataclass(frozen=True, slots=True)
class Refusal:
    """Input that could not be saved, so that the form can show it again."""

    reference: str
    sentence: str
    status: str = ""
    notes: str = ""
    crew: str | None = None


class RequestPages:
    """GET /console/requests, POST /console/requests/search (filters, `page`), POST /console/requests/<reference>/status (`status`,
    `notes`, `photo`) and crew (`crew`)."""

    def __init__(
        self,
        deps: ConsoleDeps,
        pages: Pages,
        services: Mapping[str, CityService],
        streets: StreetPositions,
    ) -> None:
        self._deps = deps
        self._pages = pages
        self._book = RequestBook(deps.store, deps.clock)
        self._services = services
        self._streets = [one for segments in streets.streets.values() for one in segments]

    async def show(self, visit: Visit) -> HTTPResponse:
        """The requests, newest first."""
        require(visit.actor, Permission.READ_REQUESTS)
        filters = read_filters(
            lambda name: visit.request.args.get(name, ""), self._services, await self._book.crews()
        )
        notice = NOTICES.get(visit.request.args.get("notice", ""))
        return await self._render(visit, filters, notice=notice)

    async def search(self, visit: Visit) -> HTTPResponse:
        """The newest requests that fit the filters. Words are looked for in number, description, address and note; they are
        in no address."""
        require(visit.actor, Permission.READ_REQUESTS)
        page = visit.field("page")
        number = int(page) if page.isascii() and page.isdigit() and len(page) < 4 else 1
        return await self._render(visit, await self._filters(visit), page=min(max(number, 1), MAX_PAGES))

    async def set_status(self, visit: Visit, reference: str) -> HTTPResponse:
        """Open or close a request, with a note that the public may read."""
        _require_supervisor(visit)
        status, notes = visit.field("status"), visit.field("notes")
        try:
            photo = await self._photo(visit)
            changed = await self._book.set_status(reference, status, notes, photo)
        except (Refused, BadPhoto) as error:
            return await self._refused(visit, Refusal(reference, str(error), status, notes), error)
        await audit.record(
            self._deps.store.pool, visit.actor.agent_id, "request_status", None, visit.now,
            reference=changed.reference, status=changed.status,
        )  # fmt: skip
        return await self._saved(visit, changed.reference, "status-set")

    async def set_crew(self, visit: Visit, reference: str) -> HTTPResponse:
        """Give a request to a crew, or to none."""
        _require_supervisor(visit)
        crew = visit.field("crew")
        try:
            changed = await self._book.set_crew(reference, crew)
        except Refused as error:
            return await self._refused(visit, Refusal(reference, str(error), crew=crew), error)
        await audit.record(
            self._deps.store.pool, visit.actor.agent_id, "request_crew", None, visit.now,
            reference=changed.reference,
        )  # fmt: skip
        return await self._saved(visit, changed.reference, "crew-set")

    async def _filters(self, visit: Visit) -> Filters:
        return read_filters(visit.field, self._services, await self._book.crews())

    async def _list_filters(self, visit: Visit) -> Filters:
        """The filters of the list in which a request was changed. In a field of their own: the form has a status and a crew."""
        given = dict(parse_qsl(visit.field("list")[:2000].removeprefix("?")))
        return read_filters(lambda name: given.get(name, ""), self._services, await self._book.crews())

    async def _saved(self, visit: Visit, reference: str, notice: str) -> HTTPResponse:
        filters = await self._list_filters(visit)
        query = filters.query(notice=notice)
        return go_to(f"/console/requests{query}#r-{reference}")

    async def _refused(self, visit: Visit, refusal: Refusal, error: Exception) -> HTTPResponse:
        filters = await self._list_filters(visit)
        return await self._render(visit, filters, status=as_page_error(error).status, refusal=refusal)

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
        filters: Filters,
        *,
        status: int = 200,
        page: int = 1,
        notice: str | None = None,
        refusal: Refusal | None = None,
    ) -> HTTPResponse:
        city = self._deps.city
        search = filters.search(city.zone, visit.now, limit=PAGE + 1, skip=(page - 1) * PAGE)
        listed = await self._book.search(search)
        found = listed[:PAGE]
        return self._pages.page(
            "requests.html",
            session=visit.session,
            status=status,
            notice=notice,
            alert=refusal.sentence if refusal else None,
            refusal=refusal,
            filters=filters,
            requests=found,
            map=draw_map(found, city.boundary, self._streets),
            width=WIDTH,
            height=HEIGHT,
            page=page,
            more=len(listed) > PAGE,
            crews=await self._book.crews(),
            no_crew=NO_CREW,
            followers=await request_followers.count_followers(
                self._deps.store.pool, [one.reference for one in found]
            ),
            evidence={
                one.reference: photo_addresses([one.status_media], self._deps.request_photo)
                for one in found
                if one.status_media
            },
            services={code: service.called("en") for code, service in self._services.items()},
            described={one.reference: without_marker(one.description) for one in found},
            details={one.reference: details(one, self._services.get(one.service_code)) for one in found},
            photos={
                one.reference: photo_addresses(one.media_urls, self._deps.request_photo) for one in found
            },
            can_set_status=may(visit.actor, Permission.SET_REQUEST_STATUS),
            longest={"notes": MAX_NOTES, "crew": MAX_CREW, "words": LONGEST_WORDS},
            counts=await desk_rows.count_desk(self._deps.store.pool, visit.scope),
        )


def _require_supervisor(visit: Visit) -> None:
    try:
        require(visit.actor, Permission.SET_REQUEST_STATUS)
    except NotAllowed as error:
        raise PageError(
            403,
            "supervisors_only",
            "Supervisors only",
            "Only a supervisor may change a request. Nothing was changed.",
        ) from error
