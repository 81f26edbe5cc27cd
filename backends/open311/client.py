"""GeoReport v2 (Open311): an async client that handles the quirks of real servers.

Specification: http://wiki.open311.org/GeoReport_v2/. What varies between servers is in the sibling modules:
`body` (decoding), `lists` (pages and windows of dates), `read` (interpreting documents), `write` (form fields), `find` (locating a request whose
answer was lost), `http` (transport), `service_cache` (the list of services).
"""

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import replace
from datetime import UTC, datetime, tzinfo
from time import monotonic as system_monotonic

import aiohttp

from backends.base import (
    BackendUnavailable,
    Capabilities,
    Change,
    Filed,
    NearbyRequest,
    NewRequest,
    NotPermitted,
    RequestChange,
    RequestRefused,
    RequestStatus,
    RequestUpdate,
    Service,
    UnknownReference,
)
from backends.circuit_breaker import Breaker
from backends.open311.errors import ServerFailed, check_create, refusal
from backends.open311.find import CLOCK_SKEW, find
from backends.open311.http import HttpClient, HttpResponse, keeps_secret, path_segment
from backends.open311.lists import RequestLists
from backends.open311.nearby import PAGES, near_query, read_nearby
from backends.open311.read import (
    read_errors,
    read_requests,
)
from backends.open311.request_updates import (
    PERHAPS_ADDED,
    UPDATES,
    UpdateLists,
    update_fields,
    with_updates,
    word_now,
)
from backends.open311.service_cache import ServiceCache
from backends.open311.status import StatusWords
from backends.open311.text import folded
from backends.open311.time import MAX_WINDOW, write_time
from backends.open311.write import form_fields

FORMATS = ("json", "xml")


