"""Runs the turns that take accepted events to an answer or to a person, one at a time for each contact.

    event received ── appending ──> message in the log, event appended ── bot called ─ answering ──> answer, event done
                        └ a person has the conversation: event done at once

If a worker dies at any point, another one takes up the event; both transactions are idempotent.
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
    """Answers events; runs in every worker."""

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
        self._may_find_work = True  # whether a query of the table may find something

    async def run(self, stop: asyncio.Event) -> None:
        """Answer events until `stop` is set, then let the turns in progress finish."""
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
                if self._may_find_work and free > 0:
                    self._may_find_work = False
                    taken = await self._take(free)
                    running |= taken
                    # We got as many as we requested, so there may be more.
                    self._may_find_work = self._may_find_work or len(taken) == free
                await asyncio.wait({stopping, waking, *running}, return_when=asyncio.FIRST_COMPLETED)
                if waking.done():
                    self._may_find_work = True
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
        """Answer this contact's events in order while we hold the lease, then release it.

        `abandoned`: the previous lease holder died while processing the contact's first event."""
        self._leases.hold(contact_id, token)
        released = False
        try:
            if abandoned:
                await events.mark_worker_died(self._store.pool, contact_id)
                log.warning("taken_over", contact=str(contact_id))
            while not released and (event := await events.get_next(self._store.pool, contact_id)):
                self._leases.hold(contact_id, token)
                # Every log line of this turn has the trace id that the gateway gave the citizen's request.
                with structlog.contextvars.bound_contextvars(trace_id=event.trace_id):
                    if not await self._turn.take(event, token):
                        break
                hidden = await self._leases.release_if_idle(contact_id, token)
                released = hidden is not None
                self._may_find_work = self._may_find_work or bool(hidden)
        except UNREACHABLE as error:
            log.warning("database_away", contact=str(contact_id), error=type(error).__name__)
        finally:
            if not released:
                await self._leases.release(contact_id, token)
                self._may_find_work = True

    async def hand_over(self, contact_id: UUID) -> bool:
        """Hand this contact's unanswered event off to a person; false if another worker is processing it."""
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
