"""A desk on a real database: two workers, a bot that answers on command, and agents."""

import asyncio
from collections import Counter
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID, uuid4

from channels.web.channel import WebChannel
from city import City
from city.routes import Routes
from city.services import load_services
from desk.building import Resources
from desk.conversations.messages import MessageWriter
from desk.conversations.ownership import Ownership
from desk.conversations.transfers import Transfers
from desk.inbound.intake import Intake
from desk.knowledge.catalogue import Catalog
from desk.model import Actor, Handoff, Reply, Role, TurnAnswer, TurnRequest
from desk.outbound.undelivered import build_undelivered
from desk.outside import Outside
from desk.routing.offers import Offers
from desk.runtime.clock import utc_now
from desk.runtime.live import Live
from desk.store.pool import Store, open_store
from desk.turns.bot_client import Failed
from desk.worker import Worker

PERSON, BROKEN = "a person please", "what breaks the bot"
PEOPLE: tuple[tuple[str, Role], ...] = (("Ana", "supervisor"), ("Ben", "agent"), ("Eve", "agent"))
CONNECTIONS = 14


@dataclass
class WaitingBot:
    """Thinks until its answer is asked for. `asked` counts how often each message came."""

    thinking: dict[str, list[asyncio.Future[None]]] = field(default_factory=dict)
    asked: Counter[UUID] = field(default_factory=Counter)
    arrivals: dict[str, asyncio.Future[None]] = field(default_factory=dict)

    async def ask(self, request: TurnRequest) -> TurnAnswer:
        """As the worker asks. Raises Failed for a message that breaks it."""
        contact: Any = request.metadata["contact"]
        self.asked[request.message_id] += 1
        answer = asyncio.get_running_loop().create_future()
        self.thinking.setdefault(contact["id"], []).append(answer)
        if arrival := self.arrivals.pop(contact["id"], None):
            arrival.set_result(None)
        await answer
        if request.text == BROKEN:
            raise Failed("the bot broke")
        wants = request.text == PERSON
        replies = () if wants else tuple(Reply(text=text) for text in said_to(request.text or ""))
        handoffs = (Handoff("asked", "Wants a person."),) if wants else ()
        return TurnAnswer(request.message_id, replies, handoffs, "en", None, None, {}, None)

    def is_asked(self, contact_id: UUID) -> int:
        """How many turns of this contact wait for an answer."""
        return len(self.thinking.get(str(contact_id), ()))

    async def arrives(self, contact_id: UUID) -> None:
        """Until the bot is asked for this contact."""
        if str(contact_id) not in self.arrivals:
            self.arrivals[str(contact_id)] = asyncio.get_running_loop().create_future()
        await asyncio.shield(self.arrivals[str(contact_id)])

    def answer(self, contact_id: UUID) -> None:
        """Answer all that wait."""
        for one in self.thinking.pop(str(contact_id), ()):
            if not one.done():
                one.set_result(None)


def said_to(text: str) -> list[str]:
    """What the bot says to a text."""
    return [f"You said: {text}", "Anything else?"]


@dataclass
class Scene:
    """What all interleavings share."""

    store: Store
    live: Live
    bot: WaitingBot
    workers: list[Worker]
    intake: Intake
    ownership: Ownership
    transfers: Transfers
    offers: Offers
    agents: list[Actor]

    async def close(self) -> None:
        """Disconnect."""
        await self.live.stop()
        await self.store.close()


async def open_scene(database: str, redis: str, city: City, catalog: Catalog) -> Scene:
    """On a migrated database."""
    store, live, bot = await open_store(database, size=CONNECTIONS), Live(redis), WaitingBot()
    await live.start()
    resources = Resources(store, live, city, catalog, utc_now)
    routes = Routes(city, load_services(city.services))
    workers = [
        Worker(resources, Outside(bot, {"web": WebChannel(_nobody)}, {}, routes, str)) for _ in range(2)
    ]
    undelivered = build_undelivered(store, live, city, MessageWriter(city, catalog), utc_now)
    ownership = Ownership(store, live, city, catalog, utc_now)
    agents = [await _agent(store, name, role) for name, role in PEOPLE]
    return Scene(
        store, live, bot, workers, Intake(store, live, undelivered), ownership, Transfers(ownership), Offers(ownership), agents
    )  # fmt: skip


async def _agent(store: Store, name: str, role: Role) -> Actor:
    made = await store.pool.fetchval(
        """INSERT INTO agents (email, name, role, teams, password_hash)
           VALUES ($1, $2, $3, ARRAY['front-desk'], '-') RETURNING id""",
        f"{uuid4()}@bench.example",
        name,
        role,
    )
    return Actor(made, name, role, ("front-desk",))


async def _nobody(_contact: str) -> None: ...
