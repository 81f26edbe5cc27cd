"""A console on a real socket, with the desk behind it; and browsers of agents without a script."""

import asyncio
import html
import mimetypes
import re
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import aiohttp
from argon2 import PasswordHasher
from sanic import Sanic
from sanic.request import Request
from sanic.response import HTTPResponse
from yarl import URL

from city import City
from console.app import console_blueprint
from console.deps import ConsoleDeps
from desk.conversations.ownership import Ownership
from desk.knowledge.catalogue import Catalog
from desk.media.decoder import PhotoDecoder
from desk.media.files import MediaFiles
from desk.media.quotas import PhotoQuotas
from desk.model import Actor, By, Conversation, Message, Role
from desk.people.agents import add_agent
from desk.people.devices import KnownDevices
from desk.people.passwords import AT_ONCE, Passwords
from desk.runtime.live import Live
from desk.store.dialogue import conversations, messages, turns
from desk.store.people import contacts
from desk.store.pool import Store
from forms.request import BoundedRequest
from tests.support.clock import MovedClock

PASSWORD = "correct horse battery staple"
# argon2id, but as cheap as possible: these tests do not need the cost of a real hash.


class QuickPasswords(Passwords):
    """One for all tests. Each test has an event loop of its own, and a semaphore that was waited for belongs to one."""

    _loop: asyncio.AbstractEventLoop | None = None

    async def hash(self, password: str) -> str:
        self._begin()
        return await super().hash(password)

    async def matches(self, stored: str | None, password: str) -> bool:
        self._begin()
        return await super().matches(stored, password)

    def _begin(self) -> None:
        loop = asyncio.get_running_loop()
        if loop is not self._loop:
            self._loop, self._slots = loop, asyncio.Semaphore(AT_ONCE)


PASSWORDS = QuickPasswords(PasswordHasher(time_cost=1, memory_cost=64, parallelism=1))
CSRF = re.compile(r'name="csrf" value="([^"]+)"')
CLIENT_ID = re.compile(r'name="client_id" value="([^"]+)"')
WEB_DIST = Path("web/dist")


@dataclass
class Answer:
    """What the console answered."""

    status: int
    url: str
    headers: Any
    text: str

    @property
    def visible(self) -> str:
        """The words a person reads, tags taken out."""
        return html.unescape(" ".join(re.sub(r"<[^>]*>", " ", self.text).split()))

    @property
    def csrf(self) -> str:
        found = CSRF.search(self.text)
        assert found, self.text[:500]
        return html.unescape(found[1])


class Browser:
    """Keeps cookies, follows redirects, runs no script: plain forms must do."""

    def __init__(self, base: str) -> None:
        self.base = base
        self.http = aiohttp.ClientSession(cookie_jar=aiohttp.CookieJar(unsafe=True))
        self.csrf = ""

    async def get(self, path: str, **options: Any) -> Answer:
        options.setdefault("headers", {"accept": "text/html"})
        async with self.http.get(self.base + path, **options) as answer:
            return Answer(answer.status, str(answer.url), answer.headers, await answer.text(errors="replace"))

    async def post(self, path: str, **options: Any) -> Answer:
        """A form with this session's token; `data` may override it."""
        data = {"csrf": self.csrf} | options.pop("data", {})
        options.setdefault("headers", {"accept": "text/html"})
        async with self.http.post(self.base + path, data=data, **options) as answer:
            return Answer(answer.status, str(answer.url), answer.headers, await answer.text(errors="replace"))

    async def sign_in(self, email: str, password: str = PASSWORD, **more: str) -> Answer:
        form = await self.get("/console/sign-in")
        answer = await self.post(
            "/console/sign-in", data={"csrf": form.csrf, "email": email, "password": password, **more}
        )
        if answer.status == 200:
            self.csrf = answer.csrf
        return answer

    def plant(self, value: str, name: str = "civicdesk_agent") -> None:
        """A cookie as this console would have set it."""
        self.http.cookie_jar.update_cookies({name: value}, URL(f"{self.base}/console/"))

    def cookie(self, name: str = "civicdesk_agent") -> str | None:
        return next((one.value for one in self.http.cookie_jar if one.key == name), None)


