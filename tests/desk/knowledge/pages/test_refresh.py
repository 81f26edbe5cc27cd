"""The city's pages are fetched politely, and what is kept is what they say."""

from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from pathlib import Path

import msgspec
import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer
from structlog.testing import capture_logs

from city import City
from city.model import PagesConfig
from desk.knowledge.pages.fetching import PageFetcher
from desk.knowledge.pages.refresh import PageRefresh
from desk.store.pool import Store
from tests.support.clock import MovedClock
from tests.support.embedding import Embedder

HOST = "pages.lindenport.example"


@dataclass
class Site:
    """A web server with pages, which counts what it is asked."""

    pages: dict[str, str] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)
    broken: bool = False
    robots: str = "User-agent: *\nDisallow: /private/\nCrawl-delay: 3\n"

    async def serve(self, request: web.Request) -> web.StreamResponse:
        path = request.path
        if self.broken:
            return web.Response(status=500)
        if path == "/robots.txt":
            return web.Response(text=self.robots)
        if path == "/away":
            raise web.HTTPFound("http://127.0.0.1:1/secret")
        if path not in self.pages:
            return web.Response(status=404)
        etag = f'"{hash(self.pages[path])}"'
        same = request.headers.get("If-None-Match") == etag
        self.asked.append(f"{path} {'same' if same else 'new'}")
        if same:
            return web.Response(status=304)
        return web.Response(text=self.pages[path], content_type="text/html", headers={"ETag": etag})


@dataclass
class Reading:
    """A worker that reads this site."""

    store: Store
    site: Site
    root: str
    city: City
    clock: MovedClock
    pauses: list[float] = field(default_factory=list)
    embedder: Embedder = field(default_factory=Embedder)

    def refresh(self, **config: object) -> PageRefresh:
        pages = msgspec.convert({"sitemap": f"{self.root}/sitemap.xml", **config}, PagesConfig)
        city = msgspec.structs.replace(self.city, pages=pages)

        async def nowhere(host: str, port: int) -> list[str]:
            return ["127.0.0.1"]

        async def sleep(seconds: float) -> None:
            self.pauses.append(seconds)

        fetcher = PageFetcher("https://www.lindenport.example", [HOST], nowhere, sleep)
        return PageRefresh(self.store, city, fetcher, self.embedder, self.clock, "https://desk.example")

    async def read(self, **config: object) -> None:
        refresh = self.refresh(**config)
        pages = refresh._city.pages
        assert pages is not None
        await refresh.refresh(pages)

    async def kept(self) -> dict[str, list[str]]:
        rows = await self.store.pool.fetch(
            "SELECT url, text FROM pages LEFT JOIN page_passages ON page_id = pages.id ORDER BY url, place"
        )
        found: dict[str, list[str]] = {}
        for row in rows:
            found.setdefault(row["url"].removeprefix(self.root), []).append(row["text"])
        return found


def page(text: str) -> str:
    return f"<html lang=en><title>Pools</title><main><h1>Pools</h1><p>{text}</p></main>"


@pytest.fixture
async def reading(store: Store, city: City) -> AsyncIterator[Reading]:
    site = Site()
    app = web.Application()
    app.router.add_route("*", "/{path:.*}", site.serve)
    async with TestServer(app) as server:
        root = f"http://{HOST}:{server.port}"
        site.pages = {
            "/sitemap.xml": f"""<?xml version="1.0"?><urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">
                <url><loc>{root}/pools</loc></url><url><loc>{root}/private/staff</loc></url>
                <url><loc>{root}/away</loc></url><url><loc>https://elsewhere.example/x</loc></url></urlset>""",
            "/pools": page("The pool opens at seven in the morning."),
            "/private/staff": page("Nobody but the staff reads this text."),
        }
        yield Reading(store, site, root, city, MovedClock())


async def test_pages_of_a_sitemap_are_read_once_and_only_where_robots_may(reading: Reading) -> None:
    await reading.read()
    assert await reading.kept() == {"/pools": ["The pool opens at seven in the morning."]}
    assert reading.pauses, "it waits between two requests"
    assert set(reading.pauses) == {3.0}, "as long as robots.txt asks"
    await reading.read()
    assert reading.site.asked[-2:] == ["/sitemap.xml new", "/pools same"]
    assert len(await reading.kept()) == 1


async def test_what_changed_or_is_gone_is_so_here_too(reading: Reading) -> None:
    await reading.read()
    reading.site.pages["/pools"] = page("The pool opens at eight in the morning.")
    await reading.read()
    assert await reading.kept() == {"/pools": ["The pool opens at eight in the morning."]}
    reading.site.broken = True
    await reading.read()
    assert len(await reading.kept()) == 1, "while the site is away its passages stay"
    reading.site.broken = False
    del reading.site.pages["/pools"]
    await reading.read()
    assert await reading.kept() == {}


async def test_a_folder_is_read_like_a_site(reading: Reading, tmp_path: Path) -> None:
    (tmp_path / "sub").mkdir()
    (tmp_path / "index.html").write_text(page("The city hall opens at nine."))
    (tmp_path / "sub" / "dogs.html").write_text(page("Dogs need a licence in this city."))
    await reading.read(sitemap=None, folder=str(tmp_path))
    assert await reading.kept() == {
        "https://desk.example/": ["The city hall opens at nine."],
        "https://desk.example/sub/dogs.html": ["Dogs need a licence in this city."],
    }


async def test_the_bot_makes_the_vectors_afterwards(reading: Reading) -> None:
    await reading.read()
    refresh = reading.refresh()
    reading.embedder.away = True
    with capture_logs() as logs:
        assert await refresh.make_vectors() == await refresh.make_vectors() == 0
    assert [one["event"] for one in logs] == ["pages_without_vectors"], "said once, while the bot loads"
    reading.embedder.away = False
    assert await refresh.make_vectors() == 1
    assert await refresh.make_vectors() == 0
    bits = await reading.store.pool.fetchval("SELECT bit_count(signs) FROM page_passages")
    assert 0 < bits < 512


async def test_addresses_of_our_own_network_are_never_fetched(reading: Reading) -> None:
    for url in ("http://127.0.0.1:1/x", "https://10.0.0.1/x", "https://localhost/x", "https://[::1]/x"):
        await reading.read(sitemap=None, addresses=[url])
        assert await reading.kept() == {}
