"""`python -m bench.desk`: the agents' console with 10,000 open conversations and 300 agents, over HTTP.

One gateway on the embedded engines. `--pages 300`: every agent has a page open too. It follows the event stream and fetches
its list as the page's script does (web/console/pace.ts), after each change and within the pace that the script keeps.
`--short`: 500 conversations, 5 pages.
"""

import argparse
import asyncio
import random
import shutil
import sys
import tempfile
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path

import aiohttp
import uvloop

from bench.report import FOLDER, Row, keep, percentile, table
from bench.support.processes import BenchError
from bench.support.product import Product, Shape, product
from bench.support.stored import AGENTS, open_conversations
from bench.support.usage import machine, memory_bytes
from desk.store.pool import open_store
from launch import LaunchError

FIRST_PORT = 8700
RACERS = 4  # agents who press "Next" at the same moment
PAUSE = 0.1  # seconds between two acts: 300 agents do not act more often
PACE, SPREAD = (
    2.0,
    3.0,
)  # as web/console/pace.ts: seconds between two lists of a page, and by how much pages differ


@dataclass(frozen=True)
class Size:
    """`acts` of each kind in a round; the memory is read after each round."""

    conversations: int = 10_000
    pages: int = 0
    acts: int = 40
    rounds: int = 4


SHORT = Size(500, 5, 2, 2)


@dataclass
class Figures:
    """Milliseconds by kind, the gateway's memory in MB at the start and after each round, conversations claimed."""

    times: dict[str, list[float]] = field(default_factory=lambda: {"list": [], "claim": [], "wall": []})
    memory: list[float] = field(default_factory=list)
    claimed: list[str] = field(default_factory=list)
    events: int = 0
    lists: int = 0
    spent: dict[str, float] = field(default_factory=dict)
    seconds: float = 0.0


def main(arguments: list[str]) -> int:
    """Exit code 0 with a table, 1 if a limit was exceeded, 2 with one sentence if nothing could be measured."""
    parser = argparse.ArgumentParser(
        prog="python -m bench.desk", description=(__doc__ or "").split("\n\n")[0]
    )
    parser.add_argument("--short", action="store_true", help="500 conversations")
    parser.add_argument("--pages", type=int, help="so many agents have a page open")
    parser.add_argument("--acts", type=int, help="acts of each kind in a round, and two rounds")
    asked = parser.parse_args(arguments)
    size = SHORT if asked.short else Size()
    if asked.pages is not None:
        size = replace(size, pages=min(asked.pages, AGENTS))
    if asked.acts is not None:
        size = replace(size, acts=asked.acts, rounds=2)
    FOLDER.mkdir(parents=True, exist_ok=True)
    folder = Path(tempfile.mkdtemp(prefix="civicdesk-bench-"))
    try:
        with (
            product(folder, FOLDER, FIRST_PORT, Shape(workers=0, bots=0)) as running,
            asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner,
        ):
            figures = runner.run(_work(running, size))
            spent = running.spent()
    except (BenchError, LaunchError) as error:
        print(error, file=sys.stderr)
        return 2
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    rows = _rows(figures)
    notes = [
        f"the gateway's memory, at the start and after each round: {', '.join(f'{one:.0f}' for one in figures.memory)} MB",
        f"{len(figures.claimed)} conversations claimed, {RACERS} agents at once; {figures.events} events and {figures.lists} lists on {size.pages} open pages",
        f"processor seconds in {figures.seconds:.0f} s: gateway {spent['gateway'] - figures.spent['gateway']:.1f}, PostgreSQL {spent['postgres'] - figures.spent['postgres']:.1f}",
        machine(),
    ]
    print(
        table(
            f"\nThe desk over HTTP, {size.conversations:,} open conversations, {AGENTS} agents", rows, notes
        )
    )
    print(f"\nwritten: {keep('desk', rows)}")
    return 1 if any(row.ours > row.limit for row in rows) else 0


def _rows(figures: Figures) -> list[Row]:
    rows = []
    for name, goal in (("list", 100), ("claim", 50), ("wall", 200)):
        for label, share in (("p95", 0.95), ("middle", 0.5)):
            took = percentile(figures.times[name], share)
            rows.append(Row(f"{name}, {label}", round(took, 1), 0, "none", 1_000, goal, "lower", "ms"))
    double = len(figures.claimed) - len(set(figures.claimed))
    growth = figures.memory[-1] - figures.memory[1]  # the first round fills caches
    rows.append(Row("conversations claimed twice", double, 0, "none", 0, 0, "lower", ""))
    rows.append(
        Row("gateway's memory, last round over first", round(growth, 1), 0, "none", 50, 5, "lower", "MB")
    )
    return rows


