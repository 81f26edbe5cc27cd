"""Keeps the stored passages in sync with the city's pages: one worker checks them on schedule, and asks the bot for the
vectors of new passages."""

import asyncio
import hashlib
from collections.abc import Mapping
from contextlib import suppress
from datetime import date, datetime, timedelta
from email.utils import parsedate_to_datetime
from pathlib import Path

import structlog

from city import City
from city.model import PagesConfig
from desk.knowledge.pages.fetching import FetchRound, Gone, PageFetcher
from desk.knowledge.pages.passages import ReadPage, read_page
from desk.knowledge.pages.sources import hosts_of, list_addresses, list_files
from desk.knowledge.pages.vectors import AT_ONCE, Embeds, is_vector, signs_of
from desk.media.fetch import NotFetched
from desk.model import Clock
from desk.runtime.periodic import repeat
from desk.store.knowledge import pages
from desk.store.knowledge.pages import KnownPage
from desk.store.periodic_tasks import mark_claimed
from desk.store.pool import Store

log = structlog.get_logger("pages")

EVERY = 5.0
"""Seconds between two looks at what is due."""
VECTORS_EVERY, FILES_EVERY = timedelta(seconds=4), timedelta(minutes=1)
FORGOTTEN = timedelta(days=30)
"""A page that could not be looked at for so long is no longer shown."""


