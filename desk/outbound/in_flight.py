"""Tracks the items this worker is sending: renews their leases, and knows which are in a provider call."""

import time
from uuid import UUID

from desk.store.outbound import outbox_leases
from desk.store.outbound.outbox import OutboxItem
from desk.store.pool import Store
from desk.turns.leases import LeaseLost


class InFlight:
    """`lease` and `beat` are in seconds."""

    def __init__(self, store: Store, lease: float, beat: float) -> None:
        self._store = store
        self._lease = lease
        self._beat = beat
        # Item id -> lease token, and when the lease was last known to be ours.
        self._held: dict[int, tuple[UUID, float]] = {}
        self._asking: set[int] = set()  # the items of these that are in a provider call right now

    def hold(self, item: OutboxItem) -> None:
        """Track an item that was just claimed."""
        self._held[item.id] = (item.token, time.monotonic())

    def drop(self, item: OutboxItem) -> None:
        """Stop tracking an item that is finished or requeued."""
        self._held.pop(item.id, None)
        self._asking.discard(item.id)

    def asking(self, item: OutboxItem) -> bool:
        """Whether the item is in a provider call, or was when the worker was stopped."""
        return item.id in self._asking

    def ask(self, item: OutboxItem) -> None:
        """A provider call begins: from now on the provider may have the item."""
        self._asking.add(item.id)

    def answered(self, item: OutboxItem) -> None:
        """The provider has answered, and the result is recorded."""
        self._asking.discard(item.id)

    async def keep(self) -> None:
        """Renew the leases."""
        held = {item: token for item, (token, _) in self._held.items()}
        for item in await outbox_leases.renew(self._store.pool, held, self._lease) if held else ():
            if item in self._held:
                self._held[item] = (held[item], time.monotonic())

    async def check(self, item: OutboxItem) -> None:
        """Raise LeaseLost if another worker has taken the item over, for example while this process was
        suspended."""
        if self._stale(item):
            await self.keep()
            if self._stale(item):
                raise LeaseLost

    def _stale(self, item: OutboxItem) -> bool:
        return time.monotonic() - self._held[item.id][1] > 2 * self._beat
