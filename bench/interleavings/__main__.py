"""`python -m bench.interleavings`: 100,000 random interleavings of citizen, bot, agent, provider and clock.

The desk's own code decides, on an embedded PostgreSQL: intake, turns, handoffs, ownership, offers. No talk-over, no loop,
no lost handoff, no jumped place, no silence. `--count`, `--seconds` and `--seed` change the defaults; it stops when the time is up.
One process for each core, each with a database of its own: the order of the queue is compared while nobody else takes from it.
"""

import argparse
import asyncio
import multiprocessing
import os
import shutil
import sys
import tempfile
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

import asyncpg

from bench.interleavings.part import Part, play_part, summary
from bench.interleavings.running import Outcome
from bench.support.usage import machine
from desk.store.migrate import migrate
from launch import LaunchError
from launch.embedded import DATABASE, Engines


def main(arguments: list[str]) -> int:
    """0 if everything held, 1 if not, or if fewer were played than asked for; 2 if the database did not start."""
    parser = argparse.ArgumentParser(
        prog="python -m bench.interleavings", description=(__doc__ or "").split("\n\n")[0]
    )
    parser.add_argument("--count", type=int, default=100_000)
    parser.add_argument("--seconds", type=float, default=7_200.0)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--processes", type=int, default=os.cpu_count() or 1)
    asked = parser.parse_args(arguments)
    folder = Path(tempfile.mkdtemp(prefix="civicdesk-interleavings-"))
    kept = {name: value for name, value in os.environ.items() if name not in ("DATABASE_URL", "REDIS_URL")}
    try:
        with Engines(folder, kept) as engines:
            urls = asyncio.run(_databases(engines.environ["DATABASE_URL"], asked.processes))
            each, more = divmod(asked.count, asked.processes)
            parts, seed = [], asked.seed
            for number, url in enumerate(urls):
                count = each + (number < more)
                parts.append(Part(url, engines.environ["REDIS_URL"], count, seed, asked.seconds))
                seed += count
            spawn = multiprocessing.get_context("spawn")
            with ProcessPoolExecutor(asked.processes, mp_context=spawn) as processes:
                outcomes = list(processes.map(play_part, parts))
    except LaunchError as error:
        print(error, file=sys.stderr)
        return 2
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    played, taken = sum(one.played for one in outcomes), sum(one.taken for one in outcomes)
    whole = Outcome(played, taken, breaches=[breach for one in outcomes for breach in one.breaches])
    print(f"{summary(whole)}\n{machine()}")
    return 1 if whole.breaches or whole.played < asked.count else 0


async def _databases(url: str, count: int) -> list[str]:
    """So many migrated databases. They do not wait for the disk at each commit: no crash is played."""
    await migrate(url)
    names = [f"{DATABASE}_{number}" for number in range(count)]
    connection = await asyncpg.connect(url.replace(f"/{DATABASE}?", "/postgres?", 1))
    try:
        for name in names:
            await connection.execute(f"CREATE DATABASE {name} TEMPLATE {DATABASE}")
            await connection.execute(f"ALTER DATABASE {name} SET synchronous_commit = off")
    finally:
        await connection.close()
    return [url.replace(f"/{DATABASE}?", f"/{name}?", 1) for name in names]


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
