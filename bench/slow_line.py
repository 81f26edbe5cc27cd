"""`python -m bench.slow_line`: how long a citizen with a connection of 50 kbit/s waits until they can write in the chat.

A Chromium behind a slow connection opens a page with only the chat, and the demo city's, with an empty cache. The files
have the headers that the gateway gives them. The rival's time is computed from the size of its script alone. `--short`
measures once.
"""

import argparse
import asyncio
import gzip
import sys
import time
from collections.abc import Awaitable, Callable
from contextlib import suppress
from pathlib import Path

from aiohttp import web
from playwright.async_api import Browser, Page, async_playwright

from bench.report import FOLDER, Row, keep, table
from bench.support.usage import machine
from gateway.headers import CSP, FILE_CSP, OF_PAGES, SECURITY
from gateway.preloads import Preloads
from launch.browser import find_browser

DIST = Path("web/dist")
BITS, LATENCY = 50_000, 0.3  # bits per second, seconds to the first byte
RIVAL_BYTES = 210_930  # rasa-webchat 1.0.1, gzip
GOAL, LIMIT = 5.0, 10.0  # seconds, with the page that the chat is on
PACKET = 1_460  # bytes
TIMES = 3
CONFIG = {
    "city": "Lindenport", "demo": True, "languages": [{"code": "en", "name": "English"}],
    "limits": {"text": 2000, "photo_bytes": 10_485_760}, "emergency_number": "911",
    "office": {"open": True, "opens_at": None}, "origin_allowed": True,
}  # fmt: skip
BARE = (
    '<!doctype html><html lang="en"><title>A page</title><link rel="icon" href="data:,">'
    '<script type="module" src="/widget/civicdesk.js"></script><h1>A page</h1></html>'
)
"""A page that is nothing but the chat: what the chat itself costs."""


def main(arguments: list[str]) -> int:
    """Exit code 0 with a table, 1 if a limit was exceeded, 2 with one sentence if nothing could be measured."""
    parser = argparse.ArgumentParser(
        prog="python -m bench.slow_line", description=(__doc__ or "").split("\n\n")[0]
    )
    parser.add_argument("--short", action="store_true", help="once instead of three times")
    times = 1 if parser.parse_args(arguments).short else TIMES
    browser = find_browser()
    if browser is None or not (DIST / "widget" / "civicdesk.js").exists():
        print("A Chromium and web/dist are needed: run make browser web.", file=sys.stderr)
        return 2
    FOLDER.mkdir(parents=True, exist_ok=True)
    rows = asyncio.run(_measure(str(browser), times))
    print(table(f"\nUntil a citizen can write, at {BITS // 1000} kbit/s", rows, [machine()]))
    print(f"\nwritten: {keep('slow-line', rows)}")
    return 1 if any(row.ours > row.limit for row in rows) else 0


async def _measure(browser_path: str, times: int) -> list[Row]:
    app = web.Application()
    app.router.add_get("/chat/v1/config", lambda _: _answer(web.json_response(CONFIG)))
    app.router.add_get("/bare", lambda _: _answer(web.Response(text=BARE, content_type="text/html")))
    app.router.add_get("/{path:.*}", _file)
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    connection = SlowConnection(("127.0.0.1", runner.addresses[0][1]), bits=BITS, latency=LATENCY)
    slow, port = await connection.start()
    url = f"http://127.0.0.1:{port}"
    try:
        async with async_playwright() as playwright:
            browser = await playwright.chromium.launch(executable_path=browser_path, args=["--no-sandbox"])
            alone = [await _until(browser, f"{url}/bare", _open_chat) for _ in range(times)]
            city = [await _until(browser, url + "/", _open_chat) for _ in range(times)]
            early = [await _until(browser, url + "/", _write_early) for _ in range(times)]
            await browser.close()
    finally:
        slow.close()
        await runner.cleanup()
    rival = RIVAL_BYTES * 8 / BITS
    return [
        Row("a page with the chat alone", max(alone), rival, "rasa-webchat", LIMIT, GOAL, "lower", "s"),
        Row("the demo city's page", max(city), rival, "rasa-webchat", LIMIT, GOAL, "lower", "s"),
        Row("the same, in its early form", max(early), rival, "rasa-webchat", GOAL, GOAL, "lower", "s"),
    ]


