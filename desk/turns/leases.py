"""Leases on the contacts this worker serves: short, renewed by a heartbeat, and released at the end."""

import asyncio
import time
from contextlib import suppress
from uuid import UUID

import structlog

from desk.store import leases
from desk.store.leases import Claimed, Token
from desk.store.pool import UNREACHABLE, Store

log = structlog.get_logger("turns")


class LeaseLost(Exception):
    """Another worker has this contact now, so this one must stop working on it."""


class Leases:
    """`seconds` is the lease time, so a dead worker's contacts wait that long; `hold` limits one event's
    renewals."""

    def __init__(self, store: Store, seconds: float, hold: float) -> None:
        self._store = store
        self._seconds = seconds
        self._hold = hold
        self._held: dict[UUID, tuple[Token, float]] = {}  # contact -> token, start of its current event
        self._claims = 0

    async def claim(self, token: Token, limit: int) -> list[Claimed]:
        """Lease up to `limit` contacts whose next event is due; none while the database is unreachable."""
        self._claims += 1
        try:
            return await leases.claim(self._store.pool, token, self._seconds, limit)
        except UNREACHABLE as error:
            log.warning("database_away", error=type(error).__name__)
            return []

    async def take(self, contact_id: UUID, token: Token) -> bool:
        """Lease this one contact; false if another worker has it."""
        return await leases.lease(self._store.pool, contact_id, token, self._seconds)

    def hold(self, contact_id: UUID, token: Token) -> None:
        """Renew this contact's lease from now on, for one event."""
        self._held[contact_id] = (token, time.monotonic())

    async def keep(self) -> None:
        """Renew the leases we hold, except those of turns that have hung."""
        oldest = time.monotonic() - self._hold
        held = {contact: token for contact, (token, since) in self._held.items() if since > oldest}
        if held:
            await leases.renew_all(self._store.pool, held, self._seconds)

    async def release_if_idle(self, contact_id: UUID, token: Token) -> bool | None:
        """Release the lease if nothing more of this contact is due; None if something is, or if the lease is
        lost.

        True if this process called `claim` meanwhile: that call could not see events of this contact."""
        claims = self._claims
        if not await leases.release_if_idle(self._store.pool, contact_id, token):
            return None
        self._drop(contact_id, token)
        return claims != self._claims

    async def release(self, contact_id: UUID, token: Token) -> None:
        """Release the lease in any case."""
        self._drop(contact_id, token)
        # Retry during a database outage; otherwise the citizen would wait for the lease to expire.
        for pause in (0.2, 0.5, 1.0, 2.0, 4.0):
            try:
                await leases.release(self._store.pool, contact_id, token)
                return
            except UNREACHABLE:
                with suppress(asyncio.CancelledError):
                    await asyncio.sleep(pause)

    def _drop(self, contact_id: UUID, token: Token) -> None:
        if self._held.get(contact_id, (None,))[0] == token:
            del self._held[contact_id]
