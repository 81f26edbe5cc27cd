"""The last number of a session's log, read for many idle windows with one query: each asks every few seconds."""

import asyncio

from desk.model import Clock
from desk.store.inbound import web_sessions
from desk.store.pool import Store

GATHER = 0.05  # seconds in which questions are gathered: nobody waits for news here, a wake-up brings those


class Glances:
    """Built once. `last_seq` raises what UNREACHABLE lists."""

    def __init__(self, store: Store, clock: Clock, gather: float = GATHER) -> None:
        self._store = store
        self._clock = clock
        self._gather = gather
        self._wanted: set[bytes] = set()
        self._looking: asyncio.Task[dict[bytes, int]] | None = None

    async def last_seq(self, token_hash: bytes) -> int | None:
        """The last number of this session's log; None where the session has ended."""
        self._wanted.add(token_hash)
        if self._looking is None:
            self._looking = asyncio.create_task(self._look(), name="glances")
        # Shielded: a window that goes takes no other's look along.
        return (await asyncio.shield(self._looking)).get(token_hash)

    async def _look(self) -> dict[bytes, int]:
        await asyncio.sleep(self._gather)
        wanted, self._wanted, self._looking = self._wanted, set(), None
        return await web_sessions.list_last_seqs(self._store.pool, list(wanted), self._clock())
