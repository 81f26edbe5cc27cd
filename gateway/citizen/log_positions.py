"""Glances: thousands of idle windows look at the log's last number every few seconds. One query answers many of them."""

import asyncio
from uuid import UUID

from desk.store.people import contacts
from desk.store.pool import Store

GATHER = 0.05  # seconds in which looks are gathered: nobody waits for news here, a wake-up brings those


class Glances:
    """Built once. `last_seq` raises what UNREACHABLE lists."""

    def __init__(self, store: Store, gather: float = GATHER) -> None:
        self._store = store
        self._gather = gather
        self._wanted: set[UUID] = set()
        self._looking: asyncio.Task[dict[UUID, int]] | None = None

    async def last_seq(self, contact_id: UUID) -> int | None:
        """The last number of this contact's log; None where there is no such contact."""
        self._wanted.add(contact_id)
        if self._looking is None:
            self._looking = asyncio.create_task(self._look(), name="glances")
        # Shielded: a window that goes takes no other's look along.
        return (await asyncio.shield(self._looking)).get(contact_id)

    async def _look(self) -> dict[UUID, int]:
        await asyncio.sleep(self._gather)
        wanted, self._wanted, self._looking = self._wanted, set(), None
        return await contacts.list_last_seqs(self._store.pool, list(wanted))
