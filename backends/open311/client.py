"""GeoReport v2 (Open311): an async client that copes with the servers in use.

Specification: http://wiki.open311.org/GeoReport_v2/. What varies between servers is in the sibling modules:
`body` (decoding), `read` (interpreting documents), `write` (form fields), `find` (locating a request whose
answer was lost), `http` (transport), `service_cache` (the list of services).
"""

from collections.abc import Callable, Collection, Iterable
from dataclasses import replace
from datetime import UTC, datetime, timedelta, tzinfo
from time import monotonic as system_monotonic
from typing import ClassVar

import aiohttp

from backends.base import (
    BackendUnavailable,
    Capabilities,
    Filed,
    NewRequest,
    NotPermitted,
    RequestRefused,
    RequestStatus,
    RequestUpdate,
    Service,
    UnknownReference,
)
from backends.circuit_breaker import Breaker
from backends.open311.errors import check_create, refusal
from backends.open311.find import CLOCK_SKEW, find
from backends.open311.http import HttpClient, HttpResponse, keeps_secret, path_segment
from backends.open311.read import (
    Record,
    read_errors,
    read_requests,
)
from backends.open311.service_cache import ServiceCache
from backends.open311.text import folded
from backends.open311.time import MAX_WINDOW, windows, write_time
from backends.open311.write import form_fields

PAGE_SIZE = 100
# The smallest page size seen in practice is Chicago's 50; a shorter first page is the whole answer.
SMALLEST_PAGE = 10
MAX_PAGES = 100
# The specification's limit for an unpaged list.
UNPAGED_LIMIT = 1000
FORMATS = ("json", "xml")


