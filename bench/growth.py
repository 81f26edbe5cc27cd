"""`python -m bench.growth`: does anything slow down as data grows? 10 thousand, 100 thousand, 1 million
messages.

Runs the desk's own functions on the embedded PostgreSQL, in this process: the console's lists, an agent's
claim, a worker's claim, a whole turn (without the bot), the searches for reports and in message text. The
number of open conversations stays the same. The query plans at the largest size go to var/bench/plans.txt.
"""

import argparse
import asyncio
import hashlib
import logging
import shutil
import sys
import tempfile
import time
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from statistics import median
from uuid import UUID, uuid4

import structlog
import uvloop

from bench.report import FOLDER, Row, keep, table
from bench.support.plans import Explaining
from bench.support.processes import BenchError
from bench.support.stored import ASSIGNED, EACH, QUEUED, WITH_BOT, long_conversation, open_some, store_past
from bench.support.usage import machine
from channels.base import Inbound
from channels.web.channel import WebChannel
from city import load_city
from city.routes import Routes
from city.services import load_services
from desk.building import Resources
from desk.conversations.messages import MessageWriter
from desk.conversations.ownership import Ownership
from desk.conversations.state import contact_state
from desk.inbound.intake import Intake
from desk.knowledge.catalogue import Catalog
from desk.model import Actor, Contact, Reply, TurnAnswer, TurnRequest
from desk.outbound.undelivered import build_undelivered
from desk.outside import Outside
from desk.people.permissions import scope_of
from desk.runtime.live import Live
from desk.store import georeport, leases, own_requests
from desk.store.dialogue import buttons, desk_rows, listing, messages
from desk.store.dialogue import search as searching
from desk.store.georeport import Search
from desk.store.inbound import backlog, web_sessions
from desk.store.migrate import migrate
from desk.store.outbound import reach
from desk.store.people import contacts
from desk.store.pool import Executor, Store, open_store
from desk.worker import Worker
from launch import LaunchError
from launch.embedded import Engines

SIZES, SHORT_SIZES = (10_000, 100_000, 1_000_000), (10_000, 20_000)
TIMES = 40
TOPICS = ["parking_permit", "report_problem"]  # what the list calls a topic
LONG = 10_000  # messages in the longest conversation
FIRST_WITH_BOT = QUEUED + ASSIGNED + 1
GROWTH = 2.0  # largest against smallest: a logarithm of 100 times more rows is well below
SEARCH_ALL = (
    "search in what was said: a word in every message"  # finds more with each message, so it has no limit
)
RIVAL = "the same with 10 thousand messages"


def main(arguments: list[str]) -> int:
    """Exit code 0 with a table, 1 if a limit was exceeded, 2 with one sentence if nothing could be measured."""
    parser = argparse.ArgumentParser(
        prog="python -m bench.growth", description=(__doc__ or "").split("\n\n")[0]
    )
    parser.add_argument("--short", action="store_true", help="10 and 20 thousand messages")
    # Otherwise a line for each turn would make up most of the output.
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.WARNING))
    sizes = SHORT_SIZES if parser.parse_args(arguments).short else SIZES
    FOLDER.mkdir(parents=True, exist_ok=True)
    folder = Path(tempfile.mkdtemp(prefix="civicdesk-bench-"))
    try:
        with Engines(folder, {}) as engines, asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
            rows, lines = runner.run(_grow(engines.environ, sizes))
    except (BenchError, LaunchError) as error:
        print(error, file=sys.stderr)
        return 2
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    print("\n".join(["", "Milliseconds, median, by stored messages", "", *lines]))
    print(table("\nGrowth: the largest against the smallest", rows, [machine()]))
    print(f"\nwritten: {keep('growth', rows)}, {FOLDER / 'plans.txt'}")
    return 1 if any(row.limit and row.ours > row.limit for row in rows) else 0


