"""A desk with a Messenger inbox, what a provider reports there, and what citizens write."""

from datetime import UTC, datetime
from typing import Any
from uuid import uuid4

import msgspec

from channels.base import Inbound, Sent
from city import InboxConfig
from desk.model import Contact, Message
from desk.store.people import contacts
from tests.support.desk import Desk
from tests.support.fake_bot import says
from tests.support.providers import Recorder

PARSE = {"intent": "test", "confidence": 0.9, "ranking": [], "entities": [], "scope": None}


def with_messenger(desk: Desk) -> Desk:
    """The desk with a Messenger inbox `wa`, and a bot that asks for a street."""
    inbox = InboxConfig(name="wa", channel="messenger")
    desk.city = msgspec.structs.replace(desk.city, inboxes=(*desk.city.inboxes, inbox))
    desk.move_to(desk.city)
    desk.now = datetime.now(UTC)
    desk.bot.behaviour = says({"text": "What street?"})
    return desk


class Numbering(Recorder):
    """A provider that numbers what it takes: out-1, out-2 …"""

    async def send(self, request: Any, key: str) -> Sent:
        await super().send(request, key)
        return Sent(f"out-{len(self.sent)}")


async def report(desk: Desk, kind: str, external_id: str | None = None, **more: Any) -> None:
    """A deletion or a line of staff's, as a channel gives it."""
    inbound = Inbound(external_id or str(uuid4()), "citizen", kind, **more)  # type: ignore[arg-type]  # the test's further fields
    await desk.intake.receive("wa", [inbound])


async def say(desk: Desk, external_id: str, text: str | None, **more: Any) -> Contact:
    kind: Any = "message"
    (received,) = await desk.intake.receive(
        "wa", [Inbound(external_id, "citizen", kind, text, sent_at=desk.now, **more)]
    )
    contact = await contacts.get_by_id(desk.store.pool, received.contact_id)
    assert contact
    return contact


def by(log: list[Message], author: str) -> list[Message]:
    return [one for one in log if one.author == author]


async def sent(channel: Recorder, count: int) -> bool:
    return len(channel.sent) == count