class Open311:
    """A back end behind one GeoReport v2 endpoint.

    `url` ends before `/services.json`. `zone` applies to dates that servers write without one. `read_timeout`
    (seconds) bounds each call. `key` is sent with creates, and with reads as a header (`key_in_query`: as api_key in the
    address), but only over HTTPS, to this machine, or to one of `private_hosts` (names inside an internal network).
    `statuses` are the back end's own status words, each `open` or `closed`. `updates_as` are the changes that it takes by
    `POST servicerequestupdates` (complement, withdraw, reopen), each with the status word that it wants with it;
    `read_updates`: it lists updates at the same path (`request_updates`).
    """

    # GeoReport v2 has no idempotent create; withdrawals and additions are an extension that few servers have. It has one
    # `media_url`; servers that take several read the repeated field, others the last.
    capabilities: Capabilities = Capabilities(
        definitions=True,
        lookup=True,
        idempotent=False,
        tokens=True,
        updates=True,
        media=10,
        multivalue=True,
        nearby=True,
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
        key_in_query: bool = False,
        statuses: Mapping[str, str] | None = None,
        updates_as: Mapping[Change, str] | None = None,
        read_updates: bool = False,
        clock: Callable[[], datetime] = lambda: datetime.now(UTC),
        monotonic: Callable[[], float] = system_monotonic,
    ) -> None:
        self._key = key
        self._key_may_travel = keeps_secret(url, private_hosts)
        read_key = key if self._key_may_travel else None
        self._http = HttpClient(
            session,
            url,
            read_timeout,
            Breaker(monotonic),
            Breaker(monotonic),
            read_key,
            key_in_query=key_in_query,
        )
        self._common = [("jurisdiction_id", jurisdiction)] if jurisdiction else []
        self._zone = zone
        self._words = StatusWords(statuses)
        self._clock = clock
        self._updates_as: Mapping[Change, str] = updates_as or {}
        self.capabilities = with_updates(self.capabilities, self._updates_as)
        self._format: str | None = None
        self._lists = RequestLists(self._get, zone, self._words)
        self._services = ServiceCache(self._get, monotonic)
        self._changes = UpdateLists(self._get if read_updates else None, zone, self._words, clock)

    async def services(self) -> list[Service]:
        """All services with their questions. Cached for an hour."""
        return await self._services.list_services()

    async def listed(self) -> list[Service]:
        """All services, without their questions. Cached for an hour."""
        return await self._services.list_names()

    async def service(self, code: str) -> Service:
        """One service with its questions. Raises RequestRefused, BackendUnavailable."""
        return await self._services.get_service(code)

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
        listed = await self._lists.between(start, now, [("service_code", request.service_code)])
        record = find(request, listed.records, since)
        if record is None:
            if listed.gap:
                raise listed.gap
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
        records = read_requests(document, self._zone, self._words)
        for record in records:
            if (
                record.reference is not None
                and folded(record.reference) == folded(reference)
                and not record.is_empty
            ):
                return record.status
        if len(records) == 1 and records[0].reference is None and records[0].status.service_code is not None:
            return replace(records[0].status, reference=reference)
        raise UnknownReference("the back end has no request with this number")

    async def nearby(
        self, service_code: str, latitude: float, longitude: float, metres: float
    ) -> list[NearbyRequest]:
        """Open requests of this service near a point. Servers that do not know `lat`, `long` and `radius` answer with
        their newest open requests; the distance is then measured here."""
        query = near_query(service_code, latitude, longitude, metres)
        records, _ = await self._lists.pages(query, most=PAGES)
        return read_nearby(records, service_code, latitude, longitude, metres)

    async def updates(self, since: datetime) -> list[RequestUpdate]:
        """Requests that changed at or after `since`, oldest change first.

        Servers that support `updated_after` return all of these, however old the request. From the others we
        read the requests filed from 90 days before `since` onwards, and filter them here. Where a server fails for one
        stretch of dates, the rest is read; what was filed in that stretch is missing here.
        """
        now = self._clock()
        query = [("updated_after", write_time(since))]
        try:
            records, _ = await self._lists.pages(query)
        except ServerFailed:
            records = []
        records += (await self._lists.between(since - MAX_WINDOW, now, query)).records
        found: dict[str, RequestUpdate] = {}
        for record in records:
            status = record.status
            # Without any date a change cannot be ruled out, so the request is reported as changed.
            changed = status.updated_at or status.requested_at or now
            if record.reference is not None and changed >= since.replace(microsecond=0):
                found[record.reference] = RequestUpdate(record.reference, status, changed)
        for update in await self._changes.listed(since, now):
            listed = found.get(update.reference)
            if listed is None or update.updated_at >= listed.updated_at:
                found[update.reference] = update
        return sorted(found.values(), key=lambda update: update.updated_at)

    async def complement(self, reference: str, change: RequestChange) -> None:
        """Add text and photos. Raises UnknownReference, RequestRefused, NotPermitted, BackendUnavailable."""
        if change.since is not None and not await self._changes.has(reference, change):
            # The list may lack what came from us: a person looks, so that nothing is added twice.
            raise RequestRefused((("", PERHAPS_ADDED),))
        if change.since is None:
            await self._update(reference, change, "complement")

    async def withdraw(self, reference: str, change: RequestChange) -> None:
        """Close the request for its reporter; twice has one effect. Raises as `complement`."""
        await self._update(reference, change, "withdraw")

    async def reopen(self, reference: str, change: RequestChange) -> None:
        """Open the request again; twice has one effect. Raises as `complement`."""
        await self._update(reference, change, "reopen")

    async def _update(self, reference: str, change: RequestChange, kind: Change) -> None:
        word = await word_now(self._updates_as[kind], lambda: self.status(reference))
        fields = update_fields(reference, change, kind, word, self._clock())
        await self._post_change(f"{UPDATES}.{self._format or 'json'}", [*self._common, *fields])

    async def _post_change(self, path: str, fields: list[tuple[str, str]]) -> None:
        """One POST that changes a request. Raises UnknownReference, RequestRefused, NotPermitted, BackendUnavailable."""
        if self._key and not self._key_may_travel:
            raise NotPermitted("the key is not sent: the back end's address does not begin with https://")
        if self._key:
            fields = [*fields, ("api_key", self._key)]
        answer = await self._http.post(path, fields)
        try:
            check_create(answer, self._key)
        except RequestRefused as error:
            if {code for code, _ in error.errors} == {"404"}:
                raise UnknownReference("the back end has no request with this number") from None
            raise

    async def _get(
        self,
        path: str,
        query: list[tuple[str, str]],
        missing: Collection[int] = (404, 410),
        *,
        counts: bool = True,
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
            latest = await self._http.get(f"{path}.{name}", [*self._common, *query], counts=counts)
            if latest.document is not None and latest.status < 300 and not read_errors(latest.document):
                self._format = name
                return latest.document
            # Of two failed answers, the one that follows the protocol is more informative.
            answer = latest if answer is None or latest.document is not None else answer
        assert answer is not None
        raise refusal(answer, missing)
