"""Caches the result of an expensive check that anyone may trigger as often as they like."""

import asyncio
import math
import time
from collections.abc import Awaitable, Callable

GOOD_FOR = 2.0
BAD_FOR = 0.5
"""Seconds for which an answer is given again. Shorter for a bad one, so that a recovery is seen soon."""


class Recent:
    """Runs at most one `check` at a time, and none while the last result is still recent."""

    def __init__(
        self,
        check: Callable[[], Awaitable[bool]],
        *,
        good_for: float = GOOD_FOR,
        bad_for: float = BAD_FOR,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._check = check
        self._good_for = good_for
        self._bad_for = bad_for
        self._clock = clock
        self._answer = False
        self._until = -math.inf
        self._running: asyncio.Task[bool] | None = None

    async def __call__(self) -> bool:
        """The last result, or a new one."""
        if self._running is None:
            if self._clock() < self._until:
                return self._answer
            self._running = asyncio.create_task(self._run(), name="check")
        # Shielded: a client that disconnects must not cancel the check for the others.
        return await asyncio.shield(self._running)

    async def _run(self) -> bool:
        try:
            self._answer = await self._check()
            self._until = self._clock() + (self._good_for if self._answer else self._bad_for)
            return self._answer
        finally:
            self._running = None
