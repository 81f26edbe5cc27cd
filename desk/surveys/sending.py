"""Asks how satisfied a citizen is, half a minute after an agent resolved the conversation.

The delay is for Undo: the citizen must not be asked about a conversation that continues. The database ensures
that nobody is asked twice. Citizens who cannot be contacted now are not asked: a question days later is useless.
"""

from collections.abc import Mapping
from uuid import UUID

import structlog

from channels.base import Capabilities
from city import City
from desk.conversations.announcing import Announcer
from desk.conversations.messages import MessageWriter
from desk.model import Clock
from desk.outbound.reply_window import reach_of
from desk.store import surveys
from desk.store.dialogue import conversations
from desk.store.people import contacts
from desk.store.pool import Store

log = structlog.get_logger("sweeps")

AFTER = 30.0
"""Seconds after the resolution."""


class Surveys:
    """Built once by the worker; any number of workers may call it at the same time."""

    def __init__(
        self,
        store: Store,
        city: City,
        writer: MessageWriter,
        announcer: Announcer,
        capabilities: Mapping[str, Capabilities],
        clock: Clock,
    ) -> None:
        self._store = store
        self._writer = writer
        self._announcer = announcer
        self._capabilities = capabilities
        self._clock = clock
        self._city = city

    async def ask(self) -> None:
        """Ask everybody who is due."""
        reasons = [one.name for one in self._city.resolve_reasons if one.asks]
        for conversation_id, contact_id in await surveys.list_due(self._store.pool, reasons, after=AFTER):
            await self._ask(conversation_id, contact_id, reasons)

    async def _ask(self, conversation_id: UUID, contact_id: UUID, reasons: list[str]) -> None:
        async with self._store.transaction() as transaction:
            contact = await contacts.lock(transaction, contact_id)
            if contact is None:
                return
            capabilities = self._capabilities.get(contact.inbox)
            now = self._clock()
            if capabilities is None or reach_of(capabilities, contact, now).keeps_back(human=False):
                return
            if contact.quiet_until is not None and await contacts.is_quiet(transaction, contact.id):
                return
            if not await surveys.list_due(transaction, reasons, after=AFTER, only=conversation_id):
                return
            conversation = await conversations.get_by_id(transaction, conversation_id)
            if conversation is None:
                return
            message = await self._writer.system(transaction, conversation, "csat_ask")
            await surveys.add_survey(transaction, conversation_id, contact_id, message.id, message.created_at)
            self._announcer.added(conversation)
            log.info("asked_for_rating", conversation=str(conversation_id))
