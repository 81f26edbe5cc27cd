"""Heartbeat: leases are short, so that a dead worker's work is taken up soon, and a live one prolongs its own."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager

import structlog

from desk.runtime.error_place import where
from desk.store.pool import is_away

log = structlog.get_logger("heartbeat")

BEAT = 3.0
"""Seconds between two beats: a lease must outlast several, so that one slow look at the database loses none."""


@asynccontextmanager
async def beating(name: str, every: float, keep: Callable[[], Awaitable[None]]) -> AsyncIterator[None]:
    """Call `keep` every `every` seconds for the length of the block; a database that is away is tried again."""
    task = asyncio.create_task(_beat(every, keep), name=f"heartbeat {name}")
    try:
        yield
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)


async def _beat(every: float, keep: Callable[[], Awaitable[None]]) -> None:
    while True:
        await asyncio.sleep(every)
        try:
            await keep()
        except Exception as error:
            if is_away(error):
                log.warning("database_away", error=type(error).__name__)
            else:
                # A heart that stops is a worker that passes for dead while it works: everything would be done twice.
                log.error("heartbeat_broke", error=type(error).__name__, where=where(error))
