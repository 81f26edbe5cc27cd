"""Conversations of absent agents: a dead browser, an ended session, a deactivated account, the end of a shift.

When a shift ends, nothing more is offered, unless the agent says afterwards that they are available.
Conversations that wait for such an agent return to their place in the queue. Those that wait for the citizen stay until
the citizen writes, and mails stay until the agent is back, unless the account is deactivated."""

from datetime import datetime, timedelta

import structlog

from city import City
from city.hours import Hours
from desk.conversations.announcing import Announcer
from desk.conversations.handoffs import Handoffs
from desk.model import By, Clock, Why
from desk.people import audit
from desk.routing.hours import spans_between
from desk.store.dialogue import conversations
from desk.store.people import contacts
from desk.store.pool import Store
from desk.store.routing import presence, pushing
from desk.store.routing.pushing import Left

log = structlog.get_logger("routing")

GRACE = timedelta(minutes=2)
"""How long an agent may be offline before others get what waits."""
AFTER_SHIFT = timedelta(minutes=15)
"""How long after the end of a shift what waits for the agent stays with them."""
_LOOKS_BACK = timedelta(hours=36)


class Absences:
    """Built once by the worker; any number may call it at the same time."""

    def __init__(
        self,
        store: Store,
        city: City,
        handoffs: Handoffs,
        announcer: Announcer,
        slow_inboxes: list[str],
        clock: Clock,
    ) -> None:
        self._city = city
        self._store = store
        self._handoffs = handoffs
        self._announcer = announcer
        self._slow_inboxes = slow_inboxes
        self._clock = clock

    async def end(self) -> None:
        """Put back what waits for agents who are gone."""
        gone_before = self._clock() - GRACE
        for left in await pushing.list_left(self._store.pool, gone_before, self._slow_inboxes):
            await self._put_back(
                left, "deactivated" if not left.active else "signed_out" if left.signed_out else "agent_gone"
            )
        await self._end_shifts()
        now = self._clock()
        for one in await pushing.list_of_shifts(self._store.pool, self._slow_inboxes):
            if is_over(self._city, one.shifts, now):
                await self._put_back(one.left, "shift_over")

    async def _end_shifts(self) -> None:
        """Whoever was available during the shift is offered nothing after it. Who says afterwards that they are available,
        is."""
        now = self._clock()
        for one in await presence.list_on_shift(self._store.pool):
            ended_at = last_end(self._city, one.shifts, now)
            if ended_at is None or (one.chosen_at is not None and one.chosen_at >= ended_at):
                continue
            async with self._store.transaction() as transaction:
                if await presence.mark_shift_over(transaction, one.agent_id, ended_at, now):
                    await audit.record(transaction, one.agent_id, "shift_over", None, now)
                    self._announcer.present()

    async def _put_back(self, left: Left, why: Why) -> None:
        async with self._store.transaction() as transaction:
            await contacts.lock(transaction, left.contact_id)
            now = await conversations.get_by_id(transaction, left.conversation_id)
            if now is None or now.state != "assigned" or now.agent_id != left.agent_id:
                return
            moved = await conversations.release(transaction, now.id, By("system", why))
            if moved is None:
                return
            await audit.record(
                transaction, left.agent_id, "put_back", left.conversation_id, self._clock(), why=why
            )
            await self._handoffs.tell_place(transaction, moved)
            self._announcer.added(moved)
            self._announcer.moved(moved)
        log.warning("put_back", conversation=str(left.conversation_id), agent=str(left.agent_id), why=why)


def last_end(city: City, shifts: Hours, now: datetime) -> datetime | None:
    """When the last shift ended, if that was in the last day and a half and no other has begun. Pure. On a day without a
    shift nothing ends."""
    spans = spans_between(city, now - _LOOKS_BACK, now, shifts)
    begun = [end for start, end in spans if start <= now]
    return begun[-1] if begun and now - _LOOKS_BACK < begun[-1] <= now else None


def is_over(city: City, shifts: Hours, now: datetime) -> bool:
    """Whether the grace time after the last shift has passed, too. Pure."""
    ended_at = last_end(city, shifts, now)
    return ended_at is not None and ended_at + AFTER_SHIFT <= now
