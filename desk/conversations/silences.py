"""The end of a silence: staff answered in another app, and the citizen's next message still has no answer.

The bot is silent in the meantime. If nobody has answered when the time is up, a person gets the conversation."""

import structlog

from desk.conversations.announcing import Announcer
from desk.conversations.handoffs import Handoffs
from desk.model import By, Handoff
from desk.store.dialogue import conversations
from desk.store.people import contacts
from desk.store.pool import Store

log = structlog.get_logger("sweeps")

SUMMARY = "Staff answered in another app. What the citizen wrote after that has not been answered yet."


class Silences:
    """Built once by the worker; any number of workers may call it at the same time."""

    def __init__(self, store: Store, handoffs: Handoffs, announcer: Announcer) -> None:
        self._store = store
        self._handoffs = handoffs
        self._announcer = announcer

    async def end(self) -> None:
        """End each silence that is over."""
        for contact_id in await contacts.list_silences_over(self._store.pool):
            async with self._store.transaction() as transaction:
                contact = await contacts.lock(transaction, contact_id)
                if contact is None or not await contacts.end_silence(transaction, contact_id):
                    continue
                conversation = await conversations.get_open(transaction, contact_id)
                if conversation is None or conversation.state != "bot":
                    continue
                if not await conversations.is_last_word_the_contacts(transaction, conversation.id):
                    continue
                handoff = Handoff("failed", SUMMARY)
                await self._handoffs.hand_off(transaction, conversation, handoff, By("system", "failed"))
                self._announcer.added(conversation)
                log.info("handed_over_after_silence", contact=str(contact_id))
