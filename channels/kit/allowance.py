"""Allowance: no more than so many of a thing within a time, in this process. The desk brings one for all its workers."""

import time
from collections import OrderedDict, deque
from collections.abc import Callable
from typing import Protocol

REMEMBERED = 10_000  # things


class Allowance(Protocol):
    """Shared by whoever must count together."""

    async def may(self, what: str, one: str, most: int, seconds: float) -> bool:
        """Counts `one` more of `what`, unless it would be above `most` within `seconds`. The same one again is not
        counted, and may as it might before. Raises nothing."""
        ...


class OwnAllowance:
    """For one process alone, and for as long as the others cannot be asked. `clock` in seconds."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._times: OrderedDict[str, deque[tuple[float, str]]] = OrderedDict()

    async def may(self, what: str, one: str, most: int, seconds: float) -> bool:
        """As the protocol says."""
        now = self._clock()
        times = self._times.setdefault(what, deque())
        self._times.move_to_end(what)
        while len(self._times) > REMEMBERED:
            self._times.popitem(last=False)
        while times and times[0][0] <= now - seconds:
            times.popleft()
        if any(known == one for _, known in times):
            return True
        if len(times) >= most:
            return False
        times.append((now, one))
        return True
