"""A gateway in this process, on a real socket, with real engines; and the people and workers around it."""

import asyncio
import io
import json
import re
import socket
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import aiohttp
from sanic import Sanic

from channels.registry import CHANNELS, Factory
from city import City, load_city
from city.services import load_services
from desk.knowledge.catalogue import Catalog
from desk.model import Message
from desk.runtime.live import Live
from desk.store.dialogue import conversations, messages
from desk.store.grants import GATEWAY
from desk.store.people import contacts
from desk.store.pool import Store, store_later
from gateway.app import create_app
from gateway.ops.health import Readiness
from gateway.ops.server import Server, listen
from gateway.settings import Settings
from tests.support import servers
from tests.support.clock import MovedClock

SECRET = "a-secret-of-the-tests"
CITY = load_city("city.yml")
SERVICES = load_services(CITY.services)
CATALOG = Catalog.load(Path("content"), CITY)


@dataclass
class RunningGateway:
    """A running gateway. `live` is a worker's, so that what it tells travels through Redis."""

    base: str
    http: aiohttp.ClientSession
    store: Store
    live: Live
    clock: MovedClock
    app: "Sanic[Any, Any]"
    media_dir: Path
    gateway_live: Live

    async def citizen(self, language: str | None = None) -> "Citizen":
        """A new session of the web chat."""
        body = {"language": language} if language else {}
        async with self.http.post(f"{self.base}/chat/v1/session", json=body) as answer:
            assert answer.status == 201, await answer.text()
            token = (await answer.json())["token"]
        return Citizen(self, token)

    async def say(
        self, contact_id: UUID, text: str, author: str = "bot", language: str = "en", **extra: Any
    ) -> Message:
        """What the worker does: append a message to the contact's log, commit, tell."""
        async with self.store.transaction() as transaction:
            contact = await contacts.lock(transaction, contact_id)
            assert contact is not None
            conversation = await conversations.get_open(transaction, contact_id)
            conversation = conversation or await conversations.add_conversation(transaction, contact, "en")
            message = await messages.add_message(
                transaction,
                conversation,
                messages.NewRow(author, text, language, **extra),  # type: ignore[arg-type]  # the test's further fields
            )
        await self.live.tell(contact_id, conversation.id, "message")
        return message

    def live_readers(self, contact_id: UUID) -> int:
        """How many windows of this contact wait for news."""
        readers: dict[str, set[Any]] = self.gateway_live._readers
        return len(readers.get(f"civicdesk:contact:{contact_id}", ()))

    async def metric(self, name: str) -> float:
        """The sum of one metric, as Prometheus reads it."""
        async with self.http.get(f"{self.base}/metrics") as answer:
            lines = (await answer.text()).splitlines()
        return sum(float(line.rsplit(" ", 1)[1]) for line in lines if re.match(rf"{name}(\{{|\s)", line))

    async def events(self) -> list[dict[str, Any]]:
        """Every event taken in so far."""
        rows = await self.store.pool.fetch("SELECT inbox, external_id, payload FROM events ORDER BY id")
        return [dict(row) for row in rows]


