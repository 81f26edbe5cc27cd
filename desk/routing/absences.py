"""What agents leave behind when they go: a dead browser, a session that ended, a deactivated account.

Conversations that wait for such an agent return to the queue at their place. Those that wait for the citizen stay until
the citizen writes, and mails stay until the agent is back, unless the account is deactivated."""

from datetime import timedelta

import structlog

from desk.conversations.announcing import Announcer
from desk.conversations.handoffs import Handoffs
from desk.model import By, Clock, Why
from desk.people import audit
from desk.store.dialogue import conversations
from desk.store.people import contacts
from desk.store.pool import Store
from desk.store.routing import pushing
from desk.store.routing.pushing import Left

log = structlog.get_logger("routing")

GRACE = timedelta(minutes=2)
"""How long an agent may be offline before others get what waits."""


class Absences:
    """Built once by the worker; any number may call it at the same time."""

    def __init__(
        self, store: Store, handoffs: Handoffs, announcer: Announcer, slow_inboxes: list[str], clock: Clock
    ) -> None:
        self._store = store
        self._handoffs = handoffs
        self._announcer = announcer
        self._slow_inboxes = slow_inboxes
        self._clock = clock

    async def end(self) -> None:
        """Put back what waits for agents who are gone."""
        gone_before = self._clock() - GRACE
        for left in await pushing.list_left(self._store.pool, gone_before, self._slow_inboxes):
            await self._put_back(left)

    async def _put_back(self, left: Left) -> None:
        why: Why = "deactivated" if not left.active else "signed_out" if left.signed_out else "agent_gone"
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
