"""Runs many interleavings concurrently, then empties the remaining queue and checks its order."""

import asyncio
import random
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from bench.interleavings.play import Breach, Play
from bench.interleavings.scene import Scene

WIDTH = 8
BATCH = 200
"""After so many interleavings the queue is taken."""


@dataclass
class Outcome:
    """What was played, and what did not hold; the first `told` breaches were printed."""

    played: int = 0
    taken: int = 0
    told: int = 0
    breaches: list[tuple[int, Breach]] = field(default_factory=list)


async def play_all(
    scene: Scene, count: int, seed: int, seconds: float, told: Callable[[Outcome], None] = lambda _: None
) -> Outcome:
    """`count` interleavings, or fewer if the time is up. The seed of each is its number added to `seed`: it chooses the
    steps, while the order within two that run at once is the database's."""
    outcome, end = Outcome(), time.monotonic() + seconds
    while outcome.played < count and time.monotonic() < end:
        numbers = iter(range(outcome.played, min(outcome.played + BATCH, count)))

        async def player(numbers: Iterator[int] = numbers) -> None:
            for number in numbers:
                for breach in await Play(scene, seed + number).run():
                    outcome.breaches.append((seed + number, breach))
                outcome.played += 1

        async with asyncio.TaskGroup() as group:
            for _ in range(WIDTH):
                group.create_task(player())
        await _take_queue(scene, outcome, seed)
        told(outcome)
    return outcome


async def _take_queue(scene: Scene, outcome: Outcome, seed: int) -> None:
    """ "Next" gives what waits by urgency, priority and waiting time. What was offered to somebody else is left out."""
    pool, choice = scene.store.pool, random.Random(seed + outcome.played)
    await pool.execute(
        """UPDATE conversations SET urgency = CASE WHEN random() < 0.1 THEN 'fire' END, priority = (random() * 2)::int
           WHERE state = 'queued'"""
    )
    before: tuple[object, ...] | None = None
    actor = choice.choice(scene.agents)
    while (claimed := await scene.ownership.claim_next(actor)) is not None:
        row = await pool.fetchrow(
            "SELECT urgency IS NULL AS calm, -priority AS priority, queued_at, id FROM conversations WHERE id = $1",
            claimed.id,
        )
        assert row is not None
        place = tuple(row.values())
        if before is not None and place < before:
            outcome.breaches.append(
                (seed, Breach("no jumped place", f"{place} was claimed after {before}", ("claim_next",)))
            )
        before = place
        outcome.taken += 1
    # What is left open would slow the next batch down, as no desk of this size has so many.
    await pool.execute(
        "UPDATE conversation_offers SET outcome = 'withdrawn', closed_at = now() WHERE outcome IS NULL"
    )
    await pool.execute(
        "UPDATE conversations SET state = 'resolved', resolved_at = now() WHERE state <> 'resolved'"
    )
