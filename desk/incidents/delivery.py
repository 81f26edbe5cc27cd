"""Tells the people of an incident the news, and asks once at its end: through the outbox, each once, in their language.

The message and the mark that it was said are one transaction, so that a crash neither loses nor repeats one.
"""

import asyncio

import structlog

from city import City
from desk.conversations.announcing import Announcer
from desk.conversations.messages import MessageWriter
from desk.model import Clock, Composed, NewMessage, OfferedButton, Priority
from desk.notices.languages import words_of
from desk.runtime.periodic import repeat
from desk.store.dialogue import conversations
from desk.store.notices import incident_news
from desk.store.notices.incident_news import Waiting
from desk.store.notices.people import get_last_conversation
from desk.store.people import contacts
from desk.store.pool import Executor, Store

log = structlog.get_logger("notices")

EVERY = 2.0
"""Seconds between two looks."""
AT_ONCE = 50
"""People of one transaction."""
PERSON = "talk_to_person"


class IncidentDelivery:
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
        """Say what is due until `stop` is set."""
        await repeat(self.send, stop, log, "incident_news_failed", every=EVERY)

    async def send(self) -> int:
        """Everything that is due now; returns how many people that were."""
        done = 0
        while True:
            async with self._store.transaction() as transaction:
                waiting = await incident_news.list_waiting(transaction, self._clock(), AT_ONCE)
                for one in waiting:
                    await self._tell(transaction, one)
            if not waiting:
                return done
            done += len(waiting)
            log.info("incident_news_said", count=len(waiting))

    async def _tell(self, transaction: Executor, one: Waiting) -> None:
        now = self._clock()
        contact = await contacts.lock(transaction, one.contact_id)
        if contact is None:
            return
        if contact.opted_out_at is not None:
            await incident_news.mark_said(transaction, one, "opted_out", now)
            return
        last = await get_last_conversation(transaction, contact.id)
        conversation = await conversations.get_by_id(transaction, last) if last else None
        spoken = self._writer.catalog.supported(
            (conversation.language if conversation else contact.language) or self._city.language
        )
        language = next(each for each in (spoken, self._city.language, *one.texts) if each in one.texts)
        if conversation is None:
            conversation = await conversations.add_conversation(transaction, contact, language)
        text = one.texts[language]
        buttons: tuple[OfferedButton, ...] = ()
        if one.kind != "news":
            # "No" leads to a person; "yes" needs no answer, but people like to give one.
            buttons = (OfferedButton(words_of(language).not_well, PERSON),)
        message = await self._writer.say(
            transaction,
            conversation,
            NewMessage(
                "system",
                Composed(text, buttons),
                language,
                # Values for a provider's template, in case the reply window is over.
                extra={
                    "news": {
                        "reference": one.titles.get(language) or next(iter(one.titles.values())),
                        "news": text,
                    }
                },
                priority=Priority.BROADCAST,
            ),
        )
        await incident_news.mark_said(transaction, one, "said", now, message.id)
        self._announcer.added(conversation)
