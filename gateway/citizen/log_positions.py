"""Batches the idle windows' periodic reads of their session's last sequence number into one query."""

import asyncio

from desk.model import Clock
from desk.store.inbound import web_sessions
from desk.store.pool import Store

GATHER = 0.05  # seconds to collect requests for a batch: latency is no concern, wake-ups announce news


class LogPositions:
    """Built once per process. `last_seq` raises the exceptions listed in UNREACHABLE."""

    def __init__(self, store: Store, clock: Clock, gather: float = GATHER) -> None:
        self._store = store
        self._clock = clock
        self._gather = gather
        self._wanted: set[bytes] = set()
        self._looking: asyncio.Task[dict[bytes, int]] | None = None

    async def last_seq(self, token_hash: bytes) -> int | None:
        """The last sequence number of this session's log, or None if the session has ended."""
        self._wanted.add(token_hash)
        if self._looking is None:
            self._looking = asyncio.create_task(self._look(), name="log_positions")
        # Shielded: a window that disconnects must not cancel the query for the others.
        return (await asyncio.shield(self._looking)).get(token_hash)

    async def _look(self) -> dict[bytes, int]:
        await asyncio.sleep(self._gather)
        wanted, self._wanted, self._looking = self._wanted, set(), None
        return await web_sessions.list_last_seqs(self._store.pool, list(wanted), self._clock())
