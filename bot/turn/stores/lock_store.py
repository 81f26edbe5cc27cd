"""One turn at a time in a conversation, in order of arrival, with no polling.

Rasa's own lock polls once a second. The worker already sends one turn at a time;
this lock is for a repeated request that arrives while the first is still running.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager

from rasa.core.lock_store import InMemoryLockStore
from rasa.utils.endpoints import EndpointConfig


class FairLockStore(InMemoryLockStore):
    """Locks live as long as somebody holds or awaits them."""

    def __init__(self, endpoint_config: EndpointConfig | None = None) -> None:
        super().__init__()
        self._held: dict[str, tuple[asyncio.Lock, int]] = {}

    @asynccontextmanager
    async def lock(
        self, conversation_id: str, lock_lifetime: float = 0, wait_time_in_seconds: float = 0
    ) -> AsyncGenerator[None, None]:
        lock, users = self._held.get(conversation_id, (asyncio.Lock(), 0))
        self._held[conversation_id] = (lock, users + 1)
        try:
            async with lock:
                yield
        finally:
            users = self._held[conversation_id][1] - 1
            if users:
                self._held[conversation_id] = (lock, users)
            else:
                del self._held[conversation_id]