class PageRefresh:
    """Built once by the worker; of several workers one does each round."""

    def __init__(
        self,
        store: Store,
        city: City,
        fetcher: PageFetcher,
        embeds: Embeds | None,
        clock: Clock,
        public_url: str,
    ) -> None:
        self._store = store
        self._city = city
        self._fetcher = fetcher
        self._embeds = embeds
        self._clock = clock
        self._public_url = public_url
        self._files: dict[str, tuple[int, int]] = {}
        self._without = False  # the bot loads for a minute, and one line of the log says so

    async def run(self, stop: asyncio.Event) -> None:
        """Look at what is due until `stop` is set."""
        if self._city.pages is not None:
            await repeat(self.run_due, stop, log, "pages_broke", every=EVERY, settle=0.5)

    async def run_due(self) -> None:
        """Look at the pages if it is time, and make some vectors."""
        config = self._city.pages
        if config is None:
            return
        # Other pages in city.yml are read at once.
        task = f"pages {hashlib.sha256(repr(config).encode()).hexdigest()[:12]}"
        if await mark_claimed(self._store.pool, task, timedelta(hours=config.hours)):
            await self.refresh(config)
        elif config.folder and await mark_claimed(self._store.pool, "page_files", FILES_EVERY):
            await self._read_changed_files(config)
        if self._embeds is not None and await mark_claimed(self._store.pool, "page_vectors", VECTORS_EVERY):
            await self.make_vectors()

    async def refresh(self, config: PagesConfig) -> None:
        """Look at every page once. What cannot be fetched now stays as it was."""
        pool = self._store.pool
        known = await pages.list_known(pool)
        there = set(await asyncio.to_thread(list_files, config, self._public_url))
        changed = await self._read_files(config, known)
        listed = True
        if hosts := hosts_of(config):
            async with self._fetcher.begin(hosts) as fetching:
                try:
                    addresses = await list_addresses(config, fetching)
                except (NotFetched, Gone) as error:
                    log.warning("pages_not_listed", reason=str(error))
                    addresses, listed = [], False
                for url in addresses:
                    there.add(url)
                    changed += await self._take_address(url, known.get(url), fetching)
        gone = [url for url in known if url not in there] if listed else []
        if gone:
            await pages.delete_pages(pool, gone)
        forgotten = await pages.delete_unchecked(pool, self._clock() - FORGOTTEN)
        if changed or gone or forgotten:
            await self._count_words()
        log.info("pages_read", pages=len(there), changed=changed, gone=len(gone) + forgotten)

    async def make_vectors(self) -> int:
        """The vectors of a few passages that have none; returns how many. The bot may not be up yet: then later."""
        waiting = await pages.list_without_vector(self._store.pool, AT_ONCE)
        if not waiting or self._embeds is None:
            return 0
        try:
            vectors = await self._embeds.embed([text for _, text in waiting])
        except Exception as error:
            if not self._without:
                log.info("pages_without_vectors", error=type(error).__name__)
            self._without = True
            return 0
        self._without = False
        made = [
            (id, vector, signs_of(vector))
            for (id, _), vector in zip(waiting, vectors, strict=True)
            if is_vector(vector)
        ]
        await pages.set_vectors(self._store.pool, made)
        return len(made)

    async def _count_words(self) -> None:
        async with self._store.transaction() as transaction:
            await pages.set_words(transaction)

    async def _read_files(self, config: PagesConfig, known: Mapping[str, KnownPage]) -> int:
        """How many files are new or have changed."""
        files = await asyncio.to_thread(list_files, config, self._public_url)
        return sum([await self._take_file(url, path, known.get(url)) for url, path in files.items()])

    async def _read_changed_files(self, config: PagesConfig) -> None:
        """Between two rounds: what was written into the folder since this process last looked."""
        now = await asyncio.to_thread(_written, list_files(config, self._public_url))
        before, self._files = self._files, now
        if now != before and await self._read_files(config, await pages.list_known(self._store.pool)):
            await self._count_words()

    async def _take_file(self, url: str, path: Path, before: KnownPage | None) -> bool:
        body = await asyncio.to_thread(path.read_bytes)
        page = await asyncio.to_thread(read_page, body)
        stat = await asyncio.to_thread(path.stat)
        written = datetime.fromtimestamp(stat.st_mtime, self._city.zone).date()
        return await self._keep(url, page, page.changed_on or written, None, None, before)

    async def _take_address(self, url: str, before: KnownPage | None, fetching: FetchRound) -> bool:
        try:
            found = await (fetching.get(url, before.etag, before.modified) if before else fetching.get(url))
        except Gone:
            if before is not None:
                await pages.delete_pages(self._store.pool, [url])
            return before is not None
        except NotFetched as error:
            log.info("page_not_fetched", reason=str(error))
            return False
        if found.body is None:
            if before is not None:
                await pages.mark_checked(self._store.pool, before.id, self._clock())
            return False
        page = await asyncio.to_thread(read_page, found.body)
        if page.hidden:
            await pages.delete_pages(self._store.pool, [url])
            return before is not None
        today = self._clock().astimezone(self._city.zone).date()
        changed = page.changed_on or _day(found.modified) or today
        return await self._keep(url, page, changed, found.etag, found.modified, before)

    async def _keep(
        self,
        url: str,
        page: ReadPage,
        changed_on: date,
        etag: str | None,
        modified: str | None,
        before: KnownPage | None,
    ) -> bool:
        """Whether it is new or has changed."""
        language = page.language or self._city.language
        parts = [page.title, language, *(text for one in page.passages for text in (one.heading, one.text))]
        digest = hashlib.sha256("\0".join(parts).encode()).hexdigest()
        if before is not None and before.digest == digest:
            await pages.mark_checked(self._store.pool, before.id, self._clock())
            return False
        async with self._store.transaction() as transaction:
            await pages.set_page(
                transaction, url, page.title, language, changed_on, digest, etag, modified, self._clock(),
                page.passages,
            )  # fmt: skip
        return True


def _written(files: Mapping[str, Path]) -> dict[str, tuple[int, int]]:
    """When each file was written, and its size."""
    stats = {url: path.stat() for url, path in files.items()}
    return {url: (stat.st_mtime_ns, stat.st_size) for url, stat in stats.items()}


def _day(modified: str | None) -> date | None:
    with suppress(ValueError, TypeError):
        return parsedate_to_datetime(modified).date() if modified else None
    return None
