"""How much memory the bodies of requests may take together, whoever sends them. A body that stops arriving is held for half a
minute, and a webhook may have 2 MB: three hundred of them would take all that a gateway has."""

from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from forms.errors import too_many_bodies

FREE = 65_536
"""Bytes of each body that are not counted: no message, and hardly any webhook, has more."""
MOST, MOST_OF_ONE = 50_331_648, 12_582_912
"""Bytes above these of all bodies, and of those of one client. So one client leaves three quarters to the others."""


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
        taken = 0

        def grow(size: int) -> None:
            nonlocal taken
            more = max(0, size - FREE) - taken
            if more <= 0:
                return
            if self._all + more > self._most or self._held[who] + more > self._most_of_one:
                raise too_many_bodies()
            taken += more
            self._all += more
            self._held[who] += more

        try:
            yield grow
        finally:
            self._all -= taken
            self._held[who] -= taken
            if not self._held[who]:
                del self._held[who]
