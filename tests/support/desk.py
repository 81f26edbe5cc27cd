"""A desk on real engines: intake, workers, agents and a bot."""

import asyncio
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any, Literal
from uuid import UUID, uuid4

import aiohttp

from backends.base import Backend
from channels.base import Channel, Inbound, Location, MediaRef
from channels.web.channel import WebChannel
from city import City
from city.routes import Routes
from city.services import load_services
from desk.building import Resources, build_common
from desk.conversations.messages import MessageWriter
from desk.conversations.ownership import Ownership
from desk.inbound.intake import Intake
from desk.inbound.web_sessions import open_session
from desk.knowledge.catalogue import Catalog
from desk.model import Actor, By, Contact, Conversation, Message
from desk.outbound.rate_limits import RateLimits
from desk.outbound.undelivered import build_undelivered
from desk.outside import Outside
from desk.partners.registry import Partner
from desk.requests.news import RequestNews
from desk.runtime.live import Live
from desk.runtime.timing import BotTiming, DeliveryTiming, TurnTiming
from desk.store.dialogue import conversations, messages
from desk.store.people import contacts
from desk.store.pool import Store
from desk.turns.bot_client import HttpBotClient
from desk.worker import Timings, Worker
from tests.support.fake_bot import SECRET, FakeBot
from tests.support.waiting import eventually

OPEN = datetime(2026, 11, 23, 15, 0, tzinfo=UTC)
"""Monday, 10:00 in the demo city: the office is open."""
CLOSED = datetime(2026, 11, 22, 15, 0, tzinfo=UTC)
"""Sunday."""

QUICK = Timings(
    turn=TurnTiming(
        lease=10,
        poll=0.05,
        drain=5,
        bot_wait=60,
        bot_pause=0.02,
        bot_pause_most=0.1,
        retry=0.01,
        commit_again=(0.01, 0.02),
    ),
    delivery=DeliveryTiming(lease=10, poll=0.05, base=0.01, longest=0.05, attempts=6),
    settle=0.05,
)


class Desk:
    """The desk under test."""

    def __init__(
        self,
        store: Store,
        live: Live,
        city: City,
        catalog: Catalog,
        bot: FakeBot,
        worker_store: Store | None = None,
    ) -> None:
        """`worker_store`: the same database with the worker's rights, for the workers."""
        self.store, self.live, self.catalog, self.bot = store, live, catalog, bot
        self.worker_store = worker_store or store
        self.now = OPEN
        self.changed_settings: dict[str, dict[str, Any]] = {}
        self.move_to(city)

    def move_to(self, city: City) -> None:
        """Serve this city from now on: a test's own inboxes are its own."""
        self.city = city
        writer = MessageWriter(city, self.catalog)
        self.intake = Intake(
            self.store, self.live, build_undelivered(self.store, self.live, city, writer, self.clock)
        )
        self.ownership = Ownership(self.store, self.live, city, self.catalog, self.clock)

    def clock(self) -> datetime:
        return self.now

    async def contact(self, language: str | None = None) -> Contact:
        return (await open_session(self.store, "web", language, self.now)).contact

    async def send(self, contact: Contact, text: str | None = None, **more: Any) -> str:
        """A message of the widget; gives its client id."""
        client_id = str(more.pop("client_id", uuid4()))
        trace_id = more.pop("trace_id", None)
        kind: Literal["button", "message"] = "button" if "button" in more else "message"
        inbound = Inbound(f"{contact.id}:{client_id}", str(contact.id), kind, text, **more)
        await self.intake.receive_from(contact, inbound, trace_id=trace_id)
        return client_id

    async def share(self, contact: Contact, latitude: float, longitude: float) -> None:
        await self.send(contact, location=Location(latitude, longitude))

    async def photo(self, contact: Contact, media_id: UUID, text: str | None = None) -> None:
        await self.send(contact, text, media=(MediaRef(str(media_id), "image/jpeg"),))

    async def log(self, contact: Contact) -> list[Message]:
        return await messages.list_after(self.store.pool, contact.id, 0)

    async def settled(self, contact: Contact) -> list[Message]:
        """The log once nothing of this contact is open any more."""
        await eventually(lambda: self._settled(contact))
        return await self.log(contact)

    async def conversation(self, contact: Contact) -> Conversation:
        found = await conversations.get_open(self.store.pool, contact.id)
        assert found is not None
        return found

    async def queued(self, contact: Contact | None = None) -> Conversation:
        """A conversation that waits for a person."""
        contact = contact or await self.contact()
        async with self.store.transaction() as transaction:
            locked = await contacts.lock(transaction, contact.id)
            assert locked
            made = await conversations.add_conversation(transaction, locked, "en")
            queued = await conversations.enqueue(
                transaction, made.id, 0, "front-desk", "asked", "Wants a person.", By("bot", "asked")
            )
            assert queued
            return queued

    async def agent(
        self, name: str = "Ana", role: str = "agent", teams: tuple[str, ...] = ("front-desk",)
    ) -> Actor:
        made = await self.store.pool.fetchval(
            "INSERT INTO agents (email, name, role, teams, password_hash) VALUES ($1, $2, $3, $4, '-') RETURNING id",
            f"{uuid4()}@example.org",
            name,
            role,
            list(teams),
        )
        return Actor(made, name, role, teams)  # type: ignore[arg-type]  # text from the test's table, where the type lists the words

    async def outcome(self, message: Message) -> str | None:
        return await self.store.pool.fetchval("SELECT outcome FROM turns WHERE message_id = $1", message.id)

    def worker(
        self,
        session: aiohttp.ClientSession,
        *,
        timings: Timings = QUICK,
        channels: Mapping[str, Channel] | None = None,
        city: City | None = None,
        routes: Routes | None = None,
        try_seconds: float = 5.0,
        rates: RateLimits | None = None,
        backends: Mapping[str, Backend] | None = None,
        partners: Mapping[str, Partner] | None = None,
        **parts: Any,
    ) -> Worker:
        assistant = HttpBotClient(
            session, self.bot.url, SECRET, lambda: datetime.now(UTC), BotTiming(one=try_seconds)
        )
        outside = Outside(
            assistant,
            channels or {"web": WebChannel(_nobody)},
            backends or {},
            routes or Routes(city or self.city, load_services(self.city.services)),
            str,
            rates or RateLimits(None),
            load_services(self.city.services),
            partners=partners or {},
            private_hosts=("127.0.0.1",),
        )
        return Worker(replace(self.resources(city), store=self.worker_store), outside, timings, **parts)

    def resources(self, city: City | None = None) -> Resources:
        return Resources(
            self.store, self.live, city or self.city, self.catalog, self.clock, lambda: self.changed_settings
        )

    def news(self) -> RequestNews:
        """What tells citizens of their requests."""
        common = build_common(self.resources())
        return RequestNews(common.writer, common.handoffs, common.announcer)

    @asynccontextmanager
    async def working(self, count: int = 1, **how: Any) -> AsyncIterator[list[Worker]]:
        """Workers that run inside the block, and stop as a signal would stop them."""
        stop = asyncio.Event()
        async with aiohttp.ClientSession() as session:
            workers = [self.worker(session, **how) for _ in range(count)]
            running = [asyncio.create_task(worker.run(stop)) for worker in workers]
            try:
                yield workers
            finally:
                stop.set()
                await asyncio.gather(*running)

    async def _settled(self, contact: Contact) -> bool:
        return not await self.store.pool.fetchval(
            "SELECT count(*) FROM events WHERE contact_id = $1 AND state IN ('received', 'appended')",
            contact.id,
        )


async def _nobody(_contact: str) -> None: ...
