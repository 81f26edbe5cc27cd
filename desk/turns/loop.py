"""Turns: from an accepted event to an answer in the log, or to a person. One turn at a time for each contact.

    event received ── appending ──> message in the log, event appended ── bot asked ── answering ──> answer, event done
                        └ a person has the conversation: event done at once

A worker that dies anywhere leaves an event that the next one takes up: the two transactions do nothing twice.
"""

import asyncio
from collections.abc import Callable
from uuid import UUID, uuid4

import structlog

from desk.runtime.heartbeat import beating
from desk.runtime.live import Live
from desk.runtime.timing import TurnTiming
from desk.store.inbound import events
from desk.store.leases import Token
from desk.store.pool import UNREACHABLE, Store
from desk.turns.leases import Leases
from desk.turns.turn import Turn

log = structlog.get_logger("turns")


class Turns:
    """Answers events. Run it in every worker."""

    def __init__(
        self,
        store: Store,
        live: Live,
        turn: Turn,
        timing: TurnTiming,
        liveness: Callable[[], None] = lambda: None,
    ) -> None:
        self._store = store
        self._live = live
        self._turn = turn
        self._timing = timing
        self._liveness = liveness
        self._leases = Leases(store, timing.lease, timing.hold)
        self._hungry = True  # whether a look at the table may find something

    async def run(self, stop: asyncio.Event) -> None:
        """Answer until `stop` is set; then turns under way may end."""
        async with beating("turns", self._timing.beat, self._leases.keep):
            await self._run(stop)

    async def _run(self, stop: asyncio.Event) -> None:
        running: set[asyncio.Task[None]] = set()
        stopping = asyncio.create_task(stop.wait())
        async with self._live.work() as wakes:
            waking = asyncio.create_task(wakes.wait(self._timing.poll))
            while not stop.is_set():
                self._liveness()
                running = {task for task in running if not task.done()}
                free = self._timing.at_once - len(running)
                if self._hungry and free > 0:
                    self._hungry = False
                    taken = await self._take(free)
                    running |= taken
                    # All that we asked for: there may be more.
                    self._hungry = self._hungry or len(taken) == free
                await asyncio.wait({stopping, waking, *running}, return_when=asyncio.FIRST_COMPLETED)
                if waking.done():
                    self._hungry = True
                    waking = asyncio.create_task(wakes.wait(self._timing.poll))
            waking.cancel()
            await asyncio.gather(waking, return_exceptions=True)
        stopping.cancel()
        if running:
            await asyncio.wait(running, timeout=self._timing.drain)
        for task in running:
            task.cancel()
        await asyncio.gather(*running, return_exceptions=True)

    async def _take(self, free: int) -> set[asyncio.Task[None]]:
        token = uuid4()
        return {
            asyncio.create_task(
                self.serve(one.contact_id, token, abandoned=one.abandoned), name=f"turn {one.contact_id}"
            )
            for one in await self._leases.claim(token, free)
        }

    async def serve(self, contact_id: UUID, token: Token, *, abandoned: bool = False) -> None:
        """Answer what this contact sent, in order, while we hold its lease; then give the lease back.

        `abandoned`: the one who had the lease before us died over the contact's first event."""
        self._leases.hold(contact_id, token)
        released = False
        try:
            if abandoned:
                await events.mark_worker_died(self._store.pool, contact_id)
                log.warning("taken_over", contact=str(contact_id))
            while not released and (event := await events.get_next(self._store.pool, contact_id)):
                self._leases.hold(contact_id, token)
                # Every line of this turn carries the trace id that the gateway gave the citizen's request.
                with structlog.contextvars.bound_contextvars(trace_id=event.trace_id):
                    if not await self._turn.take(event, token):
                        break
                hidden = await self._leases.release_if_idle(contact_id, token)
                released = hidden is not None
                self._hungry = self._hungry or bool(hidden)
        except UNREACHABLE as error:
            log.warning("database_away", contact=str(contact_id), error=type(error).__name__)
        finally:
            if not released:
                await self._leases.release(contact_id, token)
                self._hungry = True

    async def hand_over(self, contact_id: UUID) -> bool:
        """Give what this contact still waits for to a person; false if somebody is at it."""
        token = uuid4()
        if not await self._leases.take(contact_id, token):
            return False
        try:
            event = await events.get_next(self._store.pool, contact_id, due=False)
            if event:
                await self._turn.hand_over(event, token)
        finally:
            await self._leases.release(contact_id, token)
        return True
