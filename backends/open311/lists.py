"""Long lists of requests: pages, windows of dates, and date ranges that a server fails to return."""

from collections import deque
from dataclasses import dataclass, field
from datetime import datetime, timedelta, tzinfo
from typing import Protocol

from backends.base import BackendUnavailable, UnknownReference
from backends.open311.errors import ServerFailed
from backends.open311.read import Record, read_requests
from backends.open311.status import StatusWords
from backends.open311.time import windows, write_time

PAGE_SIZE = 100
# The smallest page size seen in practice is Chicago's 50; a shorter first page is the whole answer.
SMALLEST_PAGE = 10
MAX_PAGES = 100
# The specification's limit for an unpaged list.
UNPAGED_LIMIT = 1000
# A window that ends in a 5xx is asked for in halves, down to this length; as many failures are accepted.
NARROWEST = timedelta(hours=12)
MOST_FAILURES = 40
# So many failures without any success are no stretch: the server is down.
FAILURES_IN_A_ROW = 10

Query = list[tuple[str, str]]
Window = tuple[datetime, datetime]


class Get(Protocol):
    """Reads the document at a path. Raises BackendUnavailable (ServerFailed for a 5xx), UnknownReference."""

    async def __call__(
        self, path: str, query: Query, *, counts: bool = True
    ) -> dict[str, object] | list[object]: ...


@dataclass(slots=True)
class Listed:
    """What was read. `gap`: the server kept failing for a stretch of dates, whose requests are missing."""

    records: list[Record] = field(default_factory=list)
    gap: ServerFailed | None = None
    failures: int = 0
    successes: int = 0


class RequestLists:
    """Reads the lists of one endpoint through `get`."""

    def __init__(self, get: Get, zone: tzinfo, words: StatusWords) -> None:
        self._get = get
        self._zone = zone
        self._words = words

    async def between(self, start: datetime, end: datetime, query: Query) -> Listed:
        """All requests filed between two times. Raises BackendUnavailable if nothing can be read, or if a list is cut
        short."""
        listed = Listed()
        waiting = deque(windows(start, end))
        while waiting:
            await self._window(*waiting.popleft(), query, listed, waiting)
        if listed.gap and not listed.successes:
            raise listed.gap
        return listed

    async def _window(
        self, start: datetime, end: datetime, query: Query, listed: Listed, waiting: deque[Window]
    ) -> None:
        """Read one window into `listed`, or let its halves wait to be asked for instead."""
        dates = [("start_date", write_time(start)), ("end_date", write_time(end))]
        middle = start + (end - start) / 2
        halves = (start, middle), (middle, end)
        try:
            # Only the first failure counts for the breaker; the next ones look for its place.
            records, whole = await self.pages([*dates, *query], counts=listed.failures == 0)
        except ServerFailed as error:
            listed.failures += 1
            if not listed.successes and listed.failures >= FAILURES_IN_A_ROW:
                raise
            if end - start <= NARROWEST or listed.failures > MOST_FAILURES:
                listed.gap = error
            else:
                # Behind the others: a stretch that fails is then told soon from a server that is down.
                waiting.extend(halves)
            return
        listed.successes += 1
        if whole:
            listed.records += records
            return
        if end - start < timedelta(minutes=2):
            raise BackendUnavailable("the back end's list of requests cannot be read to its end")
        waiting.extendleft(reversed(halves))

    async def pages(
        self, query: Query, *, counts: bool = True, most: int = MAX_PAGES
    ) -> tuple[list[Record], bool]:
        """All pages of a list combined (`most` at most), without duplicates; the flag is False if the list was cut short."""
        found: dict[str, Record] = {}
        unnumbered: list[Record] = []
        first_length = 0
        for page in range(1, most + 1):
            paging = [("page", str(page)), ("page_size", str(PAGE_SIZE))]
            try:
                document = await self._get("requests", [*query, *paging], counts=counts)
                records = read_requests(document, self._zone, self._words)
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
