"""Looks in the background whether the pages that answers name as their source, or link to, are still there. An editor reads what
was found; nothing waits for it. The client is that of the city's pages: robots.txt, limits, and never our own network."""

import asyncio
from datetime import timedelta
from urllib.parse import urlsplit

import structlog

from desk.knowledge.pages.fetching import Gone, PageFetcher
from desk.knowledge.publishing.link_hints import links_of
from desk.media.fetch import NotFetched
from desk.model import Clock
from desk.runtime.periodic import repeat
from desk.store.knowledge import links
from desk.store.knowledge.links import State
from desk.store.periodic_tasks import mark_claimed
from desk.store.pool import Store

log = structlog.get_logger("links")

LOOK, EVERY = 30.0, timedelta(minutes=1)
"""Seconds between two looks, and how often one worker does it for all."""
AGAIN = timedelta(days=1)
AT_ONCE = 10
"""Links of one look: one server is asked at most once a second."""


class LinkChecks:
    """Built once by the worker."""

    def __init__(self, store: Store, fetcher: PageFetcher, clock: Clock) -> None:
        self._store = store
        self._fetcher = fetcher
        self._clock = clock

    async def run(self, stop: asyncio.Event) -> None:
        """Look until `stop` is set."""
        await repeat(self.run_due, stop, log, "links_broke", every=LOOK)

    async def run_due(self) -> None:
        """Look at some, if it is time and no other worker does."""
        if await mark_claimed(self._store.pool, "links", EVERY):
            await self.check()

    async def check(self) -> int:
        """Look at those that were not looked at for a day; returns how many."""
        pool, now = self._store.pool, self._clock()
        wanted = sorted({url for body in await links.list_bodies(pool) for url in links_of(body)})
        await links.delete_unused(pool, wanted)
        due = await links.list_due(pool, wanted, now - AGAIN, AT_ONCE)
        for url, _ in due:
            await links.set_checked(pool, url, await self._state(url), now)
        if due:
            log.info("links_checked", count=len(due))
        return len(due)

    async def _state(self, url: str) -> State:
        host = urlsplit(url).hostname or ""
        try:
            async with self._fetcher.begin([host]) as fetch_round:
                await fetch_round.get(url)
        except Gone as error:
            return "gone" if error.status in (404, 410) else "there"
        except NotFetched as error:
            # Too large, or it leads to another host: there is a page.
            return "unreachable" if error.again else "there"
        return "there"