@dataclass
class RunningConsole:
    """A running console. `live` is another process's, so that what it tells travels through Redis."""

    base: str
    store: Store
    live: Live
    clock: MovedClock
    city: City
    media_dir: Path
    devices: KnownDevices
    browsers: list[Browser] = field(default_factory=list)

    def browser(self) -> Browser:
        browser = Browser(self.base)
        self.browsers.append(browser)
        return browser

    async def agent(
        self, name: str = "Ana Duarte", role: Role = "agent", teams: tuple[str, ...] = ("front-desk",)
    ) -> tuple[str, Actor]:
        """A new agent's e-mail and actor."""
        email = f"{uuid4().hex[:12]}@lindenport.example"
        agent_id = await add_agent(
            self.store, PASSWORDS, email=email, name=name, role=role, teams=teams, password=PASSWORD
        )
        return email, Actor(agent_id, name, role, teams)

    async def signed_in(
        self, name: str = "Ana Duarte", role: Role = "agent", teams: tuple[str, ...] = ("front-desk",)
    ) -> Browser:
        """A browser with a session."""
        email, _ = await self.agent(name, role, teams)
        browser = self.browser()
        answer = await browser.sign_in(email)
        assert answer.status == 200, answer.visible
        return browser

    async def queued(
        self,
        *,
        team: str = "front-desk",
        name: str | None = "Lucía",
        text: str = "I need a person",
        summary: str = "Wants a person.",
        reason: str = "asked",
        language: str = "en",
        urgency: str | None = None,
    ) -> Conversation:
        """A conversation that waits, with one message of the citizen that the bot understood."""
        async with self.store.transaction() as tx:
            contact = await contacts.add_contact(tx, "web", str(uuid4()), language)
            await tx.execute("UPDATE contacts SET name = $2 WHERE id = $1", contact.id, name)
            conversation = await conversations.add_conversation(tx, contact, language)
            message = await messages.add_message(tx, conversation, messages.NewRow("contact", text, language))
            await turns.add_turn(
                tx, message.id, conversation.id, 0, "handed_off", intent="talk_to_person", confidence=0.93
            )
            queued = await conversations.enqueue(
                tx, conversation.id, 0, team, reason, summary, By("bot", "asked"), urgency
            )
        assert queued is not None
        await self.live.tell(contact.id, queued.id, "owner")
        return queued

    async def say(self, conversation: Conversation, text: str, **extra: Any) -> Message:
        """The citizen writes."""
        async with self.store.transaction() as tx:
            await contacts.lock(tx, conversation.contact_id)
            message = await messages.add_message(
                tx, conversation, messages.NewRow("contact", text, conversation.language, **extra)
            )
            await conversations.mark_contact_wrote(tx, conversation.id)
        await self.live.tell(conversation.contact_id, conversation.id, "message")
        return message

    async def log(self, conversation: Conversation) -> list[Message]:
        return await messages.list_after(self.store.pool, conversation.contact_id, 0)

    async def state(self, conversation: Conversation) -> Conversation:
        now = await conversations.get_by_id(self.store.pool, conversation.id)
        assert now is not None
        return now

    async def audited(self, conversation_id: UUID | None = None) -> list[str]:
        rows = await self.store.pool.fetch(
            "SELECT action FROM audit WHERE $1::uuid IS NULL OR conversation_id = $1 ORDER BY id",
            conversation_id,
        )
        return [row["action"] for row in rows]


@asynccontextmanager
async def running_console(
    store: Store,
    redis_url: str,
    city: City,
    catalog: Catalog,
    media_dir: Path,
    *,
    secure: bool = False,
    host: str = "127.0.0.1",
    **more: Any,
) -> AsyncIterator[RunningConsole]:
    """The console's blueprint alone in an app on a real socket."""
    clock = MovedClock()
    live, elsewhere = Live(redis_url), Live(redis_url)
    await live.start()
    await elsewhere.start()
    app = Sanic(f"console_{uuid4().hex}", configure_logging=False, request_class=BoundedRequest)
    app.config.REQUEST_MAX_SIZE = 2 * 1_048_576  # the gateway's: only what streams may be larger
    app.config.TOUCHUP = False  # it rewrites Sanic's own methods, once for a process
    decoder = PhotoDecoder()
    devices = KnownDevices(b"a secret of the tests")
    listener = socket.create_server(("127.0.0.1", 0))
    base = f"http://{host}:{listener.getsockname()[1]}"
    deps = ConsoleDeps(
        store=store,
        live=live,
        ownership=Ownership(store, live, city, catalog, clock),
        catalog=catalog,
        city=city,
        clock=clock,
        media=MediaFiles(media_dir, decoder),
        photo_quotas=PhotoQuotas(store, clock, "a-secret-of-the-tests"),
        secure_cookies=secure,
        passwords=PASSWORDS,
        devices=devices,
        **({"public_url": base} | more),
    )
    app.blueprint(console_blueprint(deps))

    async def asset(_request: Request, path: str) -> HTTPResponse:
        # At once: a file that is still open when a page leaves would be an error of the test.
        kind = mimetypes.guess_type(path)[0] or "application/octet-stream"
        return HTTPResponse((WEB_DIST / path).read_bytes(), content_type=kind)

    async def push_worker(request: Request) -> HTTPResponse:
        return await asset(request, "console/push-worker.js")

    app.add_route(asset, "/assets/<path:path>", name="asset")
    app.add_route(push_worker, "/console/push-worker.js", name="push_worker")
    server = await app.create_server(sock=listener, return_asyncio_server=True, access_log=False)
    assert server is not None
    await server.startup()
    await server.start_serving()
    console = RunningConsole(base, store, elsewhere, clock, city, media_dir, devices)
    try:
        yield console
    finally:
        for browser in console.browsers:
            await browser.http.close()
        server.close()
        for connection in list(server.connections):
            connection.abort()  # a stream would keep it open for an hour
        await server.wait_closed()
        Sanic.unregister_app(app)
        await decoder.close()
        await live.stop()
        await elsewhere.stop()
