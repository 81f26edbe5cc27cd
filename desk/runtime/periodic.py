"""Repeats a piece of work until the worker stops. Neither an outage nor a failure ends it."""

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import suppress

from structlog.stdlib import BoundLogger

from desk.runtime.error_place import where
from desk.store.pool import UNREACHABLE


async def repeat(
    work: Callable[[], Awaitable[object]],
    stop: asyncio.Event,
    log: BoundLogger,
    failure: str,
    *,
    every: float,
    settle: float | None = None,
    when: Callable[[], bool] = lambda: True,
) -> None:
    """Call `work` every `every` seconds until `stop` is set. `failure` is the event that is logged if it raises.
    `settle`: the pause before the first time and after an outage, where it differs. While `when` says no, nothing is called.
    """
    settle = every if settle is None else settle
    pause = settle
    while not stop.is_set():
        # Not wait_for(): before Python 3.12 it can swallow a cancellation.
        with suppress(TimeoutError):
            async with asyncio.timeout(pause):
                await stop.wait()
        if stop.is_set():
            return
        pause = every
        if not when():
            continue
        try:
            await work()
        except UNREACHABLE as error:
            pause = settle
            log.warning("database_away", error=type(error).__name__)
        except Exception as error:
            log.error(failure, error=type(error).__name__, where=where(error))
