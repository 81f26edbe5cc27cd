"""Slows down password guessing with every attempt, without ever locking anyone out. An attempt made too
early is refused without being counted, so that waiting always helps. Keys are digests: the table holds no
e-mail address and no network address.
"""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from desk.model import Clock, DeskError
from desk.store.people import agents
from desk.store.pool import Store

WINDOW = timedelta(hours=1)
"""An attempt no longer counts after this time."""


class TooManyAttempts(DeskError):
    """Too early for another try. `retry_after` says how long to wait."""

    def __init__(self, retry_after: timedelta) -> None:
        minutes = max(1, -(-int(retry_after.total_seconds()) // 60))
        wait = "a minute" if minutes == 1 else f"{minutes} minutes"
        super().__init__(f"There were too many attempts. Please wait {wait} and try again.")
        self.retry_after = retry_after


@dataclass(frozen=True, slots=True)
class Slowdown:
    """After `free` tries within the window each further one waits: `first` seconds, doubled each time up to `longest`."""

    key: str
    free: int
    first: float
    longest: float

    def wait(self, tries: int, last: datetime | None, now: datetime) -> timedelta:
        """How long until the next try may be made; zero where it may be made now."""
        if tries < self.free or last is None:
            return timedelta()
        pause = min(self.longest, self.first * 2.0 ** min(tries - self.free, 40))
        return max(timedelta(), last + timedelta(seconds=pause) - now)


class Attempts:
    """Counts tries in the database, for all processes together."""

    def __init__(self, store: Store, clock: Clock) -> None:
        self._store = store
        self._clock = clock

    async def take(self, slowdowns: Sequence[Slowdown]) -> None:
        """Count one try under each key, or raise TooManyAttempts and count nothing. Many at the same moment are taken
        one after the other."""
        now = self._clock()
        keys = sorted(one.key for one in slowdowns)
        async with self._store.transaction() as transaction:
            await agents.lock_attempts(transaction, keys)
            wait = timedelta()
            for one in slowdowns:
                tries, last = await agents.count_attempts(transaction, one.key, now - WINDOW)
                wait = max(wait, one.wait(tries, last, now))
            if wait > timedelta():
                raise TooManyAttempts(wait)
            await agents.add_attempts(transaction, keys, now)
        await agents.delete_old_attempts(self._store.pool, now - WINDOW)

    async def forget(self, keys: Sequence[str]) -> None:
        """The password was right: the counts of these keys start again."""
        await agents.delete_attempts(self._store.pool, list(keys))


def attempt_key(kind: str, *parts: str) -> str:
    """A key of the table of attempts: "pair:<32 hex digits>"."""
    digest = hashlib.sha256("\n".join(parts).encode("utf-8", "surrogatepass")).hexdigest()[:32]
    return f"{kind}:{digest}"