async def _grow(environ: dict[str, str], sizes: tuple[int, ...]) -> tuple[list[Row], list[str]]:
    await migrate(environ["DATABASE_URL"])
    store = await open_store(environ["DATABASE_URL"], size=4)
    live = Live(environ["REDIS_URL"])
    await live.start()
    try:
        desk = await _Desk.open(store, live)
        figures: list[dict[str, float]] = []
        before = 0
        for size in sizes:
            await store_past(store, before, size // EACH)
            if not before:
                await open_some(store, desk.agent.agent_id)
            before = size // EACH
            await store.pool.execute("VACUUM ANALYZE", timeout=600)
            figures.append({name: await _time(work) for name, work in desk.work().items()})
            print(f"{size:,} messages: measured", flush=True)
        stored = await store.pool.fetchval("SELECT pg_database_size(current_database())") / sizes[-1]
        await long_conversation(store, FIRST_WITH_BOT, LONG)
        await store.pool.execute("ANALYZE messages", timeout=600)
        long = await _time(lambda: desk.turn(FIRST_WITH_BOT))
        short = await _time(lambda: desk.turn(FIRST_WITH_BOT + 1))
        (FOLDER / "plans.txt").write_text(await desk.plans(sizes[-1]), encoding="utf-8")
    finally:
        await live.stop()
        await store.close()
    first, last = figures[0], figures[-1]
    rows = [
        Row(name, round(last[name], 2), round(first[name], 2), RIVAL, 0 if name == SEARCH_ALL else round(10 * first[name] + 5, 2), round(GROWTH * first[name], 2), "lower", "ms")
        for name in first
    ]  # fmt: skip
    rows.append(
        Row(f"one turn, {LONG:,} messages in the conversation", round(long, 2), round(short, 2), "a conversation of ten messages",
            round(10 * short + 5, 2), round(GROWTH * short, 2), "lower", "ms")
    )  # fmt: skip
    rows.append(
        Row("stored of a message, with all that belongs to it", round(stored / 1024, 2), 0, "none", 20, 2, "lower", "KB")
    )  # fmt: skip
    width = max(len(name) for name in first)
    lines = [" " * width + "".join(f"{size:>12,}" for size in sizes)]
    lines += [name.ljust(width) + "".join(f"{one[name]:12.2f}" for one in figures) for name in first]
    return rows, lines


async def _time(work: Callable[[], Awaitable[object]]) -> float:
    took = []
    for _ in range(TIMES + 3):
        began = time.perf_counter()
        await work()
        took.append((time.perf_counter() - began) * 1000)
    return median(took[3:])  # the first runs prepare their statements


class _Desk:
    def __init__(self, store: Store, live: Live, agent: Actor) -> None:
        city = load_city(Path("city.yml"))
        catalog = Catalog.load(Path("content"), city)
        self.store, self.agent, self.city = store, agent, city
        self.supervisor = Actor(agent.agent_id, agent.name, "supervisor", agent.teams)
        writer = MessageWriter(city, catalog)
        self.intake = Intake(store, live, build_undelivered(store, live, city, writer, _now))
        self.ownership = Ownership(store, live, city, catalog, _now)
        routes = Routes(city, load_services(Path(city.services)))
        self.worker = Worker(
            Resources(store, live, city, catalog),
            Outside(_Bot(), {"web": WebChannel(_nobody)}, {}, routes, str),
        )
        self._next = 0

    @classmethod
    async def open(cls, store: Store, live: Live) -> "_Desk":
        made = await store.pool.fetchval(
            """INSERT INTO agents (email, name, role, teams, password_hash)
               VALUES ('a@bench.example', 'Ana', 'agent', ARRAY['front-desk'], '-') RETURNING id"""
        )
        return cls(store, live, Actor(made, "Ana", "agent", ("front-desk",)))

    def work(self) -> dict[str, Callable[[], Awaitable[object]]]:
        """The operations that are measured."""
        pool = self.store.pool
        return {
            "console's list: waiting": lambda: desk_rows.list_waiting(pool, scope_of(self.agent), TOPICS, {}, 40),
            "console's list: mine": lambda: desk_rows.list_mine(pool, scope_of(self.agent), TOPICS),
            "console's list: open (supervisor)": lambda: listing.list_page(pool, scope_of(self.supervisor), "open"),
            "console's list: resolved": lambda: listing.list_page(pool, scope_of(self.agent), "resolved"),
            "console's stream: what changed": lambda: listing.list_changed(pool, scope_of(self.agent), _now() - timedelta(minutes=1)),
            "console's counts": lambda: desk_rows.count_desk(pool, scope_of(self.agent)),
            "an agent claims and gives back": self.claim,
            "a worker looks for work": lambda: leases.claim(pool, uuid4(), 12.0, 16),
            "one turn": lambda: self.turn(self._another()),
            "a window is told": self.window,
            "search for reports: open, of one kind": self.search,
            "search for reports: changed in an hour": self.changed,
            "search in what was said: a rare word": lambda: searching.search(pool, scope_of(self.agent), "770 tuesday"),
            SEARCH_ALL: lambda: searching.search(pool, scope_of(self.agent), "tuesday"),
            "metrics: the backlog": lambda: backlog.get_backlog(pool),
        }  # fmt: skip

    async def claim(self) -> None:
        conversation = await self.store.pool.fetchval("SELECT md5('conversation' || 1)::uuid")
        await self.ownership.claim(self.agent, conversation)
        await self.ownership.release(self.agent, conversation)

    async def turn(self, number: int) -> None:
        """One whole turn: accepted, claimed, appended, answered, done."""
        contact = await self._contact(number)
        inbound = Inbound(f"{contact.id}:{uuid4()}", str(contact.id), "message", "When is my bin collected?")
        await self.intake.receive_from(contact, inbound)
        token = uuid4()
        (claimed,) = await leases.claim(self.store.pool, token, 12.0, 16)
        await self.worker.turns.serve(claimed.contact_id, token)

    async def window(self) -> None:
        contact = await self._contact(self._another())
        await messages.list_after(self.store.pool, contact.id, contact.last_seq - 2)
        await messages.get_marks(self.store.pool, contact.id)
        await contact_state(self.store.pool, self.city, contact.id, _now())

    async def search(self, executor: Executor | None = None) -> None:
        what = Search(codes=("pothole",), statuses=("open",), limit=50)
        await georeport.list_requests(executor or self.store.pool, what)

    async def changed(self, executor: Executor | None = None) -> None:
        await georeport.list_requests(
            executor or self.store.pool, Search(updated_from=_now() - timedelta(hours=1), limit=1000)
        )

    async def plans(self, size: int) -> str:
        """Each statement's plan, at the current size."""
        told = [f"{size:,} stored messages. Each plan ran; its transaction was rolled back."]
        looks: dict[str, Callable[[Executor], Awaitable[object]]] = {
            "console's list: waiting": lambda one: desk_rows.list_waiting(one, scope_of(self.agent), TOPICS, {}, 40),
            "console's list: open (supervisor)": lambda one: listing.list_page(one, scope_of(self.supervisor), "open"),
            "console's list: resolved": lambda one: listing.list_page(one, scope_of(self.agent), "resolved"),
            "console's stream: what changed": lambda one: listing.list_changed(
                one, scope_of(self.agent), _now() - timedelta(minutes=1)
            ),
            "a turn: the buttons just offered": lambda one: buttons.list_offered(
                one, self._id(FIRST_WITH_BOT), self._id(FIRST_WITH_BOT, "conversation"), 0
            ),
            "a turn: the contact's own reports": lambda one: own_requests.list_own(
                one, self._id(FIRST_WITH_BOT)
            ),
            "a reply: the thread it belongs to": lambda one: reach.get_thread(
                one, self._id(FIRST_WITH_BOT), LONG
            ),
            "a sweep: sessions that are over": lambda one: web_sessions.delete_expired(one, _now()),
            "a worker looks for work": lambda one: leases.claim(one, uuid4(), 12.0, 16),
            "a window is told": lambda one: contact_state(one, self.city, self._id(FIRST_WITH_BOT), _now()),
            "search for reports: open, of one kind": self.search,
            "search for reports: changed in an hour": self.changed,
            "search in what was said: a rare word": lambda one: searching.search(one, scope_of(self.agent), "770 tuesday"),
        }  # fmt: skip
        for name, look in looks.items():
            async with self.store.pool.acquire() as connection:
                transaction = connection.transaction()
                await transaction.start()
                explaining = Explaining(connection)
                await look(explaining)
                await transaction.rollback()
            for plan in explaining.plans:
                told += ["", f"== {name}", *plan]
        return "\n".join(told) + "\n"

    def _another(self) -> int:
        self._next = (self._next + 1) % (WITH_BOT - 2)
        return FIRST_WITH_BOT + 2 + self._next

    async def _contact(self, number: int) -> Contact:
        found = await contacts.get_by_id(self.store.pool, self._id(number))
        assert found is not None
        return found

    def _id(self, number: int, kind: str = "contact") -> UUID:
        return UUID(hashlib.md5(f"{kind}{number}".encode(), usedforsecurity=False).hexdigest())


class _Bot:
    async def ask(self, request: TurnRequest) -> TurnAnswer:
        return TurnAnswer(request.message_id, (Reply(text="On Tuesday."),), (), "en", None, None, {}, None)


async def _nobody(_contact: str) -> None: ...


def _now() -> datetime:
    return datetime.now(UTC)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
