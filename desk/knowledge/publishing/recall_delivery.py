"""Sends corrections: to each person once, in the conversation where the answer was given, through the outbox with its reply windows.

The message and the mark that it was sent are one transaction, so that a crash neither loses nor repeats one.
"""

import asyncio

import structlog

from desk.conversations.announcing import Announcer
from desk.conversations.messages import MessageWriter
from desk.model import Clock, Composed, NewMessage, Priority
from desk.runtime.periodic import repeat
from desk.store.dialogue import conversations
from desk.store.knowledge import recalls
from desk.store.knowledge.recalls import Waiting
from desk.store.people import contacts
from desk.store.pool import Executor, Store

log = structlog.get_logger("answers")

EVERY = 2.0
"""Seconds between two looks."""
AT_ONCE = 50
"""Corrections of one transaction."""


class RecallDelivery:
    """Built once by the worker; any number of workers may run it at the same time."""

    def __init__(self, store: Store, writer: MessageWriter, announcer: Announcer, clock: Clock) -> None:
        self._store = store
        self._writer = writer
        self._announcer = announcer
        self._clock = clock

    async def run(self, stop: asyncio.Event) -> None:
        """Send what is approved until `stop` is set."""
        await repeat(self.send, stop, log, "recall_failed", every=EVERY)

    async def send(self) -> int:
        """Everything that waits now; returns how many messages that were."""
        sent = 0
        while True:
            async with self._store.transaction() as transaction:
                waiting = await recalls.list_waiting(transaction, AT_ONCE)
                for one in waiting:
                    await self._tell(transaction, one)
            if not waiting:
                return sent
            sent += len(waiting)
            log.info("corrections_sent", count=len(waiting))

    async def _tell(self, transaction: Executor, one: Waiting) -> None:
        await contacts.lock(transaction, one.contact_id)
        conversation = await conversations.get_by_id(transaction, one.conversation_id)
        if conversation is None:
            return
        spoken = self._writer.catalog.supported(conversation.language)
        language = spoken if spoken in one.texts else next(iter(one.texts))
        intro = self._writer.catalog.system("correction", language).text
        message = await self._writer.say(
            transaction,
            conversation,
            NewMessage(
                "system", Composed(f"{intro}\n\n{one.texts[language]}"), language, priority=Priority.BROADCAST
            ),
        )
        await recalls.mark_sent(transaction, one.recall_id, one.contact_id, message.id, self._clock())
        self._announcer.added(conversation)