async def _until(browser: Browser, url: str, done: Callable[[Page], Awaitable[None]]) -> float:
    page = await (await browser.new_context()).new_page()
    began = time.monotonic()
    await page.goto(url, wait_until="commit", timeout=60_000)
    await done(page)
    took = time.monotonic() - began
    await page.context.close()
    return took


async def _open_chat(page: Page) -> None:
    await page.locator("civicdesk-chat .launcher").click(timeout=60_000)
    await page.locator("civicdesk-chat .composer textarea").fill("Hello", timeout=60_000)


async def _write_early(page: Page) -> None:
    """The form in the page is there before the script; what it holds goes along into the chat."""
    await page.locator("details.early summary").click(timeout=60_000)
    await page.locator("details.early textarea").fill("Hello", timeout=60_000)


async def _answer(response: web.Response) -> web.Response:
    return response


async def _file(request: web.Request) -> web.StreamResponse:
    path = DIST / (request.match_info["path"] or "index.html")
    if not path.is_file():
        return web.Response(status=404)
    kinds = {".html": "text/html", ".js": "text/javascript", ".css": "text/css", ".json": "application/json"}
    brotli = next(iter(path.parent.glob(f"{path.name}*.br")), None)  # as gateway/static.py chooses
    packed, encoding = (
        (brotli.read_bytes(), "br") if brotli else (gzip.compress(path.read_bytes(), 9), "gzip")
    )
    page = path.suffix == ".html"
    headers = {**SECURITY, **(OF_PAGES if page else {}), "content-security-policy": CSP if page else FILE_CSP}
    headers |= {"Content-Encoding": encoding, "Cache-Control": "public, no-cache", "X-Request-ID": "0" * 32}
    if page:
        headers["Link"] = Preloads(DIST).link("en", ["/site.css"])
    return web.Response(
        body=packed, headers=headers, content_type=kinds.get(path.suffix, "image/svg+xml"), charset="utf-8"
    )


class SlowConnection:
    """A slow connection in front of a local server. Chromium's own emulation charges every answer's head and every read in
    whole packets of 1,500 bytes, which adds half a second to a page of five small files.

    `bits` per second towards the browser, for all its connections together, in the order in which the server sends;
    `latency` in seconds until a request arrives. `to`: host and port of the server."""

    def __init__(self, to: tuple[str, int], *, bits: int, latency: float) -> None:
        self._to = to
        self._bytes_per_second = bits / 8
        self._latency = latency
        self._free_at = 0.0

    async def start(self) -> tuple[asyncio.Server, int]:
        """Listens on a free port of this machine."""
        server = await asyncio.start_server(self._connect, "127.0.0.1", 0)
        return server, server.sockets[0].getsockname()[1]

    async def _connect(self, browser: asyncio.StreamReader, to_browser: asyncio.StreamWriter) -> None:
        server, to_server = await asyncio.open_connection(*self._to)
        with suppress(ConnectionError, asyncio.CancelledError):
            await asyncio.gather(
                self._pass(browser, to_server, lambda size, now: now + self._latency),
                self._pass(server, to_browser, self._passed_at),
            )

    async def _pass(
        self, source: asyncio.StreamReader, to: asyncio.StreamWriter, due: Callable[[int, float], float]
    ) -> None:
        """The time at which bytes arrive is decided when they are sent: a busy machine is not charged twice."""
        loop = asyncio.get_running_loop()
        sent: asyncio.Queue[tuple[float, bytes]] = asyncio.Queue()

        async def deliver() -> None:
            while True:
                at, some = await sent.get()
                await asyncio.sleep(max(0.0, at - loop.time()))
                if not some or to.is_closing():
                    break
                to.write(some)
            to.close()

        delivering = asyncio.create_task(deliver())
        while some := await source.read(PACKET):
            sent.put_nowait((due(len(some), loop.time()), some))
        sent.put_nowait((0.0, b""))
        await delivering

    def _passed_at(self, size: int, now: float) -> float:
        self._free_at = max(self._free_at, now) + size / self._bytes_per_second
        return self._free_at


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
