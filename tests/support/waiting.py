"""Waiting for something that happens, with an end; and never answering."""

import asyncio
import inspect
import time
from collections.abc import Callable
from typing import Any, NoReturn


async def eventually(condition: Callable[[], Any], seconds: float = 20) -> Any:
    """What `condition` (a function or a coroutine function) gives once it is true. Fails when it never is."""
    async with asyncio.timeout(seconds):
        while not (found := await _asked(condition)):
            await asyncio.sleep(0.01)
        return found


def wait_for(condition: Callable[[], Any], what: str, seconds: float = 60) -> Any:
    """The same without an event loop. `what` says what did not happen."""
    deadline = time.monotonic() + seconds
    while not (found := condition()):
        assert time.monotonic() < deadline, f"{what} within {seconds:.0f} seconds"
        time.sleep(0.02)
    return found


async def forever() -> NoReturn:
    """Never returns: for a server that does not answer. Ends when it is cancelled."""
    await asyncio.Event().wait()
    raise AssertionError


async def _asked(condition: Callable[[], Any]) -> Any:
    found = condition()
    return await found if inspect.isawaitable(found) else found
