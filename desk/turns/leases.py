"""Leases: the contacts this worker serves. Each lease is short, prolonged by a heartbeat, and given back at the end."""

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
    """Another worker has this contact now: leave it alone."""


class Leases:
    """`seconds` is how long a dead worker's contacts wait, `hold` how long one event may keep its contact."""

    def __init__(self, store: Store, seconds: float, hold: float) -> None:
        self._store = store
        self._seconds = seconds
        self._hold = hold
        self._held: dict[UUID, tuple[Token, float]] = {}  # contact: token, since when at this event
        self._looks = 0

    async def claim(self, token: Token, limit: int) -> list[Claimed]:
        """Up to `limit` contacts whose next event is due; none while the database is away."""
        self._looks += 1
        try:
            return await leases.claim(self._store.pool, token, self._seconds, limit)
        except UNREACHABLE as error:
            log.warning("database_away", error=type(error).__name__)
            return []

    async def take(self, contact_id: UUID, token: Token) -> bool:
        """This one contact; false when somebody has it."""
        return await leases.lease(self._store.pool, contact_id, token, self._seconds)

    def hold(self, contact_id: UUID, token: Token) -> None:
        """From now on this contact's lease is prolonged, for one event."""
        self._held[contact_id] = (token, time.monotonic())

    async def keep(self) -> None:
        """Prolong what is held; a turn that hangs is held no more."""
        oldest = time.monotonic() - self._hold
        held = {contact: token for contact, (token, since) in self._held.items() if since > oldest}
        if held:
            await leases.keep(self._store.pool, held, self._seconds)

    async def release_if_idle(self, contact_id: UUID, token: Token) -> bool | None:
        """Give it back where nothing more of this contact is due; None where something is, or the lease is lost.

        True when somebody of this process looked meanwhile: what had just come was hidden from that look."""
        looks = self._looks
        if not await leases.release_if_idle(self._store.pool, contact_id, token):
            return None
        self._drop(contact_id, token)
        return looks != self._looks

    async def release(self, contact_id: UUID, token: Token) -> None:
        """Give it back in any case."""
        self._drop(contact_id, token)
        # While the database is away the lease cannot be given back; it would cost the citizen the rest of it.
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
