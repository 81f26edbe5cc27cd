"""Parcels in hand: what this worker is sending. Each lease is short and prolonged; which a provider is asked about is known."""

import time
from uuid import UUID

from desk.store.outbound import outbox
from desk.store.outbound.outbox import OutboxItem
from desk.store.pool import Store
from desk.turns.leases import LeaseLost


class InFlight:
    """`lease` and `beat` are in seconds."""

    def __init__(self, store: Store, lease: float, beat: float) -> None:
        self._store = store
        self._lease = lease
        self._beat = beat
        self._held: dict[
            int, tuple[UUID, float]
        ] = {}  # parcels of ours: the lease's token, when it was seen last
        self._asking: set[int] = set()  # those of them that a provider is being asked to take right now

    def hold(self, item: OutboxItem) -> None:
        """It was just claimed."""
        self._held[item.id] = (item.token, time.monotonic())

    def drop(self, item: OutboxItem) -> None:
        """It is settled, or put back."""
        self._held.pop(item.id, None)
        self._asking.discard(item.id)

    def asking(self, item: OutboxItem) -> bool:
        """Whether a provider is being asked to take it, or was when we were stopped."""
        return item.id in self._asking

    def ask(self, item: OutboxItem) -> None:
        """From now on a provider may have it."""
        self._asking.add(item.id)

    def answered(self, item: OutboxItem) -> None:
        """The provider said what became of it, and that is recorded."""
        self._asking.discard(item.id)

    async def keep(self) -> None:
        """Prolong the leases."""
        held = {item: token for item, (token, _) in self._held.items()}
        for item in await outbox.renew(self._store.pool, held, self._lease) if held else ():
            if item in self._held:
                self._held[item] = (held[item], time.monotonic())

    async def check(self, item: OutboxItem) -> None:
        """A worker that was stopped for a while must not send what another has taken over. Raises LeaseLost."""
        if self._stale(item):
            await self.keep()
            if self._stale(item):
                raise LeaseLost

    def _stale(self, item: OutboxItem) -> bool:
        return time.monotonic() - self._held[item.id][1] > 2 * self._beat
