"""Says a released version to everybody in its ledger, once each, through the outbox.

The message and its mark in the ledger are one transaction, so that a crash neither loses nor repeats one. The outbox is given
no more than a provider takes in a few seconds: whoever still waits in the ledger when an update is released gets the update alone.
"""

import asyncio
from collections.abc import Mapping
from datetime import datetime

import structlog

from channels.base import Capabilities
from city import City
from desk.conversations.announcing import Announcer
from desk.conversations.messages import MessageWriter
from desk.model import Clock, Composed, NewMessage, Priority
from desk.notices.saying import Said, say
from desk.runtime.periodic import repeat
from desk.store.dialogue import conversations
from desk.store.notices import notices, people
from desk.store.notices.notices import NoticeVersion
from desk.store.notices.people import Waiting
from desk.store.people import contacts
from desk.store.pool import Executor, Store

log = structlog.get_logger("notices")

EVERY = 0.5
"""Seconds between two looks: the first message leaves within two seconds of the release."""
AT_ONCE = 50
"""People of one transaction."""
AHEAD = 3.0
"""Seconds of an inbox's sending rate that its outbox is given ahead."""
LEAST_AHEAD = 20


class NoticeDelivery:
    """Built once by the worker; any number of workers may run it at the same time. `capabilities` by inbox."""

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
        self._city = city
        self._writer = writer
        self._announcer = announcer
        self._capabilities = capabilities
        self._clock = clock

    async def run(self, stop: asyncio.Event) -> None:
        """Say what is released until `stop` is set."""
        await repeat(self.send, stop, log, "notices_failed", every=EVERY)

    async def send(self) -> int:
        """Everything that the outbox may be given now; returns how many people that were."""
        done = 0
        while True:
            async with self._store.transaction() as transaction:
                waiting = await people.list_waiting(
                    transaction, AT_ONCE, await self._taking_more(transaction), urgent_only=self._quiet()
                )
                versions: dict[tuple[object, int], NoticeVersion] = {}
                for one in waiting:
                    key = (one.notice_id, one.version)
                    if key not in versions:
                        found = await notices.list_versions(transaction, one.notice_id)
                        versions |= {(each.notice_id, each.version): each for each in found}
                    await self._tell(transaction, one, versions[key])
            if not waiting:
                return done
            done += len(waiting)
            log.info("notices_said", count=len(waiting))

    async def _tell(self, transaction: Executor, one: Waiting, version: NoticeVersion) -> None:
        now = self._clock()
        contact = await contacts.lock(transaction, one.contact_id)
        if contact is None:
            return
        if contact.opted_out_at is not None:
            await people.mark_said(transaction, one, "opted_out", now)
            return
        if version.content.ends_at <= now:
            # Nobody is told of what is over.
            await people.mark_said(transaction, one, "superseded", now)
            return
        last = await people.get_last_conversation(transaction, contact.id)
        conversation = await conversations.get_by_id(transaction, last) if last else None
        language = self._writer.catalog.supported(
            contact.language or (conversation.language if conversation else self._city.language)
        )
        if conversation is None:
            conversation = await conversations.add_conversation(transaction, contact, language)
        said = say(version, language, self._city)
        message = await self._writer.say(
            transaction,
            conversation,
            NewMessage(
                "system",
                Composed(self._text(conversation.inbox, said)),
                said.language,
                # Values for a provider's template, in case the reply window is over.
                extra={
                    "news": {
                        "reference": said.title,
                        "news": f"{said.title}. {said.text.what} {said.text.act} {said.check}",
                    }
                },
                priority=Priority.EMERGENCY if one.urgent else Priority.BROADCAST,
            ),
        )
        await people.mark_said(transaction, one, "said", now, message.id)
        self._announcer.added(conversation)

    def _text(self, inbox: str, said: Said) -> str:
        """The short text where the provider bills and splits by SMS."""
        channel = self._capabilities.get(inbox)
        return said.short if channel is not None and channel.text_unit == "sms" else said.whole

    async def _taking_more(self, transaction: Executor) -> list[str]:
        """The inboxes whose outbox may be given more."""
        queued = await people.count_queued(transaction)
        return [
            inbox.name
            for inbox in self._city.inboxes
            if queued.get(inbox.name, 0) < self._most_ahead(inbox.name)
        ]

    def _most_ahead(self, inbox: str) -> float:
        channel = self._capabilities.get(inbox)
        return LEAST_AHEAD if channel is None else max(LEAST_AHEAD, AHEAD * channel.per_second)

    def _quiet(self) -> bool:
        return is_quiet(self._city, self._clock())


def is_quiet(city: City, now: datetime) -> bool:
    """Whether only urgent notices are sent now."""
    start, end = city.notice_rules.quiet.split("-")
    time = f"{now.astimezone(city.zone):%H:%M}"
    return start <= time < end if start <= end else time >= start or time < end
