"""`python -m bench.interleavings`: 100,000 random interleavings of citizen, bot, agent, provider and clock.

The desk's own code decides, on an embedded PostgreSQL: intake, turns, handoffs, ownership, offers. No talk-over, no loop,
no lost handoff, no jumped place, no silence. `--count`, `--seconds` and `--seed` change the defaults; it stops when the time is up.
"""

import argparse
import asyncio
import logging
import os
import shutil
import sys
import tempfile
from pathlib import Path

import structlog
import uvloop

from bench.interleavings.running import Outcome, play_all
from bench.interleavings.scene import open_scene
from bench.support.usage import machine
from city import load_city
from desk.knowledge.catalogue import Catalog
from desk.store.migrate import migrate
from launch import LaunchError
from launch.embedded import Engines

SHOWN = 10


def main(arguments: list[str]) -> int:
    """0 if everything held, 1 if not, or if fewer were played than asked for; 2 if the database did not start."""
    parser = argparse.ArgumentParser(
        prog="python -m bench.interleavings", description=(__doc__ or "").split("\n\n")[0]
    )
    parser.add_argument("--count", type=int, default=100_000)
    parser.add_argument("--seconds", type=float, default=7_200.0)
    parser.add_argument("--seed", type=int, default=1)
    asked = parser.parse_args(arguments)
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.CRITICAL))
    folder = Path(tempfile.mkdtemp(prefix="civicdesk-interleavings-"))
    kept = {name: value for name, value in os.environ.items() if name not in ("DATABASE_URL", "REDIS_URL")}
    try:
        with Engines(folder, kept) as engines, asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
            outcome = runner.run(_play(engines.environ, asked.count, asked.seed, asked.seconds))
    except LaunchError as error:
        print(error, file=sys.stderr)
        return 2
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    print(f"{_summary(outcome)}\n{machine()}")
    return 1 if outcome.breaches or outcome.played < asked.count else 0


async def _play(environ: dict[str, str], count: int, seed: int, seconds: float) -> Outcome:
    await migrate(environ["DATABASE_URL"])
    city = load_city(Path("city.yml"))
    scene = await open_scene(
        environ["DATABASE_URL"], environ["REDIS_URL"], city, Catalog.load(Path("content"), city)
    )
    try:
        return await play_all(scene, count, seed, seconds, _tell)
    finally:
        await scene.close()


def _tell(outcome: Outcome) -> None:
    for seed, breach in outcome.breaches[outcome.told : outcome.told + SHOWN]:
        print(f"{breach.rule}: {breach.detail}\n  seed {seed}: {', '.join(breach.steps)}")
    outcome.told = len(outcome.breaches)
    print(_summary(outcome), flush=True)


def _summary(outcome: Outcome) -> str:
    return f"{outcome.played:,} interleavings, {len(outcome.breaches)} breaches; {outcome.taken:,} taken from the queue in order"


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
