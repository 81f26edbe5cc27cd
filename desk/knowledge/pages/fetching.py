"""Fetches the city's pages politely: as robots.txt allows, one page at a time with a pause, only changed pages,
within limits on size, time and redirects, and never from our own network (desk/media/fetch.py)."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from urllib.parse import urljoin, urlsplit
from urllib.robotparser import RobotFileParser

import aiohttp

from desk.media.fetch import CHUNK, NotFetched, PublicResolver, Resolve, checked_url, system_resolve

AGENT = "Civicdesk"
SECONDS, REDIRECTS = 20.0, 3
LARGEST_PAGE, LARGEST_ROBOTS = 2 * 1024 * 1024, 512 * 1024
PAUSE, LONGEST_PAUSE = 1.0, 10.0
"""Seconds between two requests to a host; robots.txt may ask for more, up to the second."""


@dataclass(frozen=True, slots=True)
class Fetched:
    """A page as its server gave it; `body` is None where it has not changed. `etag` and `modified` are for the next time."""

    body: bytes | None
    etag: str | None = None
    modified: str | None = None


class Gone(Exception):
    """The page is no longer there, or must not be fetched: what we have of it is to be removed. `status` is what its server said."""

    def __init__(self, reason: str, status: int | None = None) -> None:
        super().__init__(reason)
        self.status = status


class PageFetcher:
    """Built once. `hosts` of each call are those that city.yml names; `private_hosts` may be in our network."""

    def __init__(
        self,
        website: str,
        private_hosts: Sequence[str] = (),
        resolve: Resolve | None = None,
        sleep: Callable[[float], Awaitable[object]] = asyncio.sleep,
    ) -> None:
        self._private = frozenset(host.lower() for host in private_hosts)
        self._resolve = resolve or system_resolve
        self._sleep = sleep
        self._agent = f"{AGENT} (+{website})"

    @asynccontextmanager
    async def begin(self, hosts: Sequence[str], *, crawling: bool = True) -> AsyncIterator["FetchRound"]:
        """One round through the pages of these hosts, with one session. Not `crawling`: somebody named these addresses to be
        read again and again, so robots.txt, which is for crawlers, does not count, and there are no pauses."""
        connector = aiohttp.TCPConnector(
            resolver=PublicResolver(self._resolve, self._private), use_dns_cache=False, limit_per_host=1
        )
        async with aiohttp.ClientSession(
            connector=connector,
            timeout=aiohttp.ClientTimeout(total=SECONDS, connect=5.0, sock_read=10.0),
            trust_env=False,
            cookie_jar=aiohttp.DummyCookieJar(),
            headers={"User-Agent": self._agent},
        ) as session:
            yield FetchRound(session, hosts, self._private, self._sleep, crawling)


class FetchRound:
    """Remembers what each host's robots.txt says, for this round."""

    def __init__(
        self,
        session: aiohttp.ClientSession,
        hosts: Sequence[str],
        private: frozenset[str],
        sleep: Callable[[float], Awaitable[object]],
        crawling: bool = True,
    ) -> None:
        self._crawling = crawling
        self._session = session
        self._hosts = hosts
        self._private = private
        self._sleep = sleep
        self._robots: dict[str, RobotFileParser | None] = {}
        self._asked: set[str] = set()

    async def get(
        self, url: str, etag: str | None = None, modified: str | None = None, largest: int = LARGEST_PAGE
    ) -> Fetched:
        """The page. Raises Gone, or NotFetched where a later attempt may succeed."""
        headers = {
            **({"If-None-Match": etag} if etag else {}),
            **({"If-Modified-Since": modified} if modified else {}),
        }
        for _ in range(REDIRECTS + 1):
            if self._crawling:
                robots = await self._rules(url)
                if not robots.can_fetch(AGENT, url):
                    raise Gone("robots.txt does not allow it")
                await self._pause(url, robots)
            found = await self._once(url, headers, largest)
            if not isinstance(found, str):
                return found
            url = found
        raise NotFetched("it redirects too often")

    async def _once(self, url: str, headers: dict[str, str], largest: int) -> Fetched | str:
        """The page, or where it redirects to."""
        try:
            target = checked_url(url, self._hosts, self._private)
            async with self._session.get(target, headers=headers, allow_redirects=False) as answer:
                if answer.status in (301, 302, 303, 307, 308):
                    return urljoin(url, answer.headers.get("location", ""))
                if answer.status == 304:
                    return Fetched(None)
                if answer.status in (401, 403, 404, 410):
                    raise Gone(f"HTTP {answer.status}", answer.status)
                if answer.status != 200:
                    raise NotFetched(f"HTTP {answer.status}", again=True)
                body = await _whole(answer, largest)
                return Fetched(body, answer.headers.get("etag"), answer.headers.get("last-modified"))
        except (aiohttp.ClientError, OSError, TimeoutError, ValueError) as error:
            raise NotFetched(type(error).__name__, again=True) from None

    async def _rules(self, url: str) -> RobotFileParser:
        """What the host's robots.txt says. Without one everything is allowed, and while it cannot be read nothing is (RFC 9309)."""
        parts = urlsplit(url)
        origin = f"{parts.scheme}://{parts.netloc}"
        if origin not in self._robots:
            self._robots[origin] = await self._read_rules(f"{origin}/robots.txt")
        rules = self._robots[origin]
        if rules is None:
            raise NotFetched("its robots.txt cannot be read", again=True)
        return rules

    async def _read_rules(self, url: str) -> RobotFileParser | None:
        rules = RobotFileParser()
        found: Fetched | str = url
        try:
            for _ in range(REDIRECTS + 1):
                if isinstance(found, str):
                    found = await self._once(found, {}, LARGEST_ROBOTS)
            body = found.body if isinstance(found, Fetched) else None
            rules.parse((body or b"").decode("utf-8", "replace").splitlines())
        except Gone:
            rules.parse([])
        except NotFetched:
            return None
        return rules

    async def _pause(self, url: str, robots: RobotFileParser) -> None:
        host = urlsplit(url).netloc
        if host in self._asked:
            wished = robots.crawl_delay(AGENT)
            await self._sleep(min(LONGEST_PAUSE, max(PAUSE, float(wished or 0))))
        self._asked.add(host)


async def _whole(answer: aiohttp.ClientResponse, largest: int) -> bytes:
    body = bytearray()
    async for chunk in answer.content.iter_chunked(CHUNK):
        body += chunk
        if len(body) > largest:
            raise NotFetched("the page is too large")
    return bytes(body)
