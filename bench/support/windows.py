"""Thousands of open chat windows at minimal cost, which reconnect by themselves as the widget does."""

import asyncio
import json
import random
import time
from collections.abc import Callable
from typing import cast
from urllib.parse import urlsplit

FIRST = 0.6  # seconds; full jitter as in web/widget/backoff.ts
CEILING = 30.0
OPENING = 0.002  # seconds between the first connections


class Windows:
    """`count` event streams. `open` is how many are connected now, `answers` holds the milliseconds of every answer."""

    def __init__(self, url: str, tokens: list[str]) -> None:
        parts = urlsplit(url)
        self._host, self._port = parts.hostname or "", parts.port or 80
        self._windows = [_Window(self, token) for token in tokens]
        self.open = 0
        self.answers: list[float] = []
        self.refused = 0

    async def connect(self, patience: float) -> float:
        """Open all of them. Returns the seconds until the last is connected, or `patience`."""
        began = time.monotonic()
        for window in self._windows:
            window.go()
            await asyncio.sleep(OPENING)
        return await self.all_open(began, patience)

    async def all_open(self, began: float, patience: float) -> float:
        """Returns the seconds from `began` until all are connected, or `patience`."""
        while self.open < len(self._windows) and time.monotonic() - began < patience:  # noqa: ASYNC110  (each window counts itself in)
            await asyncio.sleep(0.05)
        return time.monotonic() - began

    def close(self) -> None:
        """Close all connections for good."""
        for window in self._windows:
            window.end()

    def dial(self, protocol: Callable[[], asyncio.Protocol]) -> asyncio.Task[object]:
        """One connection; the task may fail with OSError."""
        loop = asyncio.get_running_loop()
        return asyncio.ensure_future(loop.create_connection(protocol, self._host, self._port))

    def expect(self, number: int) -> None:
        """Note that this window has just asked something."""
        self._windows[number].asked = time.perf_counter()

    @property
    def host(self) -> str:
        """For the request line."""
        return f"{self._host}:{self._port}"


class _Window(asyncio.Protocol):
    def __init__(self, crowd: Windows, token: str) -> None:
        self._crowd = crowd
        self._token = token
        self._transport: asyncio.Transport | None = None
        self._dialing: asyncio.Task[object] | None = None
        self._standing = self._over = False
        self._failures = 0
        self._last = 0
        self._rest = b""
        self.asked = 0.0

    def go(self) -> None:
        if self._over:
            return
        self._dialing = self._crowd.dial(lambda: self)
        self._dialing.add_done_callback(self._dialed)

    def end(self) -> None:
        self._over = True
        if self._transport is not None:
            self._transport.abort()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast(asyncio.Transport, transport)  # uvloop's class is not a subclass
        self._rest = b""
        self._transport.write(
            f"GET /chat/v1/stream?after={self._last} HTTP/1.1\r\nHost: {self._crowd.host}\r\n"
            f"Authorization: Bearer {self._token}\r\nAccept: text/event-stream\r\n\r\n".encode()
        )

    def data_received(self, data: bytes) -> None:
        if not self._standing:
            if b" 200 " not in data[:16]:
                self._crowd.refused += 1
                if self._transport is not None:
                    self._transport.abort()
                return
            self._standing = True
            self._failures = 0
            self._crowd.open += 1
        lines = (self._rest + data).split(b"\n")
        self._rest = lines.pop()
        for line in lines:
            if line.startswith(b"data: ") and b'"author"' in line:
                self._read(json.loads(line[6:]))

    def connection_lost(self, exc: Exception | None) -> None:
        self._transport = None
        if self._standing:
            self._standing = False
            self._crowd.open -= 1
        self._again()

    def _read(self, message: dict[str, object]) -> None:
        seq = message.get("seq")
        self._last = max(self._last, seq) if isinstance(seq, int) else self._last
        if message["author"] != "contact" and self.asked:
            self._crowd.answers.append((time.perf_counter() - self.asked) * 1000)
            self.asked = 0.0

    def _dialed(self, task: asyncio.Task[object]) -> None:
        if not task.cancelled() and task.exception() is not None:
            self._again()

    def _again(self) -> None:
        if self._over:
            return
        ceiling = min(CEILING, FIRST * 2**self._failures)
        self._failures += 1
        asyncio.get_running_loop().call_later(FIRST / 2 + random.random() * ceiling, self.go)
