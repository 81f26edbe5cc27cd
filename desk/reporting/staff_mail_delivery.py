"""Sends the mails to supervisors, through the city's first mail inbox. Without one nothing is sent, and the page says so."""

import asyncio
from collections.abc import Mapping
from datetime import timedelta

import structlog

from channels.base import Channel, ChannelError, Outbound, Undeliverable
from city import City
from desk.model import Clock
from desk.reporting.mail_kinds import mail_inbox_of
from desk.reporting.staff_mails import StaffMails
from desk.runtime.periodic import repeat
from desk.store.people import staff_mails
from desk.store.people.staff_mails import StaffMail
from desk.store.pool import Store

log = structlog.get_logger("staff_mails")

EVERY = 15.0
"""Seconds between two looks."""
AGAIN = timedelta(minutes=5)
TRIES = 5


class StaffMailDelivery:
    """Built once by the worker."""

    def __init__(
        self, store: Store, mails: StaffMails, channels: Mapping[str, Channel], city: City, clock: Clock
    ) -> None:
        self._store = store
        self._mails = mails
        self._clock = clock
        self._channel = channels.get(mail_inbox_of(city) or "")

    async def run(self, stop: asyncio.Event) -> None:
        """Look and send until `stop` is set."""
        await repeat(self.once, stop, log, "staff_mails_broke", every=EVERY)

    async def once(self) -> None:
        """Keep what is due, and send what waits."""
        if self._channel is None:
            return
        await self._mails.look()
        while mail := await staff_mails.take_due(self._store.pool, self._clock(), AGAIN):
            await self._send(self._channel, mail)

    async def _send(self, channel: Channel, mail: StaffMail) -> None:
        message = Outbound(str(mail.id), mail.email, mail.text, "en", subject=mail.subject)
        try:
            for request in channel.render(message):
                await channel.send(request, str(mail.id))
        except ChannelError as error:
            last = isinstance(error, Undeliverable) or mail.tries + 1 >= TRIES
            log.warning("staff_mail_failed", mail=str(mail.id), error=type(error).__name__, given_up=last)
            if last:
                await staff_mails.mark_given_up(self._store.pool, mail.id)
            return
        await staff_mails.mark_sent(self._store.pool, mail.id)
