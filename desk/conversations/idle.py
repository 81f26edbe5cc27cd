"""Ends the assistant's idle conversations: otherwise containment could not be measured.

The citizen's next message opens a new conversation. An unfinished report keeps its conversation open for longer; when it
ends anyway, the citizen is told that nothing was sent.
"""

from collections.abc import Mapping

import structlog

from city import City
from desk.conversations.announcing import Announcer
from desk.conversations.messages import MessageWriter
from desk.model import By
from desk.store.dialogue import conversations
from desk.store.dialogue.idle import Idle, list_idle
from desk.store.people import contacts
from desk.store.pool import Store

log = structlog.get_logger("sweeps")

REASON = "idle"
"""The reason of a resolution by the desk itself."""


class IdleConversations:
    """Built once by the worker; any number of workers may call it at the same time."""

    def __init__(self, store: Store, city: City, writer: MessageWriter, announcer: Announcer) -> None:
        self._store = store
        self._writer = writer
        self._announcer = announcer
        self._city = city

    async def resolve(self) -> None:
        """Resolve each conversation that is idle."""
        hours = self._hours()
        for one in await list_idle(self._store.pool, hours):
            await self._resolve(one, hours)

    def _hours(self) -> dict[str, tuple[int, int]]:
        city = self._city
        return {
            inbox.name: (city.idle_after(inbox.channel), city.idle_after(inbox.channel, draft=True))
            for inbox in city.inboxes
        }

    async def _resolve(self, found: Idle, hours: Mapping[str, tuple[int, int]]) -> None:
        async with self._store.transaction() as transaction:
            if await contacts.lock(transaction, found.contact_id) is None:
                return
            # A message may have arrived since the list was read; none can while the contact is locked.
            still = await list_idle(transaction, hours, only=found.conversation_id)
            if not still:
                return
            resolved = await conversations.resolve(
                transaction, found.conversation_id, By("system", "idle", reason=REASON)
            )
            if resolved is None:
                return
            if still[0].draft:
                await self._writer.system(transaction, resolved, "idle_draft_closed")
            self._announcer.added(resolved)
            log.info("resolved_idle", conversation=str(resolved.id), draft=still[0].draft)
