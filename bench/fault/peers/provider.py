"""The provider: accepts messages over a real socket, strictly, and can be late, busy or silent. It offers no idempotency."""

import asyncio
import json
import secrets
import time
from collections import defaultdict
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from aiohttp import web

Behavior = Callable[["OutboxItem"], Awaitable[web.StreamResponse | None]]
"""Runs before a message is accepted (an answer refuses it), or afterwards (an answer replaces the 201)."""


@dataclass(frozen=True, slots=True)
class OutboxItem:
    """One call. `worker` is the number of the worker that made it, `at` the time it was accepted."""

    id: str
    contact: str
    text: str
    key: str
    worker: int
    at: float


class Provider:
    """Has one port for each worker, so that the bench knows who called. `taken` is what a citizen's phone shows."""

    def __init__(self, workers: int) -> None:
        self.token = secrets.token_urlsafe(16)
        self.urls: list[str] = []
        self.taken: dict[str, list[OutboxItem]] = defaultdict(list)
        self.tries: dict[str, int] = defaultdict(int)
        self.before: Behavior | None = None
        self.after: Behavior | None = None
        self._workers = workers
        self._runners: list[web.AppRunner] = []
        self._arrived: dict[str, asyncio.Event] = defaultdict(asyncio.Event)

    async def start(self) -> None:
        """Listen on free loopback ports."""
        for number in range(self._workers):
            app = web.Application()
            app.router.add_post("/messages", self._handler(number))
            runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1)
            await runner.setup()
            await web.TCPSite(runner, "127.0.0.1", 0).start()
            self._runners.append(runner)
            self.urls.append(f"http://127.0.0.1:{runner.addresses[0][1]}")

    async def stop(self) -> None:
        """Close the ports."""
        for runner in self._runners:
            await runner.cleanup()

    def calm(self) -> None:
        """Accept everything again, without delay."""
        self.before = self.after = None

    async def until(self, contact: str, count: int) -> None:
        """Wait until this contact has this many messages."""
        while len(self.taken[contact]) < count:
            arrived = self._arrived[contact]
            arrived.clear()
            await arrived.wait()

    def _handler(self, worker: int) -> Callable[[web.Request], Awaitable[web.StreamResponse]]:
        async def take(request: web.Request) -> web.StreamResponse:
            if request.headers.get("Authorization") != f"Bearer {self.token}":
                return web.json_response({"error": "token"}, status=401)
            try:
                body = json.loads(await request.read())
                known = set(body) == {"to", "text"} and all(isinstance(one, str) for one in body.values())
            except ValueError:
                known = False
            key = request.headers.get("X-Reference", "")
            if not known or not body["text"] or not body["to"].startswith("+") or not key:
                return web.json_response({"error": "malformed"}, status=400)
            self.tries[key] += 1
            item = OutboxItem(secrets.token_hex(8), body["to"], body["text"], key, worker, time.time())
            refusal = await self.before(item) if self.before else None
            if refusal is not None:
                return refusal
            self.taken[item.contact].append(item)
            self._arrived[item.contact].set()
            instead = await self.after(item) if self.after else None
            return instead or web.json_response({"id": item.id}, status=201)

        return take
