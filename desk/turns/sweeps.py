"""Sweeps: what fell between two stools is found again. Any number of workers may sweep at once."""

import asyncio
from contextlib import suppress
from datetime import datetime
from uuid import UUID

import structlog

from desk.model import Clock
from desk.runtime.error_place import where
from desk.store import leases
from desk.store.dialogue import handoffs
from desk.store.inbound import events, web_sessions
from desk.store.outbound import billed_units, outbox, receipts
from desk.store.pool import UNREACHABLE, Store, is_away
from desk.turns.leases import LeaseLost
from desk.turns.loop import Turns

log = structlog.get_logger("sweeps")

UNANSWERED = 60.0  # seconds after which a message that was tried and not answered goes to a person
BOT_WAIT = 180.0  # the same for one that waits for the bot: its worker gives up after 120, if it still lives
LONGEST_LEASE = 60.0  # no lease is ever so long: the database's clock was set back
EVERY = 5.0
DEATHS = 5  # so many workers that died over one parcel make it unknown
SETTLE = 8.0  # seconds after the database came back in which the living prolong their leases first


class Sweeps:
    """Run it in every worker."""

    def __init__(
        self,
        store: Store,
        turns: Turns,
        clock: Clock,
        *,
        unanswered: float = UNANSWERED,
        every: float = EVERY,
        settle: float = SETTLE,
    ) -> None:
        self._store = store
        self._turns = turns
        self._clock = clock
        self._unanswered = unanswered
        self._every = every
        self._settle = settle
        self._lapsed: dict[int, datetime] = {}

    async def run(self, stop: asyncio.Event) -> None:
        """Sweep until `stop` is set."""
        pause = self._settle
        while not stop.is_set():
            with suppress(TimeoutError):
                async with asyncio.timeout(pause):
                    await stop.wait()
            pause = self._every
            if stop.is_set():
                return
            try:
                await self.sweep()
            except UNREACHABLE as error:
                # While it was away nobody could prolong a lease: who lives must have the time to do so.
                pause = self._settle
                log.warning("database_away", error=type(error).__name__)
            except Exception as error:
                log.error("sweep_broke", error=type(error).__name__, where=where(error))

    async def sweep(self) -> None:
        """Once: hand over what nobody answered, put back what a dead worker was sending, forget old sessions."""
        for contact_id in await leases.free_impossible(self._store.pool, LONGEST_LEASE):
            log.warning("lease_freed", contact=str(contact_id))
        for contact_id in await events.list_unanswered(self._store.pool, self._unanswered, BOT_WAIT):
            await self._hand_over(contact_id)
        await self._take_over_parcels()
        await receipts.delete_old(self._store.pool)
        await web_sessions.delete_expired(self._store.pool, self._clock())
        await handoffs.delete_old(self._store.pool)
        await billed_units.delete_old(self._store.pool)

    async def _hand_over(self, contact_id: UUID) -> None:
        try:
            if await self._turns.hand_over(contact_id):
                log.warning("handed_over_unanswered", contact=str(contact_id))
        except LeaseLost:
            return  # somebody is at it after all
        except Exception as error:
            if is_away(error):
                raise
            # What cannot even be handed over must not keep the others from it: its turns count it, and bury it.
            log.error(
                "hand_over_broke", contact=str(contact_id), error=type(error).__name__, where=where(error)
            )

    async def _take_over_parcels(self) -> None:
        # A lease that was over at two looks, and not prolonged between them: its worker is dead. One look could be
        # wrong: after a jump of the database's clock every lease is over, and what is sent again is sent twice.
        pool = self._store.pool
        before, self._lapsed = self._lapsed, await outbox.list_lapsed(pool, LONGEST_LEASE)
        dead = {item: until for item, until in self._lapsed.items() if before.get(item) == until}
        for item, state in await outbox.mark_abandoned(pool, dead, DEATHS) if dead else ():
            log.warning("delivery_taken_over", item=item, state=state)
