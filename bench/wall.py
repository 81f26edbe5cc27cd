"""`python -m bench.wall`: the supervisor's live wall with 10,000 open conversations and 300 agents, and a report over them.

Runs the desk's own functions on the embedded PostgreSQL, in this process. `--short` takes 2,000 conversations.
"""

import argparse
import asyncio
import logging
import shutil
import sys
import tempfile
import time
from collections.abc import Awaitable, Callable
from datetime import timedelta
from pathlib import Path
from uuid import uuid4

import structlog
import uvloop

from bench.report import FOLDER, Row, keep, percentile, table
from bench.support.stored import AGENTS, open_conversations
from bench.support.usage import machine
from city import load_city
from desk.model import Actor
from desk.people.permissions import scope_of
from desk.reporting.periods import Period
from desk.reporting.reading import read_report
from desk.reporting.wall import read_wall
from desk.runtime.clock import utc_now
from desk.store.dialogue import desk_rows
from desk.store.migrate import migrate
from desk.store.pool import open_store
from launch import LaunchError
from launch.embedded import Engines

TIMES = 40
OPEN, SHORT_OPEN = 10_000, 2_000
GOAL, LIMIT = 200, 1_000  # ms


def main(arguments: list[str]) -> int:
    """Exit code 0 with a table, 1 if a limit was exceeded, 2 with one sentence if nothing could be measured."""
    parser = argparse.ArgumentParser(
        prog="python -m bench.wall", description=(__doc__ or "").split("\n\n")[0]
    )
    parser.add_argument("--short", action="store_true", help="2,000 conversations")
    count = SHORT_OPEN if parser.parse_args(arguments).short else OPEN
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.WARNING))
    FOLDER.mkdir(parents=True, exist_ok=True)
    folder = Path(tempfile.mkdtemp(prefix="civicdesk-bench-"))
    try:
        with Engines(folder, {}) as engines, asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
            rows = runner.run(_measure(engines.environ["DATABASE_URL"], count))
    except LaunchError as error:
        print(error, file=sys.stderr)
        return 2
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    print(table(f"\nThe live wall, {count:,} open conversations, {AGENTS} agents", rows, [machine()]))
    print(f"\nwritten: {keep('wall', rows)}")
    return 1 if any(row.limit and row.ours > row.limit for row in rows) else 0


async def _measure(url: str, count: int) -> list[Row]:
    await migrate(url)
    store = await open_store(url, size=4)
    try:
        await open_conversations(store, count)
        city, now = load_city("city.yml"), utc_now()
        actor = Actor(uuid4(), "A supervisor", "supervisor", ())
        today = now.astimezone(city.zone).date()
        period = Period(today - timedelta(days=3), today, city.zone)
        topics = ["report_problem"]
        works: dict[str, tuple[Callable[[], Awaitable[object]], float]] = {
            "the wall": (lambda: read_wall(store.pool, actor, city, now, timedelta(minutes=30)), GOAL),
            "the counts of the stream": (lambda: desk_rows.count_desk(store.pool, scope_of(actor)), 50),
            "the list, 40 rows": (
                lambda: desk_rows.list_waiting(store.pool, scope_of(actor), topics, {}, 40),
                100,
            ),
        }
        rows = []
        for name, (work, goal) in works.items():
            times = await _times(work, TIMES if count == OPEN else 5)
            rows.append(_row(f"{name}, p95", percentile(times, 0.95), goal))
            rows.append(_row(f"{name}, middle", percentile(times, 0.5), goal))
        report = await _times(lambda: read_report(store.pool, actor, city, period, topics, now), 3)
        rows.append(
            Row(
                "a report over all of them",
                round(percentile(report, 0.5), 1),
                0,
                "none",
                0,
                5_000,
                "lower",
                "ms",
            )
        )
        return rows
    finally:
        await store.close()


def _row(name: str, ours: float, goal: float) -> Row:
    return Row(name, round(ours, 1), 0, "none", LIMIT, goal, "lower", "ms")


async def _times(work: Callable[[], Awaitable[object]], times: int) -> list[float]:
    await work()
    took = []
    for _ in range(times):
        began = time.perf_counter()
        await work()
        took.append((time.perf_counter() - began) * 1000)
    return took


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
