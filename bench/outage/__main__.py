"""`python -m bench.outage`: 500 reports while a back end is down and then loses 30 % of its answers.

Runs the desk's filer and client on the embedded PostgreSQL, against its own servers. A second represents a minute.
"""

import argparse
import asyncio
import logging
import shutil
import sys
import tempfile
from pathlib import Path

import structlog
import uvloop

from bench.outage.day import Day, play
from bench.report import Row, keep, table
from bench.support.usage import machine
from desk.store.migrate import migrate
from desk.store.pool import open_store
from launch import LaunchError
from launch.embedded import Engines

MANY, FEW = 500, 60
SECONDS, FEW_SECONDS = 40.0, 5.0  # in which they are recorded; a quarter of them the back end is down
NOTICED = 5.0  # seconds until a report at the other back end has its number


def main(arguments: list[str]) -> int:
    """Exit code 0 with a table, 1 if a report was lost or doubled, 2 with one sentence if nothing could be measured."""
    parser = argparse.ArgumentParser(prog="python -m bench.outage", description=__doc__)
    parser.add_argument("--short", action="store_true", help=f"{FEW} reports")
    short = parser.parse_args(arguments).short
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.ERROR))
    folder = Path(tempfile.mkdtemp(prefix="civicdesk-bench-"))
    try:
        with Engines(folder, {}) as engines, asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
            day = runner.run(_day(engines.environ, FEW if short else MANY, FEW_SECONDS if short else SECONDS))
    except LaunchError as error:
        print(error, file=sys.stderr)
        return 2
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    total = day.filed + day.lost
    rows = [
        Row(f"outage: lost of {total}", day.lost, 0, "none", 0, 0, "lower", ""),
        Row(f"outage: doubled of {total}", day.doubled, 0, "none", 0, 0, "lower", ""),
        Row(
            "outage: citizens with a wrong number, or none",
            day.wrong + day.untold,
            0,
            "none",
            0,
            0,
            "lower",
            "",
        ),
        Row(
            "outage: slowest at the other back end",
            round(day.slowest, 2),
            0,
            "none",
            NOTICED,
            1,
            "lower",
            "s",
        ),
    ]
    notes = [
        f"{day.refused} calls met the back end down, {day.unanswered} creates were accepted and not answered",
        machine(),
    ]
    print(table("An outage day", rows, notes))
    print(f"\nwritten: {keep('outage', rows)}")
    return 1 if any(row.ours > row.limit for row in rows) else 0


async def _day(environ: dict[str, str], filings: int, seconds: float) -> Day:
    await migrate(environ["DATABASE_URL"])
    store = await open_store(environ["DATABASE_URL"], size=20)
    try:
        return await play(store, filings, seconds)
    finally:
        await store.close()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
