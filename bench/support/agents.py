"""Agents of a benchmark, who answer their conversations through the console's forms, one after the other.

Measures the time from sending the form until the text arrives on the citizen's event stream.
"""

import asyncio
import json
import re
import time
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack
from types import TracebackType
from typing import Self
from uuid import uuid4

import aiohttp
from argon2 import PasswordHasher

from bench.support.processes import BenchError
from bench.support.product import Product
from desk.people.agents import add_agent
from desk.people.passwords import Passwords
from desk.store.pool import open_store

PASSWORD = "correct horse battery staple"
AGENTS = 2
EACH = 10
PAUSE = 0.25  # seconds between an agent's replies
PATIENCE = 60.0
_CSRF = re.compile(r'name="csrf" value="([^"]+)"')


class Agents:
    """Use as `async with Agents(…) as agents`: they are signed in and have conversations assigned."""

    def __init__(self, running: Product, http: aiohttp.ClientSession) -> None:
        self._running = running
        self._http = http
        self._stack = AsyncExitStack()
        self._agents: list[_Agent] = []
        self._stopped = False

    async def __aenter__(self) -> Self:
        store = await open_store(self._running.database, size=2)
        self._stack.push_async_callback(store.close)
        passwords = Passwords(PasswordHasher(time_cost=1, memory_cost=64, parallelism=1))
        for number in range(AGENTS):
            email = f"agent-{number}@bench.example"
            await add_agent(
                store, passwords, email=email, name=f"Agent {number}", role="supervisor", teams=["front-desk"], password=PASSWORD
            )  # fmt: skip
            browser = await self._stack.enter_async_context(
                aiohttp.ClientSession(cookie_jar=aiohttp.CookieJar(unsafe=True))
            )
            agent = _Agent(self._running.url, browser)
            await agent.sign_in(email)
            self._agents.append(agent)
            for _ in range(EACH):
                window = await _Window.open(self._http, self._running.url)
                self._stack.callback(window.close)
                await window.post("hello")
                await window.until("bot", "system")
                conversation = await store.pool.fetchval(
                    """SELECT conversation_id FROM messages WHERE content->>'client_id' = $1""", window.said
                )
                await agent.take(str(conversation), window)
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self._stack.aclose()

    async def reply_for(self, seconds: float) -> list[float]:
        """Reply for this many seconds. Returns the milliseconds of every reply."""
        end = time.monotonic() + seconds
        return await self._reply(lambda: time.monotonic() < end)

    async def reply_until_stopped(self) -> list[float]:
        """Reply until `stop` is called."""
        self._stopped = False
        return await self._reply(lambda: not self._stopped)

    def stop(self) -> None:
        """Stop after the replies that are under way."""
        self._stopped = True

    async def _reply(self, going_on: Callable[[], bool]) -> list[float]:
        async def one(agent: "_Agent") -> list[float]:
            took = []
            while going_on():
                took.append(await agent.reply())
                await asyncio.sleep(PAUSE)
            return took

        parts = await asyncio.gather(*(one(agent) for agent in self._agents))
        return [each for part in parts for each in part]


class _Agent:
    def __init__(self, url: str, browser: aiohttp.ClientSession) -> None:
        self._url = f"{url}/console"
        self._browser = browser
        self._csrf = ""
        self._has: list[tuple[str, _Window]] = []
        self._next = 0

    async def sign_in(self, email: str) -> None:
        async with self._browser.get(f"{self._url}/sign-in") as page:
            csrf = _csrf(await page.text())
        form = {"csrf": csrf, "email": email, "password": PASSWORD}
        async with self._browser.post(f"{self._url}/sign-in", data=form) as page:
            self._csrf = _csrf(await page.text())

    async def take(self, conversation: str, window: "_Window") -> None:
        await self._post(f"conversations/{conversation}/claim", {})
        await window.until("system")
        self._has.append((conversation, window))

    async def reply(self) -> float:
        conversation, window = self._has[self._next % len(self._has)]
        self._next += 1
        began = time.perf_counter()
        form = {"client_id": str(uuid4()), "text": f"This is reply {self._next}."}
        await self._post(f"conversations/{conversation}/reply", form)
        async with asyncio.timeout(PATIENCE):
            await window.until("agent", text=form["text"])
        return (time.perf_counter() - began) * 1000

    async def _post(self, path: str, form: dict[str, str]) -> None:
        async with self._browser.post(
            f"{self._url}/{path}", data={"csrf": self._csrf, **form}, allow_redirects=False
        ) as answer:
            if answer.status not in (200, 303):
                raise BenchError(f"The console answered {answer.status} to {path.rpartition('/')[2]}.")


class _Window:
    """A citizen's chat window."""

    def __init__(self, http: aiohttp.ClientSession, url: str, token: str) -> None:
        self._http = http
        self._url = url
        self._headers = {"Authorization": f"Bearer {token}"}
        self._stream: aiohttp.ClientResponse | None = None
        self.said = ""

    @classmethod
    async def open(cls, http: aiohttp.ClientSession, url: str) -> "_Window":
        async with http.post(f"{url}/chat/v1/session", json={"language": "en"}) as answer:
            window = cls(http, url, (await answer.json())["token"])
        timeout = aiohttp.ClientTimeout(total=None)
        window._stream = await http.get(
            f"{url}/chat/v1/stream", params={"after": "0"}, headers=window._headers, timeout=timeout
        )
        return window

    def close(self) -> None:
        if self._stream is not None:
            self._stream.close()

    async def post(self, text: str) -> None:
        self.said = str(uuid4())
        body = {"client_id": self.said, "text": text}
        async with self._http.post(
            f"{self._url}/chat/v1/messages", json=body, headers=self._headers
        ) as answer:
            answer.raise_for_status()

    async def until(self, *authors: str, text: str | None = None) -> None:
        async for message in self._messages():
            if message["author"] in authors and text in (None, message["text"]):
                return
        raise BenchError("A citizen's stream ended.")

    async def _messages(self) -> AsyncIterator[dict[str, str]]:
        assert self._stream is not None
        async for line in self._stream.content:
            if line.startswith(b"data: "):
                data = json.loads(line[6:])
                if isinstance(data, dict) and "author" in data:
                    yield data


def _csrf(page: str) -> str:
    found = _CSRF.search(page)
    if not found:
        raise BenchError("The console did not let an agent of the bench in.")
    return found[1]