class Citizen:
    """A browser with its token."""

    def __init__(self, gateway: RunningGateway, token: str) -> None:
        self.gateway = gateway
        self.headers = {"authorization": f"Bearer {token}"}
        self.token = token

    async def contact_id(self) -> UUID:
        import hashlib

        found = await self.gateway.store.pool.fetchval(
            "SELECT contact_id FROM web_sessions WHERE token_hash = $1",
            hashlib.sha256(self.token.encode()).digest(),
        )
        assert isinstance(found, UUID)
        return found

    async def post(
        self, *, client_id: str | None = None, raw: bytes | None = None, **body: Any
    ) -> tuple[int, Any]:
        data = (
            raw if raw is not None else json.dumps({"client_id": client_id or str(uuid4()), **body}).encode()
        )
        return await self._ask("POST", "/chat/v1/messages", data=data)

    async def get(self, path: str) -> tuple[int, Any]:
        return await self._ask("GET", path)

    async def poll(self, after: int = 0, wait: int = 0) -> dict[str, Any]:
        status, page = await self.get(f"/chat/v1/messages?after={after}&wait={wait}")
        assert status == 200, page
        assert isinstance(page, dict)
        return page

    async def upload(self, data: Any, kind: str = "image/jpeg") -> tuple[int, Any]:
        return await self._ask("POST", "/chat/v1/media", data=data, headers={"content-type": kind})

    async def part(self, upload: UUID, offset: int, size: int, data: bytes) -> tuple[int, Any]:
        path = f"/chat/v1/media/{upload}?offset={offset}&size={size}"
        return await self._ask("POST", path, data=data, headers={"content-type": "application/octet-stream"})

    @asynccontextmanager
    async def stream(self, after: int = 0) -> AsyncIterator[AsyncIterator[tuple[str, Any]]]:
        async with self.gateway.http.get(
            f"{self.gateway.base}/chat/v1/stream?after={after}",
            headers=self.headers,
            timeout=aiohttp.ClientTimeout(None),
        ) as answer:
            assert answer.status == 200, await answer.text()
            yield events_of(answer)

    async def _ask(
        self, method: str, path: str, data: Any = None, headers: Mapping[str, str] | None = None
    ) -> tuple[int, Any]:
        async with self.gateway.http.request(
            method,
            self.gateway.base + path,
            data=io.BytesIO(data) if isinstance(data, bytes) else data,
            headers={**self.headers, **(headers or {})},
        ) as answer:
            if answer.content_type == "application/json":
                return answer.status, await answer.json()
            return answer.status, await answer.read()


async def events_of(answer: aiohttp.ClientResponse) -> AsyncIterator[tuple[str, Any]]:
    """(event, data) of an event stream, comments as ("", text)."""
    kind, data = "message", ""
    async for line in answer.content:
        text = line.decode().rstrip("\n")
        if text.startswith(":"):
            yield "", text
        elif text.startswith("event: "):
            kind = text[7:]
        elif text.startswith("data: "):
            data = text[6:]
        elif not text and data:
            yield kind, json.loads(data)
            kind, data = "message", ""


async def next_event(stream: AsyncIterator[tuple[str, Any]], kind: str) -> Any:
    """The data of the next event of this kind."""
    async with asyncio.timeout(20):
        async for event, data in stream:
            if event == kind:
                return data
    raise AssertionError(f"the stream ended without {kind}")


@asynccontextmanager
async def running_gateway(
    database_url: str,
    redis_url: str,
    folder: Path,
    *,
    store: Store,
    gateway_database_url: str | None = None,
    gateway_redis_url: str | None = None,
    city: City = CITY,
    channels: Mapping[str, Factory] = CHANNELS,
    environ: Mapping[str, str] | None = None,
    ready: bool = True,
    **settings: Any,
) -> AsyncIterator[RunningGateway]:
    """A gateway while the block runs. `settings` are environment names."""
    clock = MovedClock()
    values = {
        "DATABASE_URL": gateway_database_url or servers.as_role(database_url, GATEWAY),
        "REDIS_URL": gateway_redis_url or redis_url,
        "CIVICDESK_SECRET": SECRET,
        "CIVICDESK_MEDIA_DIR": folder / "media",
        "CIVICDESK_WEB_DIR": folder / "web",
        "CIVICDESK_BOT_URL": "http://127.0.0.1:9",
        **settings,
    }
    made = Settings.load(**values)
    gateway_store = await store_later(made.database_url)
    app = await create_app(
        made,
        city=city,
        services=SERVICES,
        catalog=Catalog(city, CATALOG.seed, CATALOG.responses, CATALOG.seed_facts),
        store=gateway_store,
        readiness=Readiness(ready=ready),
        clock=clock,
        environ=environ or {},
        channels=channels,
    )
    app.config.TOUCHUP = False  # it rewrites Sanic's own methods, once for a process
    sock: socket.socket = listen("127.0.0.1", 0)
    server = Server(app, sock)
    await server.start()
    live = Live(redis_url)
    await live.start()
    async with aiohttp.ClientSession(cookie_jar=aiohttp.CookieJar(unsafe=True)) as http:
        try:
            base = f"http://127.0.0.1:{server.port}"
            yield RunningGateway(base, http, store, live, clock, app, folder / "media", app.ctx.live)
        finally:
            await live.stop()
            await server.stop()
            await gateway_store.close()
