"""Reads the sources of alerts: each by one worker at a time, only what has changed, within limits on time, size and number."""

import asyncio
from datetime import timedelta

import structlog

from city import City
from city.notices.alerts import AlertSource
from desk.alerts.cap import read_alert
from desk.alerts.feed import Entry, read_entries
from desk.alerts.taking import AlertTaking
from desk.alerts.xml import LARGEST, Unreadable, parse
from desk.knowledge.pages.fetching import FetchRound, Gone, PageFetcher
from desk.media.fetch import NotFetched
from desk.model import Clock
from desk.runtime.error_place import where
from desk.runtime.periodic import repeat
from desk.store.notices import alerts
from desk.store.notices.alerts import Poll
from desk.store.periodic_tasks import mark_claimed
from desk.store.pool import UNREACHABLE, Store

log = structlog.get_logger("alerts")

EVERY = 2.0
"""Seconds between two looks at what is due."""
LONGEST = 60.0
"""Seconds that one reading may take."""
LEASE = LONGEST + 30.0
MOST_DOCUMENTS = 40
"""Documents fetched in one reading; the rest comes with the next."""
LONGEST_PAUSE = timedelta(minutes=10)
"""Between two attempts at a source that fails."""
KEPT = timedelta(days=90)
"""How long an alert that became nothing is listed."""


class AlertPolling:
    """Built once by the worker; of several workers one reads each source."""

    def __init__(self, store: Store, city: City, fetcher: PageFetcher, clock: Clock) -> None:
        self._store = store
        self._city = city
        self._fetcher = fetcher
        self._clock = clock
        self._taking = AlertTaking(store, city, clock)

    async def run(self, stop: asyncio.Event) -> None:
        """Read what is due until `stop` is set."""
        await repeat(self.read_due, stop, log, "alerts_broke", every=EVERY, settle=0.5)

    async def read_due(self) -> int:
        """Read every source that is due, all at the same time: a slow one holds up no other. Returns how many that were."""
        done = await asyncio.gather(
            *(self._read_if_due(one) for one in self._city.alert_sources), return_exceptions=True
        )
        for one in done:
            if isinstance(one, BaseException):
                raise one
        if await mark_claimed(self._store.pool, "alerts_forgotten", timedelta(hours=6)):
            await alerts.delete_old(self._store.pool, KEPT)
        return sum(one for one in done if not isinstance(one, BaseException))

    async def _read_if_due(self, source: AlertSource) -> bool:
        poll = await alerts.lease_poll(self._store.pool, source.name, source.url, source.seconds, LEASE)
        if poll is not None:
            await self._read(source, poll)
        return poll is not None

    async def _read(self, source: AlertSource, poll: Poll) -> None:
        try:
            async with (
                asyncio.timeout(LONGEST),
                self._fetcher.begin(source.allowed_hosts, crawling=False) as round_,
            ):
                await self._read_feed(source, poll, round_)
        except (NotFetched, Gone, Unreadable) as error:
            await self._failed(source, poll, _sentence(error))
        except TimeoutError:
            await self._failed(source, poll, "It took too long.")

    async def _read_feed(self, source: AlertSource, poll: Poll, fetching: FetchRound) -> None:
        feed = await fetching.get(source.url, poll.etag, poll.modified, LARGEST)
        if feed.body is None:
            await alerts.mark_read(self._store.pool, source.name, self._clock(), poll.etag, poll.modified, "")
            return
        entries = await asyncio.to_thread(lambda body: read_entries(parse(body), source.url), feed.body)
        seen = await alerts.mark_seen(self._store.pool, source.name, [one.key for one in entries])
        fresh = [one for one in entries if one.key not in seen]
        problem = await self._take(source, fresh[:MOST_DOCUMENTS], fetching)
        if len(fresh) > MOST_DOCUMENTS:
            problem = (
                f"It has many new alerts: {len(fresh) - MOST_DOCUMENTS} are read later. {problem}".strip()
            )
        # With something left to read, the feed is asked for again as a whole.
        whole = not problem
        await alerts.mark_read(
            self._store.pool, source.name, self._clock(), feed.etag if whole else None, feed.modified if whole else None, problem
        )  # fmt: skip

    async def _take(self, source: AlertSource, entries: list[Entry], fetching: FetchRound) -> str:
        """Take the documents in, the earliest message first; returns a sentence about those that could not be fetched."""
        read, missed, reason = [], 0, ""
        for entry in entries:
            try:
                root = entry.alert
                if root is None:
                    body = (await fetching.get(entry.url, largest=LARGEST)).body or b""
                    root = await asyncio.to_thread(parse, body)
                read.append((entry, read_alert(root)))
            except (Unreadable, Gone) as error:
                await self._taking.keep_unreadable(source, entry.key, _sentence(error))
            except NotFetched as error:
                missed, reason = missed + 1, _sentence(error)
        for entry, alert in sorted(read, key=lambda one: one[1].sent):
            try:
                await self._taking.take(source, entry.key, alert)
            except UNREACHABLE:
                raise
            except Exception as error:
                # One that fails must not keep the others from being taken, now and at every reading.
                log.error("alert_broke", source=source.name, error=type(error).__name__, where=where(error))
                await self._taking.keep_unreadable(
                    source, entry.key, "It could not be taken in; the log says why."
                )
        return f"{missed} of its alerts could not be fetched. {reason}" if missed else ""

    async def _failed(self, source: AlertSource, poll: Poll, problem: str) -> None:
        pause = min(LONGEST_PAUSE, timedelta(seconds=source.seconds) * 2 ** min(poll.failures, 10))
        again = max(pause, timedelta(seconds=source.seconds))
        log.warning("alerts_not_read", source=source.name, problem=problem)
        await alerts.mark_failed(self._store.pool, source.name, self._clock(), problem, again)


def _sentence(error: Exception) -> str:
    """An error in words; those of fetching begin small and name no address."""
    text = str(error)
    return text if isinstance(error, Unreadable) else f"It could not be fetched: {text}."