class Open311:
    """A back end behind one GeoReport v2 endpoint.

    `url` ends before `/services.json`. `zone` applies to dates that servers write without one. `read_timeout`
    (seconds) bounds each call. `key` is sent with creates, and with reads as a header, but only over HTTPS,
    to this machine, or to one of `private_hosts` (names inside an internal network).
    """

    # GeoReport v2 has no idempotent create, no withdrawal and no way to add to a request. It has one
    # `media_url`; servers that take several read the repeated field, others the last.
    capabilities: ClassVar[Capabilities] = Capabilities(
        definitions=True,
        lookup=True,
        idempotent=False,
        tokens=True,
        updates=True,
        media=10,
        multivalue=True,
    )

    def __init__(
        self,
        session: aiohttp.ClientSession,
        url: str,
        *,
        key: str | None = None,
        jurisdiction: str | None = None,
        zone: tzinfo = UTC,
        read_timeout: float = 60.0,
        private_hosts: Iterable[str] = (),
        clock: Callable[[], datetime] = lambda: datetime.now(UTC),
        monotonic: Callable[[], float] = system_monotonic,
    ) -> None:
        self._key = key
        self._key_may_travel = keeps_secret(url, private_hosts)
        read_key = key if self._key_may_travel else None
        self._http = HttpClient(session, url, read_timeout, Breaker(monotonic), Breaker(monotonic), read_key)
        self._common = [("jurisdiction_id", jurisdiction)] if jurisdiction else []
        self._zone = zone
        self._clock = clock
        self._format: str | None = None
        self._services = ServiceCache(self._get, monotonic)

    async def services(self) -> list[Service]:
        """All services with their questions. Cached for an hour."""
        return await self._services.list_services()

    async def file(self, request: NewRequest) -> Filed:
        """Create the request at the back end: one POST, never repeated here.

        GeoReport has no idempotent create. After BackendUnavailable with `outcome_unknown`, call `lookup`
        before filing again. Raises RequestRefused, NotPermitted, BackendUnavailable.
        """
        if self._key and not self._key_may_travel:
            raise NotPermitted("the key is not sent: the back end's address does not begin with https://")
        service = await self._services.get_service(request.service_code)
        fields = [*self._common, *form_fields(request, service)]
        if self._key:
            fields.append(("api_key", self._key))
        answer = await self._http.post(f"requests.{self._format or 'json'}", fields)
        try:
            check_create(answer, self._key)
        except RequestRefused:
            self._services.forget()  # the refusal may mean that its service list has changed
            raise
        record = next(iter(read_requests(answer.document, self._zone)), None)
        if record and record.reference is not None:
            return Filed(record.reference, None, record.notice)
        if record and record.token is not None:
            return Filed(None, record.token, record.notice)
        if service.flow == "blackbox":
            return Filed(None, None, record.notice if record else None)
        raise BackendUnavailable("the back end gave neither a number nor a token", outcome_unknown=True)

    async def lookup(self, request: NewRequest, since: datetime) -> Filed | None:
        """Find a request whose create got no answer; `since` is the time of the first attempt.

        Returns None if it does not exist. Raises BackendUnavailable while that cannot be determined,
        including when the request exists but has no number yet.
        """
        start, now = since - CLOCK_SKEW, self._clock() + CLOCK_SKEW
        records: list[Record] = []
        for begin, end in windows(start, now):
            records += await self._requests(begin, end, [("service_code", request.service_code)])
        record = find(request, records, since)
        if record is None:
            return None
        if record.reference is not None:
            return Filed(record.reference, None, record.notice)
        if record.token is not None:
            return Filed(None, record.token, record.notice)
        raise BackendUnavailable("the back end has it and gave it no number yet", outcome_unknown=True)

    async def resolve_token(self, token: str) -> str | None:
        """Return the reference for a token, or None while there is none."""
        try:
            document = await self._get(f"tokens/{path_segment(token)}", [], missing=(400, 404, 410))
        except UnknownReference:
            return None
        records = read_requests(document, self._zone)
        numbers = [record.reference for record in records if record.token in (None, token)]
        return next((number for number in numbers if number is not None), None)

    async def status(self, reference: str) -> RequestStatus:
        """The current status of a request. Raises UnknownReference, BackendUnavailable."""
        document = await self._get(f"requests/{path_segment(reference)}", [], missing=(400, 404, 410))
        records = read_requests(document, self._zone)
        for record in records:
            if record.reference is not None and folded(record.reference) == folded(reference):
                return record.status
        if len(records) == 1 and records[0].reference is None and records[0].status.service_code is not None:
            return replace(records[0].status, reference=reference)
        raise UnknownReference("the back end has no request with this number")

    async def updates(self, since: datetime) -> list[RequestUpdate]:
        """Requests that changed at or after `since`, oldest change first.

        Servers that support `updated_after` return all of these, however old the request. From the others we
        read the requests filed from 90 days before `since` onwards, and filter them here.
        """
        now = self._clock()
        query = [("updated_after", write_time(since))]
        records, _ = await self._pages(query)
        for begin, end in windows(since - MAX_WINDOW, now):
            records += await self._requests(begin, end, query)
        found: dict[str, RequestUpdate] = {}
        for record in records:
            status = record.status
            # Without any date a change cannot be ruled out, so the request is reported as changed.
            changed = status.updated_at or status.requested_at or now
            if record.reference is not None and changed >= since.replace(microsecond=0):
                found[record.reference] = RequestUpdate(record.reference, status, changed)
        return sorted(found.values(), key=lambda update: update.updated_at)

    async def _requests(self, start: datetime, end: datetime, query: list[tuple[str, str]]) -> list[Record]:
        """All requests in a window of at most 90 days, without duplicates."""
        dates = [("start_date", write_time(start)), ("end_date", write_time(end))]
        records, whole = await self._pages([*dates, *query])
        if whole:
            return records
        if end - start < timedelta(minutes=2):
            raise BackendUnavailable("the back end's list of requests cannot be read to its end")
        middle = start + (end - start) / 2
        return [*await self._requests(start, middle, query), *await self._requests(middle, end, query)]

    async def _pages(self, query: list[tuple[str, str]]) -> tuple[list[Record], bool]:
        """All pages of a list combined, without duplicates; the flag is False if the list was cut short."""
        found: dict[str, Record] = {}
        unnumbered: list[Record] = []
        first_length = 0
        for page in range(1, MAX_PAGES + 1):
            paging = [("page", str(page)), ("page_size", str(PAGE_SIZE))]
            try:
                records = read_requests(await self._get("requests", [*query, *paging]), self._zone)
            except UnknownReference:
                # No results: some servers answer 404, also for the page after the last.
                records = []
            if page == 1:
                first_length = len(records)
                unnumbered = [record for record in records if record.reference is None]
            fresh = {r.reference: r for r in records if r.reference is not None and r.reference not in found}
            found.update(fresh)
            if not fresh or len(records) < first_length or first_length < SMALLEST_PAGE:
                # A server that ignores `page` returns the same list again, and may have truncated it at its
                # limit.
                repeated = page == 2 and bool(records) and not fresh
                return [*found.values(), *unnumbered], not (repeated and first_length >= UNPAGED_LIMIT)
        return [*found.values(), *unnumbered], False

    async def _get(
        self, path: str, query: list[tuple[str, str]], missing: Collection[int] = (404, 410)
    ) -> dict[str, object] | list[object]:
        """The document at a path, in the format that this server supports."""
        known = self._format
        answer: HttpResponse | None = None
        for name in (known, *(f for f in FORMATS if f != known)) if known else FORMATS:
            # The other format is tried while none is known, and when this one was unreadable.
            if answer and (
                answer.status >= 500 or (known and (answer.document is not None or answer.status >= 300))
            ):
                break
            latest = await self._http.get(f"{path}.{name}", [*self._common, *query])
            if latest.document is not None and latest.status < 300 and not read_errors(latest.document):
                self._format = name
                return latest.document
            # Of two failed answers, the one that follows the protocol is more informative.
            answer = latest if answer is None or latest.document is not None else answer
        assert answer is not None
        raise refusal(answer, missing)
