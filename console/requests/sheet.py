"""The request book as CSV: download, and import after a preview."""

import asyncio
from collections.abc import Mapping

from sanic import Request
from sanic.response import HTTPResponse

from city.services import CityService, promised_at
from console.deps import ConsoleDeps
from console.guard import PageError, Visit, as_page_error, go_to
from console.notices import NOTICES
from console.rendering import HEADERS, Pages
from console.requests.filters import read_filters
from desk.model import NotAllowed, Refused
from desk.people import audit
from desk.people.permissions import Permission, require
from desk.requests.book import RequestBook
from desk.requests.sheet.columns import (
    ANSWER,
    COLUMNS,
    MAX_BYTES,
    MAX_LINES,
    MAX_OUT,
    read_bytes,
    write_sheet,
)
from desk.requests.sheet.taking import Planned, SheetTaking
from desk.store.dialogue import desk_rows
from forms.body import discard
from forms.errors import BodyRefused
from forms.form import Form
from forms.reader import FormLimits, FormReader
from forms.request import body_stream, content_type, stream_form

# The text of a table comes back with the button that takes it in.
WITH_TABLE = FormLimits(text=MAX_BYTES + 65_536, file=MAX_BYTES)
SECONDS = 60
SHOWN = 500
"""Lines of a dry run that are listed; those that are wrong come first."""
_ORDER = {"wrong": 0, "change": 1, "new": 2, "same": 3}


async def read_table_form(request: Request) -> Form:
    """Read a form with a table, as a file or as text. Raises PageError 413 or 408, BodyRefused 400."""
    reader = FormReader(content_type(request), WITH_TABLE)
    try:
        async with asyncio.timeout(SECONDS):
            # Each character of a form field may take three bytes.
            return await stream_form(request, reader, 3 * WITH_TABLE.text + WITH_TABLE.file)
    except TimeoutError:
        raise PageError(
            408, "too_slow", "Too slow", "The table took too long to arrive. Nothing was changed."
        ) from None
    except BodyRefused as error:
        await discard(body_stream(request), 16 * MAX_BYTES, SECONDS)
        if error.status != 413:
            raise
        sentence = f"The table is larger than {MAX_BYTES // 1_048_576} MB. Nothing was changed. Divide it."
        raise PageError(413, "table_too_large", "This is too large", sentence) from None


class SheetPages:
    """GET /console/requests/import; POST /console/requests/export, and import (`table`, a file), import/apply (`text`)."""

    def __init__(self, deps: ConsoleDeps, pages: Pages, services: Mapping[str, CityService]) -> None:
        self._deps = deps
        self._pages = pages
        self._book = RequestBook(deps.store, deps.clock)
        self._services = services
        self._taking = SheetTaking(
            deps.store,
            services,
            deps.clock,
            lambda service, at: promised_at(deps.city, service, at),
            deps.streets,
        )

    async def export(self, visit: Visit) -> HTTPResponse:
        """The requests that fit the filters, as CSV."""
        _require(visit)
        filters = read_filters(visit.field, self._services, await self._book.crews())
        zone = self._deps.city.zone
        found = await self._book.search(filters.search(zone, visit.now, limit=MAX_OUT))
        await audit.record(
            self._deps.store.pool,
            visit.actor.agent_id,
            "requests_csv",
            None,
            visit.now,
            lines=str(len(found)),
        )
        headers = HEADERS | {"content-disposition": 'attachment; filename="requests.csv"'}
        return HTTPResponse(write_sheet(found, zone), 200, headers, content_type="text/csv; charset=utf-8")

    async def show(self, visit: Visit) -> HTTPResponse:
        """The form."""
        _require(visit)
        return await self._render(visit, notice=NOTICES.get(visit.request.args.get("notice", "")))

    async def dry_run(self, visit: Visit) -> HTTPResponse:
        """What the table would change."""
        _require(visit)
        file = visit.form.files.get("table")
        if file is None or not file.size:
            return await self._render(visit, error=Refused("no_table", "Choose a CSV file first."))
        text = read_bytes(b"".join(file.chunks)).replace("\x00", "")
        try:
            planned = await self._taking.plan(text)
        except Refused as error:
            return await self._render(visit, error=error)
        return await self._render(visit, planned=planned, text=text)

    async def apply(self, visit: Visit) -> HTTPResponse:
        """Import the table that the preview showed."""
        _require(visit)
        text = visit.field("text")
        try:
            await self._taking.take(text, visit.actor.agent_id)
        except Refused as error:
            try:
                return await self._render(
                    visit, error=error, planned=await self._taking.plan(text), text=text
                )
            except Refused:
                return await self._render(visit, error=error)
        return go_to("/console/requests/import?notice=table-taken")

    async def _render(
        self,
        visit: Visit,
        *,
        notice: str | None = None,
        error: Refused | None = None,
        planned: list[Planned] | None = None,
        text: str = "",
    ) -> HTTPResponse:
        every = sorted(planned or (), key=lambda one: (_ORDER[one.kind], one.line.number))
        kinds = [one.kind for one in every]
        return self._pages.page(
            "requests_import.html",
            session=visit.session,
            status=as_page_error(error).status if error else 200,
            alert=str(error) if error else None,
            notice=notice,
            planned=every[:SHOWN],
            tried=planned is not None,
            counts_of={kind: kinds.count(kind) for kind in _ORDER},
            more=len(every) - len(every[:SHOWN]),
            text=text,
            columns=COLUMNS,
            answer=ANSWER,
            longest=MAX_LINES,
            services={code: service.called("en") for code, service in self._services.items()},
            counts=await desk_rows.count_desk(self._deps.store.pool, visit.scope),
        )


def _require(visit: Visit) -> None:
    try:
        require(visit.actor, Permission.SET_REQUEST_STATUS)
    except NotAllowed as error:
        raise PageError(
            403, "supervisors_only", "Supervisors only", "Only a supervisor may do this. Nothing was changed."
        ) from error
