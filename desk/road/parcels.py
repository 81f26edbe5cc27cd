"""Parcels in hand: what this worker is sending. Each lease is short and prolonged; which a provider is asked about is known."""

import time
from uuid import UUID

from desk.road.leases import LeaseLost
from desk.store import outbox
from desk.store.outbox import Parcel
from desk.store.pool import Store


class InHand:
    """`lease` and `beat` are in seconds."""

    def __init__(self, store: Store, lease: float, beat: float) -> None:
        self._store = store
        self._lease = lease
        self._beat = beat
        self._held: dict[
            int, tuple[UUID, float]
        ] = {}  # parcels of ours: the lease's token, when it was seen last
        self._asking: set[int] = set()  # those of them that a provider is being asked to take right now

    def hold(self, parcel: Parcel) -> None:
        """It was just claimed."""
        self._held[parcel.id] = (parcel.token, time.monotonic())

    def drop(self, parcel: Parcel) -> None:
        """It is settled, or put back."""
        self._held.pop(parcel.id, None)
        self._asking.discard(parcel.id)

    def asking(self, parcel: Parcel) -> bool:
        """Whether a provider is being asked to take it, or was when we were stopped."""
        return parcel.id in self._asking

    def ask(self, parcel: Parcel) -> None:
        """From now on a provider may have it."""
        self._asking.add(parcel.id)

    def answered(self, parcel: Parcel) -> None:
        """The provider said what became of it, and that is recorded."""
        self._asking.discard(parcel.id)

    async def keep(self) -> None:
        """Prolong the leases."""
        held = {parcel: token for parcel, (token, _) in self._held.items()}
        for parcel in await outbox.keep(self._store.pool, held, self._lease) if held else ():
            if parcel in self._held:
                self._held[parcel] = (held[parcel], time.monotonic())

    async def check(self, parcel: Parcel) -> None:
        """A worker that was stopped for a while must not send what another has taken over. Raises LeaseLost."""
        if self._stale(parcel):
            await self.keep()
            if self._stale(parcel):
                raise LeaseLost

    def _stale(self, parcel: Parcel) -> bool:
        return time.monotonic() - self._held[parcel.id][1] > 2 * self._beat
