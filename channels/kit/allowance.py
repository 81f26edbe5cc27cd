"""Rate limits within this process: at most so many of a thing in a given time. The desk's version spans all
workers.
"""

import time
from collections import OrderedDict, deque
from collections.abc import Callable
from typing import Protocol

REMEMBERED = 10_000  # things


class Allowance(Protocol):
    """A limit shared by everything that must count together."""

    async def may(self, what: str, one: str, most: int, seconds: float) -> bool:
        """Counts one more `one` of `what`, and returns False if that would exceed `most` within `seconds`. A
        repeat of the same `one` is not counted and gets the same answer as before. Raises nothing."""
        ...


class OwnAllowance:
    """A limit for one process, also used while the shared one is unavailable. `clock` in seconds."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._times: OrderedDict[str, deque[tuple[float, str]]] = OrderedDict()

    async def may(self, what: str, one: str, most: int, seconds: float) -> bool:
        """See Allowance.may."""
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
