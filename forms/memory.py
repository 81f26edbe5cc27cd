"""How much memory the bodies of requests may take together, whoever sends them. A body that stops arriving is held for half a
minute, and a webhook may have 2 MB: three hundred of them would take all that a gateway has."""

from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from forms.errors import too_many_bodies

FREE = 65_536
"""Bytes of each body that are not counted for everybody: no message, and hardly any webhook, has more."""
MOST, MOST_OF_ONE = 50_331_648, 16_777_216
"""Bytes above these of all bodies, and all bytes of those of one client: it leaves two thirds to the others, and a thousand
small bodies of it are refused, too."""


class BodyMemory:
    """Built once for a server."""

    def __init__(self, most: int = MOST, most_of_one: int = MOST_OF_ONE) -> None:
        self._most = most
        self._most_of_one = most_of_one
        self._held: Counter[str] = Counter()
        self._all = 0

    @contextmanager
    def share(self, who: str) -> Iterator[Callable[[int], None]]:
        """What the body of `who` takes while the block runs: call what this gives with the body's size as it grows. It
        raises BodyRefused 429 where there is no more."""
        taken = counted = 0

        def grow(size: int) -> None:
            nonlocal taken, counted
            more, more_counted = size - taken, max(0, size - FREE) - counted
            if self._held[who] + more > self._most_of_one or self._all + more_counted > self._most:
                raise too_many_bodies()
            taken += more
            counted += more_counted
            self._held[who] += more
            self._all += more_counted

        try:
            yield grow
        finally:
            self._all -= counted
            self._held[who] -= taken
            if not self._held[who]:
                del self._held[who]
