"""Says a verdict to everybody who asked, once each and for each version, through the outbox with its reply windows and templates.

The message and its mark in the ledger are one transaction, so that a crash neither loses nor repeats one.
"""

import asyncio

import structlog

from city import City
from desk.conversations.announcing import Announcer
from desk.conversations.messages import MessageWriter
from desk.model import Clock, NewMessage, Priority
from desk.rumours.saying import say_verdict
from desk.runtime.periodic import repeat
from desk.store.dialogue import conversations
from desk.store.notices.people import get_last_conversation
from desk.store.people import contacts
from desk.store.pool import Executor, Store
from desk.store.rumours import people, rumours
from desk.store.rumours.people import Waiting
from desk.store.rumours.rumours import VerdictVersion

log = structlog.get_logger("rumours")

EVERY = 1.0
"""Seconds between two looks: whoever asked hears within a minute."""
AT_ONCE = 50
"""People of one transaction."""


class VerdictDelivery:
    """Built once by the worker; any number of workers may run it at the same time."""

    def __init__(
        self, store: Store, city: City, writer: MessageWriter, announcer: Announcer, clock: Clock
    ) -> None:
        self._store = store
        self._city = city
        self._writer = writer
        self._announcer = announcer
        self._clock = clock

    async def run(self, stop: asyncio.Event) -> None:
        """Tell until `stop` is set."""
        await repeat(self.send, stop, log, "verdicts_failed", every=EVERY)

    async def send(self) -> int:
        """Everybody who waits; returns how many people that were."""
        done = 0
        while True:
            async with self._store.transaction() as transaction:
                waiting = await people.list_waiting(transaction, AT_ONCE)
                newest: dict[int, VerdictVersion | None] = {}
                for one in waiting:
                    if one.rumour_id not in newest:
                        newest[one.rumour_id] = await rumours.get_newest(transaction, one.rumour_id)
                    await self._tell(transaction, one, newest[one.rumour_id])
            if not waiting:
                return done
            done += len(waiting)
            log.info("verdicts_said", count=len(waiting))

    async def _tell(self, transaction: Executor, one: Waiting, verdict: VerdictVersion | None) -> None:
        now = self._clock()
        contact = await contacts.lock(transaction, one.contact_id)
        if contact is None:
            return
        if contact.opted_out_at is not None:
            await people.mark_said(transaction, one, "opted_out", now)
            return
        if verdict is None or verdict.version != one.version:
            await people.mark_said(transaction, one, "superseded", now)
            return
        last = await get_last_conversation(transaction, contact.id)
        conversation = await conversations.get_by_id(transaction, last) if last else None
        language = self._writer.catalog.supported(
            contact.language or (conversation.language if conversation else self._city.language)
        )
        if conversation is None:
            conversation = await conversations.add_conversation(transaction, contact, language)
        said = say_verdict(verdict, language, self._city)
        message = await self._writer.say(
            transaction,
            conversation,
            NewMessage(
                "system",
                self._writer.catalog.system("rumour_verdict", said.language, said.variables),
                said.language,
                # Values for a provider's template, in case the reply window is over.
                extra={"news": {"reference": said.claim, "news": f"{said.label}. {said.text}"}},
                priority=Priority.BROADCAST,
            ),
        )
        await people.mark_said(transaction, one, "said", now, message.id)
        self._announcer.added(conversation)
