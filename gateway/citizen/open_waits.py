"""Limits how many event streams and long polls one session and one address may hold open in this process.

A client over the limit is not locked out: a stream is refused with 429, after which the widget polls, and a
poll is answered at once instead of waiting. So a stranger on the same address can delay a citizen's updates by
one second at most.

At shutdown `Closing` ends them all, so that a restart does not have to sit out a 25-second poll.
"""

import asyncio
from collections import Counter
from collections.abc import Hashable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

OF_A_SESSION = 10
"""Windows of one citizen."""
OF_AN_ADDRESS = 300
"""A library, a school, or the many customers of a mobile network may share one address."""


@dataclass(frozen=True, slots=True)
class TooMany:
    """Why the limit was reached, as a sentence for the person. `code` is a stable identifier for the widget."""

    code: str
    sentence: str


SESSION_FULL = TooMany("too_many_windows", "This chat is open in too many windows. Close some.")
ADDRESS_FULL = TooMany(
    "too_many_chats",
    "Too many chats are open from your network. Your messages still arrive, a little later than usual.",
)


class OpenWaits:
    """Built once. Counts are per process, so with N gateways the effective limits are at most N times as
    high."""

    def __init__(self, *, session: float = OF_A_SESSION, address: float = OF_AN_ADDRESS) -> None:
        self._most_of_session = session
        self._most_of_address = address
        self._sessions: Counter[Hashable] = Counter()
        self._addresses: Counter[str] = Counter()

    @contextmanager
    def slot(self, session: Hashable, address: str) -> Iterator[TooMany | None]:
        """Counts one wait while the block runs; yields the reason instead if the limit is reached."""
        if self._sessions.get(session, 0) >= self._most_of_session:
            yield SESSION_FULL
            return
        if self._addresses.get(address, 0) >= self._most_of_address:
            yield ADDRESS_FULL
            return
        self._sessions[session] += 1
        self._addresses[address] += 1
        try:
            yield None
        finally:
            _give_back(self._sessions, session)
            _give_back(self._addresses, address)


class Closing:
    """The tasks that are waiting. `close()` ends every wait; `closed` stays true."""

    def __init__(self) -> None:
        self.closed = False
        self._waiting: set[asyncio.Task[object]] = set()

    @contextmanager
    def waits(self) -> Iterator[None]:
        """Context manager for a wait that ends early, without an error, when the gateway closes."""
        task = asyncio.current_task()
        assert task is not None
        self._waiting.add(task)
        try:
            yield
        except asyncio.CancelledError:
            # The client may have disconnected at the same moment; then there is nobody to answer anyway.
            if not self.closed:
                raise
            task.uncancel()
        finally:
            self._waiting.discard(task)

    def close(self) -> None:
        """End every wait."""
        self.closed = True
        for task in list(self._waiting):
            task.cancel()


def _give_back(counts: Counter[Any], key: Hashable) -> None:
    counts[key] -= 1
    if not counts[key]:
        del counts[key]
