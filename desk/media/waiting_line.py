"""A bounded, fair queue: one job at a time, and a sender with many jobs cannot delay the others."""

import asyncio
from collections import Counter, OrderedDict, deque
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager

OF_A_WORKER = 256
"""Photos that may wait in a worker; each belongs to a turn that waits for it and has its own timeout."""


class Busy(Exception):
    """The line is full, for everybody or for this one, or the wait was too long."""


class WaitingLine:
    """One at a time. Those who wait are served in turn by `who`, not by arrival: ten photos of one do not delay the
    first of another by more than one. `most` may wait, `most_of_one` of the same; nobody waits longer than `patience`
    seconds."""

    def __init__(self, most: int = 24, most_of_one: int = 4, patience: float = 20.0) -> None:
        self._most = most
        self._most_of_one = most_of_one
        self._patience = patience
        self._taken = False
        self._served = ""
        self._waiting: OrderedDict[str, deque[asyncio.Future[None]]] = OrderedDict()

    @asynccontextmanager
    async def turn(self, who: str) -> AsyncIterator[None]:
        """The turn of `who` while the block runs. Raises Busy."""
        await self._enter(who)
        try:
            yield
        finally:
            self._pass_on()

    async def _enter(self, who: str) -> None:
        if not self._taken:
            self._taken, self._served = True, who
            return
        mine = self._waiting.get(who, ())
        if len(mine) >= self._most_of_one or sum(map(len, self._waiting.values())) >= self._most:
            raise Busy
        turn: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._waiting.setdefault(who, deque()).append(turn)
        try:
            async with asyncio.timeout(self._patience):
                await turn
        except BaseException as error:
            self._leave(who, turn)
            if isinstance(error, TimeoutError):
                raise Busy from None
            raise

    def _leave(self, who: str, turn: "asyncio.Future[None]") -> None:
        if turn.done() and not turn.cancelled():
            self._pass_on()  # the turn came at the moment when we gave up
        elif turn in (queue := self._waiting.get(who, deque())):
            queue.remove(turn)
            if not queue:
                del self._waiting[who]

    def _pass_on(self) -> None:
        while self._waiting:
            who = next((one for one in self._waiting if one != self._served), self._served)
            queue = self._waiting.pop(who)
            turn = queue.popleft()
            if queue:
                self._waiting[who] = queue  # to the end of the queue: the others come first
            if not turn.done():
                self._served = who
                turn.set_result(None)
                return
        self._taken = False


class Slots:
    """How many jobs may run at once: `most` in total, `most_of_one` per sender."""

    def __init__(self, most: int, most_of_one: int) -> None:
        self._most = most
        self._most_of_one = most_of_one
        self._taken: Counter[str] = Counter()

    @contextmanager
    def slot(self, who: str) -> Iterator[None]:
        """A slot while the block runs. Raises Busy."""
        if self._taken.total() >= self._most or self._taken[who] >= self._most_of_one:
            raise Busy
        self._taken[who] += 1
        try:
            yield
        finally:
            self._taken[who] -= 1
            if not self._taken[who]:
                del self._taken[who]
