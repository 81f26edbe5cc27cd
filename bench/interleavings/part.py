"""What one process of `python -m bench.interleavings` plays, on a database of its own."""

import asyncio
import logging
from dataclasses import dataclass
from pathlib import Path

import structlog
import uvloop

from bench.interleavings.running import Outcome, play_all
from bench.interleavings.scene import open_scene
from city import load_city
from desk.knowledge.catalogue import Catalog

SHOWN = 10


@dataclass(frozen=True)
class Part:
    """What one process plays."""

    database: str
    redis: str
    count: int
    seed: int
    seconds: float


def play_part(part: Part) -> Outcome:
    """Called in a process of its own. Prints what did not hold as it is found."""
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.CRITICAL))
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        return runner.run(_play(part))


async def _play(part: Part) -> Outcome:
    city = load_city(Path("city.yml"))
    scene = await open_scene(part.database, part.redis, city, Catalog.load(Path("content"), city))
    try:
        return await play_all(scene, part.count, part.seed, part.seconds, _tell)
    finally:
        await scene.close()


def _tell(outcome: Outcome) -> None:
    for seed, breach in outcome.breaches[outcome.told : outcome.told + SHOWN]:
        print(f"{breach.rule}: {breach.detail}\n  seed {seed}: {', '.join(breach.steps)}")
    outcome.told = len(outcome.breaches)
    print(summary(outcome), flush=True)


def summary(outcome: Outcome) -> str:
    """One line."""
    return f"{outcome.played:,} interleavings, {len(outcome.breaches)} breaches; {outcome.taken:,} taken from the queue in order"
