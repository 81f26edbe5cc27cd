"""`python -m bench.busy_hour`: 2,000 conversations in an hour's pattern, compressed into ten minutes.

The whole product with a fast fake bot, on loopback only: 30 agents over HTTP and two in Chromium, a supervisor at the
wall, citizens on the web and on a fake Telegram. Expected: 0 double claims, 0 stranded, 0 unread messages without a mark.
`--short`: 12 conversations in four seconds with four agents. It stops on its own.
"""

import argparse
import asyncio
import shutil
import sys
import tempfile
from dataclasses import dataclass, field
from pathlib import Path

import aiohttp
import uvloop

from bench.busy_hour.agents import Claims, HttpAgent, sign_in, supervise
from bench.busy_hour.browsers import in_browsers
from bench.busy_hour.citizens import Citizens, Hour
from bench.busy_hour.marks import Marks, claimed_twice, count_left
from bench.busy_hour.telegram import Telegram
from bench.report import FOLDER, Row, keep, table
from bench.support.processes import BenchError
from bench.support.product import Product, Shape, product
from bench.support.usage import machine
from desk.store.pool import open_store
from launch import LaunchError

FIRST_PORT = 17460
SHOWN = 5


@dataclass(frozen=True)
class Size:
    """How much of it."""

    hour: Hour
    agents: int = 30
    browsers: int = 2


WHOLE = Size(Hour(2_000, 600.0, 600.0))
SHORT = Size(Hour(12, 4.0, 90.0), agents=3, browsers=1)


@dataclass
class Found:
    """What was counted, and what the pages complained about."""

    served: int = 0
    stranded: list[str] = field(default_factory=list)
    twice: int = 0
    claims: int = 0
    compared: int = 0
    unmarked: list[str] = field(default_factory=list)
    left: dict[str, int] = field(default_factory=dict)
    refused: list[str] = field(default_factory=list)
    complaints: list[str] = field(default_factory=list)
    walls: int = 0
    seconds: float = 0.0


def main(arguments: list[str]) -> int:
    """Exit code 0 with a table, 1 if anything was doubled, stranded or unmarked, 2 if it could not be tried."""
    parser = argparse.ArgumentParser(
        prog="python -m bench.busy_hour", description=(__doc__ or "").split("\n\n")[0]
    )
    parser.add_argument("--short", action="store_true", help="12 conversations")
    parser.add_argument(
        "--conversations", type=int, help="so many, in as many seconds as they need at the same pace"
    )
    asked = parser.parse_args(arguments)
    size = SHORT if asked.short else WHOLE
    if asked.conversations:
        pace = WHOLE.hour.seconds / WHOLE.hour.conversations
        size = Size(Hour(asked.conversations, asked.conversations * pace, WHOLE.hour.patience))
    FOLDER.mkdir(parents=True, exist_ok=True)
    folder = Path(tempfile.mkdtemp(prefix="civicdesk-bench-"))
    telegram = Telegram(folder)
    shape = Shape(quick_bot=True, environ=telegram.environ)
    try:
        with (
            product(folder, FOLDER, FIRST_PORT, shape) as running,
            asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner,
        ):
            found = runner.run(_work(running, telegram, size))
    except (BenchError, LaunchError) as error:
        print(error, file=sys.stderr)
        return 2
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    rows = _rows(found)
    for one in (
        *found.stranded[:SHOWN],
        *found.unmarked[:SHOWN],
        *found.refused[:SHOWN],
        *found.complaints[:SHOWN],
    ):
        print(one)
    print(table(f"\nA busy hour, {size.hour.conversations:,} conversations", rows, _notes(found, size)))
    print(f"\nwritten: {keep('busy-hour', rows)}")
    return 1 if any(row.ours > row.limit for row in rows) else 0


def _rows(found: Found) -> list[Row]:
    counts = (
        ("conversations claimed twice", found.twice),
        ("citizens stranded", len(found.stranded)),
        ("conversations that wait or are unanswered at the end", sum(found.left.values())),
        ("unread messages without a mark", len(found.unmarked)),
        ("calls that Telegram would refuse", len(found.refused)),
        ("complaints of the pages", len(found.complaints)),
    )
    return [Row(name, count, 0, "none", 0, 0, "lower", "") for name, count in counts]


def _notes(found: Found, size: Size) -> list[str]:
    return [
        f"{found.served} citizens served in {found.seconds:.0f} s by {size.agents} agents over HTTP and {size.browsers} in Chromium",
        f"{found.claims} claims, {found.compared} unread messages looked for in lists, {found.walls} looks at the wall",
        machine(),
    ]


async def _work(running: Product, telegram: Telegram, size: Size) -> Found:
    store = await open_store(running.database, size=6)
    claims, marks, stop = Claims(), Marks(store), asyncio.Event()
    limit = aiohttp.TCPConnector(limit=0)
    patience = aiohttp.ClientTimeout(total=120)
    began = asyncio.get_running_loop().time()
    try:
        people = [await sign_in(store, number) for number in range(size.agents + size.browsers)]
        chief = await sign_in(store, len(people), "supervisor")
        async with telegram, aiohttp.ClientSession(connector=limit, timeout=patience) as http:
            citizens = Citizens(running.url, http, telegram, size.hour)
            async with asyncio.TaskGroup() as group:
                for me in people[: size.agents]:
                    group.create_task(HttpAgent(running.url, http, me, claims, marks).work(stop))
                browsers = group.create_task(
                    in_browsers(running.url, people[size.agents :], claims, marks, stop)
                )
                walls = group.create_task(supervise(running.url, http, chief, stop))
                await citizens.come()
                stop.set()
            left = await count_left(store)
        twice = await claimed_twice(store, claims.made)
    except ExceptionGroup as errors:
        raise BenchError(f"It broke off: {errors.exceptions[0]!r}.") from errors
    finally:
        await store.close()
    return Found(
        citizens.served, citizens.stranded, twice, len(claims.made), marks.compared, marks.missing, left,
        telegram.refused, browsers.result(), walls.result(), asyncio.get_running_loop().time() - began,
    )  # fmt: skip


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