async def _work(running: Product, size: Size) -> Figures:
    store = await open_store(running.database, size=2)
    try:
        await open_conversations(store, size.conversations)
        await store.pool.execute("UPDATE agents SET role = 'supervisor' WHERE email = 'agent1'")
    finally:
        await store.close()
    figures, gateway = Figures(), running.pids("gateway")[0]
    limit = aiohttp.TCPConnector(limit=0)
    async with (
        aiohttp.ClientSession(connector=limit, timeout=aiohttp.ClientTimeout(total=60)) as http,
        _open_pages(http, running.url, size.pages, figures),
    ):
        desk = _Console(http, running.url, figures)
        figures.memory.append(memory_bytes(gateway) / 1e6)
        figures.spent, began = running.spent(), time.monotonic()
        for _ in range(size.rounds):
            await _round(desk, size.acts)
            figures.memory.append(memory_bytes(gateway) / 1e6)
        figures.seconds = time.monotonic() - began
    return figures


async def _round(desk: "_Console", acts: int) -> None:
    for act in range(acts):
        await desk.list(_agent())
        await asyncio.sleep(PAUSE)
        if act % RACERS == 0:
            await asyncio.gather(*(desk.claim(one) for one in random.sample(range(1, AGENTS + 1), RACERS)))
            await asyncio.sleep(PAUSE)
        await desk.wall()
        await asyncio.sleep(PAUSE)


def _agent() -> int:
    return random.randint(1, AGENTS)


class _Console:
    def __init__(self, http: aiohttp.ClientSession, url: str, figures: Figures) -> None:
        self._http, self._url, self._figures = http, url, figures

    async def list(self, agent: int) -> None:
        """The pane beside the conversations, as an agent sees it."""
        await self._timed("list", lambda: self._get("list", agent))

    async def wall(self) -> None:
        """The supervisor's live wall."""
        await self._timed("wall", lambda: self._get("wall/live", 1))

    async def claim(self, agent: int) -> None:
        """The button "Next"."""
        await self._timed("claim", lambda: self._next(agent))

    async def _timed(self, kind: str, work: Callable[[], Awaitable[None]]) -> None:
        began = time.perf_counter()
        await work()
        self._figures.times[kind].append((time.perf_counter() - began) * 1000)

    async def _get(self, path: str, agent: int) -> None:
        async with self._http.get(f"{self._url}/console/{path}", headers=_cookie(agent)) as answer:
            if answer.status != 200 or not await answer.read():
                raise BenchError(f"The console answered {answer.status} to {path}.")

    async def _next(self, agent: int) -> None:
        # `anyway`: an agent of the bench takes more than a person can handle.
        async with self._http.post(
            f"{self._url}/console/next",
            data={"csrf": str(agent), "anyway": "1"},
            headers=_cookie(agent),
            allow_redirects=False,
        ) as answer:
            place = answer.headers.get("location", "")
            if answer.status != 303 or "/conversations/" not in place:
                raise BenchError(f"The console answered {answer.status} to a claim, and led to '{place}'.")
            self._figures.claimed.append(place.partition("#")[0].rpartition("/")[2])


@asynccontextmanager
async def _open_pages(
    http: aiohttp.ClientSession, url: str, count: int, figures: Figures
) -> AsyncIterator[None]:
    """The event stream of so many agents."""
    opened = asyncio.Semaphore(0)

    async def page(agent: int) -> None:
        never = aiohttp.ClientTimeout(total=None)
        changed = asyncio.Event()
        lists = asyncio.create_task(keep_list(agent, changed))
        try:
            async with http.get(f"{url}/console/stream", headers=_cookie(agent), timeout=never) as answer:
                async for line in answer.content:
                    if line.startswith(b"event: changed"):
                        figures.events += 1
                        changed.set()
                        opened.release()
        finally:
            lists.cancel()

    async def keep_list(agent: int, changed: asyncio.Event) -> None:
        while True:
            await changed.wait()
            await asyncio.sleep(random.random() * SPREAD)
            changed.clear()
            async with http.get(f"{url}/console/list", headers=_cookie(agent)) as answer:
                await answer.read()
            figures.lists += 1
            await asyncio.sleep(PACE)

    pages = [asyncio.create_task(page(agent)) for agent in range(1, count + 1)]
    try:
        for _ in pages:
            await opened.acquire()
        yield
    finally:
        for one in pages:
            one.cancel()
        await asyncio.gather(*pages, return_exceptions=True)


def _cookie(agent: int) -> dict[str, str]:
    return {"cookie": f"civicdesk_agent={agent}"}


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
