"""What the tests of a mailbox share: a desk that stores what arrives, and an inbox connected to the mailbox."""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import replace
from typing import Any

from channels.base import Inbound, MalformedPayload, RetryLater, Webhook
from channels.mail.channel import EmailChannel
from channels.mail.listen import Patience
from channels.mail.reader import MailReader
from tests.support.imap_peer import Mailbox
from tests.support.mail_side import channel

QUICK = Patience(idle=3, poll=0.05, first=0.02, longest=0.1, refused=0.02, tries=2, again=0.02)

NEVER_LOOKS = replace(QUICK, idle=300)  # longer than any test waits: news can only come from the server


def inbox(
    box: Mailbox, patience: Patience = QUICK, reader: MailReader | None = None, **settings: Any
) -> EmailChannel:
    return channel(imap_port=str(box.port), patience=patience, reader=reader, **settings)


class Counted:
    """The tries of a mailbox, in memory (channels.base.Tries)."""

    def __init__(self) -> None:
        self.tries: Counter[str] = Counter()
        self.away = False

    async def count(self, place: str) -> int:
        if self.away:
            raise RetryLater("the database is away")
        self.tries[place] += 1
        return self.tries[place]

    async def forget(self, place: str) -> None:
        self.tries.pop(place, None)


class Desk:
    """What the desk does with an arrival: verify, parse, keep. It may be away, or refuse one mail for good."""

    def __init__(self, email: EmailChannel) -> None:
        self.email = email
        self.kept: list[Inbound] = []
        self.away = False
        self.refuses = ""
        self.breaks_on = ""
        self.takes = 0
        self.tries = Counted()
        self.changed = asyncio.Event()

    async def take(self, arrival: Webhook) -> None:
        self.takes += 1
        self.changed.set()
        if self.away:
            raise RetryLater("the database is away")
        self.email.verify(arrival)
        found = self.email.parse(arrival)
        if self.refuses and found[0].text == self.refuses:
            raise MalformedPayload("no")
        if self.breaks_on and found[0].text == self.breaks_on:
            raise RuntimeError("a mail that nobody foresaw")
        self.kept += found

    async def has(self, count: int, seconds: float = 30) -> None:
        """Until so many were kept."""
        await self.until(lambda: len(self.kept) >= count, seconds)

    async def until(self, done: Callable[[], bool], seconds: float = 30) -> None:
        async with asyncio.timeout(seconds):
            while not done():
                self.changed.clear()
                await self.changed.wait()

    async def listen(self) -> None:
        await self.email.listen(self.take, self.tries)


@asynccontextmanager
async def listening(email: EmailChannel, desk: Desk | None = None) -> AsyncIterator[Desk]:
    desk = desk or Desk(email)
    task = asyncio.create_task(desk.listen())
    try:
        yield desk
    finally:
        task.cancel()
        async with asyncio.timeout(30):
            await asyncio.gather(task, return_exceptions=True)
