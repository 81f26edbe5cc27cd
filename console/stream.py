"""The event stream: tells the page's script WHAT changed (ids and counts); the script then requests
fragments."""

import asyncio
from contextlib import suppress
from typing import cast

import structlog

from console.cookies import SESSION
from console.deps import ConsoleDeps
from console.feed import DeskFeed
from console.guard import Visit
from console.open_page import OpenPage, event
from forms.cookies import Cookies

log = structlog.get_logger("console")

HEADERS = {"cache-control": "no-store", "x-accel-buffering": "no", "x-content-type-options": "nosniff"}
PING = 12.0
LIFE = 3_600.0
"""Seconds; after that the browser reconnects on its own."""
PATIENCE = 20.0


class Stream:
    """GET /console/stream."""

    def __init__(self, deps: ConsoleDeps, cookies: Cookies, feed: DeskFeed) -> None:
        self._closing = deps.closing
        self._cookies = cookies
        self._feed = feed

    async def serve(self, visit: Visit) -> None:
        """Stream until the page disconnects, the session ends, the process shuts down or an hour has
        passed."""
        response = await visit.request.respond(
            content_type="text/event-stream; charset=utf-8", headers=HEADERS
        )
        token = self._cookies.read(visit.request, SESSION) or ""
        loop = asyncio.get_running_loop()
        # Send something at once: it carries the headers, and the page knows that it is connected.
        end, sent_at = loop.time() + LIFE, loop.time() - PING
        try:
            with self._closing.waits():
                async with self._feed.page(token, visit.session) as page:
                    if page.reads:
                        await _woken(page)
                    while not self._closing.closed and loop.time() < end:
                        data = page.take()
                        if not data and loop.time() - sent_at >= PING:
                            data = event("ping", {})  # an event, so that the page sees it
                        if data:
                            async with asyncio.timeout(PATIENCE):
                                await response.send(data)
                            sent_at = loop.time()
                        if page.session is None:
                            break
                        await _woken(page)
        except TimeoutError:
            log.info("slow_page_dropped", agent=str(visit.actor.agent_id))
            transport = cast(asyncio.Transport | None, visit.request.transport)
            if transport is not None:
                transport.abort()
            return
        await response.eof()


async def _woken(page: OpenPage) -> None:
    with suppress(TimeoutError):
        async with asyncio.timeout(PING / 3):
            await page.woken.wait()
