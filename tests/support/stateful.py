"""A desk for stateful tests: workers that can be killed, and a bot that answers on command."""

import asyncio
from dataclasses import dataclass, field
from typing import Any
from uuid import uuid4

from channels.web.channel import WebChannel
from city import City
from city.routes import Routes
from city.services import load_services
from desk.building import Resources
from desk.knowledge.catalogue import Catalog
from desk.model import Actor, Handoff, Reply, TurnAnswer, TurnRequest
from desk.outside import Outside
from desk.runtime.clock import utc_now
from desk.runtime.live import Live
from desk.store import leases
from desk.store.pool import Store, open_store
from desk.worker import Worker
from tests.support.desk import QUICK
from tests.support.waiting import eventually

LEASE = 60.0


PERSON = "a person please"


class WaitingBot:
    """An assistant that thinks for as long as it is told to; the same message gets the same answer."""

    def __init__(self) -> None:
        self.thinking: set[str] = set()  # contacts whose turn waits here
        self.opened = asyncio.Event()

    async def ask(self, request: TurnRequest) -> TurnAnswer:
        contact: Any = request.metadata["contact"]
        self.thinking.add(contact["id"])
        try:
            await self.opened.wait()
        finally:
            self.thinking.discard(contact["id"])
        wants = request.text == PERSON
        return TurnAnswer(
            request.message_id,
            () if wants else (Reply(text=f"You said: {request.text}"), Reply(text="Anything else?")),
            (Handoff("asked", "Wants a person."),) if wants else (),
            "en", None, None, {}, None,
        )  # fmt: skip


@dataclass
class RunningWorker:
    """A worker: its own connections, and the turns it has begun."""

    store: Store
    worker: Worker
    waiting_bot: WaitingBot
    turns: set[asyncio.Task[None]] = field(default_factory=set)

    async def begin(self) -> None:
        """Take what is due and go on until each turn waits for the bot or is over."""
        token = uuid4()
        for one in await leases.claim(self.store.pool, token, LEASE, 4):
            serve = self.worker.turns.serve(one.contact_id, token, abandoned=one.abandoned)
            turn = asyncio.create_task(serve)
            self.turns.add(turn)
            contact = str(one.contact_id)
            await eventually(
                lambda turn=turn, contact=contact: turn.done() or contact in self.waiting_bot.thinking  # type: ignore[misc]  # mypy cannot infer a lambda with defaults
            )

    async def finish(self) -> None:
        """The bot answers, and everything begun ends."""
        self.waiting_bot.opened.set()
        await asyncio.gather(*self.turns)
        self.turns.clear()
        self.waiting_bot.opened.clear()

    async def die(self) -> None:
        """As kill -9: the connections break where they are, and nothing is given back."""
        self.store.pool.terminate()
        while running := {turn for turn in self.turns if not turn.done()}:
            for turn in running:
                turn.cancel()
            await asyncio.wait(running, timeout=0.01)
        await asyncio.gather(*self.turns, return_exceptions=True)


@dataclass
class Desk:
    """What all examples share."""

    url: str
    store: Store
    live: Live
    city: City
    catalog: Catalog
    agents: list[Actor]

    async def start_worker(self) -> RunningWorker:
        waiting_bot = WaitingBot()
        store = await open_store(self.url, size=3)
        channels = {"web": WebChannel(nobody)}
        routes = Routes(self.city, load_services(self.city.services))
        worker = Worker(
            Resources(store, self.live, self.city, self.catalog, utc_now),
            Outside(waiting_bot, channels, {}, routes, str),
            QUICK,
        )
        return RunningWorker(store, worker, waiting_bot)


async def open_desk(url: str, redis_url: str, city: City, catalog: Catalog) -> Desk:
    store = await open_store(url, size=4)
    live = Live(redis_url)
    await live.start()
    agents = []
    # A supervisor sees what the bot has, and may take it in the middle of a turn.
    for name, role in (("Ana", "supervisor"), ("Ben", "agent")):
        made = await store.pool.fetchval(
            """INSERT INTO agents (email, name, role, teams, password_hash)
               VALUES ($1, $1, $2, ARRAY['front-desk'], '-') RETURNING id""",
            name,
            role,
        )
        agents.append(Actor(made, name, role, ("front-desk",)))  # type: ignore[arg-type]  # text from the test's table, where the type lists the words
    return Desk(url, store, live, city, catalog, agents)


async def close_desk(desk: Desk) -> None:
    await desk.live.stop()
    await desk.store.close()


async def nobody(_contact: str) -> None: ...
