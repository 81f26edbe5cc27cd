"""How many photos one sender may store in a day: everybody shares the disk."""

import hashlib
import hmac
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from desk.media.photos import BadPhoto
from desk.model import Clock
from desk.store import media_usage
from desk.store.pool import Executor, Store

MB = 1_000_000
DAY = timedelta(hours=24)
RETRY_SECONDS = 3_600.0


@dataclass(frozen=True, slots=True)
class PhotoQuota:
    """The most in 24 hours; `size` in bytes."""

    photos: int
    size: int


QUOTAS = {
    "contact": PhotoQuota(60, 100 * MB),  # six reports with all the photos that a message takes
    "address": PhotoQuota(600, 600 * MB),  # a library, a school or a mobile network: many people behind one
    "agent": PhotoQuota(500, 500 * MB),
}


def of_contact(contact_id: UUID) -> str:
    """The sender that a contact is."""
    return f"contact:{contact_id}"


def of_agent(agent_id: UUID) -> str:
    """The sender that an agent is."""
    return f"agent:{agent_id}"


class PhotoQuotas:
    """`secret` keys the digest that stands for an address, so that the database holds none; `scale` multiplies all."""

    def __init__(self, store: Store, clock: Clock, secret: str, *, scale: float = 1.0) -> None:
        self._store = store
        self._clock = clock
        self._secret = secret.encode()
        self._scale = scale

    def of_address(self, address: str) -> str:
        """The sender that a network address is, as gateway.headers.client_address gives it."""
        digest = hmac.new(self._secret, f"photos:{address}".encode(), hashlib.sha256).hexdigest()[:32]
        return f"address:{digest}"

    async def check(self, senders: Sequence[str]) -> None:
        """Before anything is read. Raises BadPhoto where one of the senders has used up its quota."""
        await self._check(self._store.pool, senders)

    async def charge(self, executor: Executor, senders: Sequence[str], size: int) -> None:
        """Count a photo of `size` bytes; in the transaction that records it. Raises BadPhoto as `check` does."""
        await media_usage.add_photo(executor, senders, self._hour(), size)
        await self._check(executor, senders, counted=True)

    async def charge_now(self, senders: Sequence[str], size: int) -> None:
        """Count a photo that is not recorded yet: an agent's is recorded with its message. Refuses nothing."""
        await media_usage.add_photo(self._store.pool, senders, self._hour(), size)

    async def forget(self) -> None:
        """Delete counts that are too old for any quota."""
        await media_usage.delete_before(self._store.pool, self._oldest())

    async def _check(self, executor: Executor, senders: Sequence[str], *, counted: bool = False) -> None:
        used = await media_usage.get_used(executor, senders, self._oldest())
        for sender in senders:
            photos, size = used.get(sender, (0, 0))
            quota = QUOTAS[sender.partition(":")[0]]
            # `check` requires room for one more photo; here the photo is already counted and may be the last that fits.
            most = quota.photos * self._scale - (0 if counted else 1)
            if photos > most or size > quota.size * self._scale:
                raise BadPhoto("photo_quota", retry_after=RETRY_SECONDS)

    def _hour(self) -> datetime:
        return self._clock().replace(minute=0, second=0, microsecond=0)

    def _oldest(self) -> datetime:
        return self._clock() - DAY
