"""Heartbeats renew leases, which are short so that another worker soon takes over a dead worker's work."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager

import structlog

from desk.runtime.error_place import where
from desk.store.pool import is_away

log = structlog.get_logger("heartbeat")

BEAT = 3.0
"""Seconds between two beats: a lease must outlast several, so that one slow database query does not lose
it."""


@asynccontextmanager
async def beating(name: str, every: float, keep: Callable[[], Awaitable[None]]) -> AsyncIterator[None]:
    """Call `keep` every `every` seconds while the block runs; if the database is unavailable, try again at
    the next beat."""
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
                # If the heartbeat stopped, a working worker would be taken for dead and everything would be
                # done twice.
                log.error("heartbeat_broke", error=type(error).__name__, where=where(error))
