"""Providers whose behaviour a test sets, and helpers around them."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import replace
from typing import Any, ClassVar, Literal
from uuid import uuid4

from channels.base import (
    Capabilities,
    Inbound,
    Outbound,
    Request,
    Sent,
    Setting,
    Webhook,
    WindowClosed,
)
from city import TemplateConfig
from desk.model import Contact
from desk.store.people import contacts
from desk.store.requests import ServiceRequestRow
from tests.support.desk import Desk

DAY = Capabilities(1000, reply_window_hours=24, human_window_hours=168, templates=True)

TEMPLATES = (
    TemplateConfig(purpose="news", language="en", name="request_news", text="News, {name}, about {reference}: {news}", code="en_US"),
    TemplateConfig(purpose="reply", language="en", name="write_us", text="{city} has an answer for you. Write to read it."),
)  # fmt: skip

_ROW = ServiceRequestRow(**{name: None for name in ServiceRequestRow.__dataclass_fields__})  # type: ignore[arg-type]  # each test sets what it reads

Behaviour = Callable[[str, int], Sent]
"""From the key of a part and the number of the try to what the provider does."""


class Provider:
    """A channel whose provider does as told. `took` are the keys it accepted, in order."""

    name: ClassVar[str] = "sms"
    capabilities: ClassVar[Capabilities] = Capabilities(text_length=160)
    settings: ClassVar[tuple[Setting, ...]] = ()

    def __init__(self, behaviour: Behaviour = lambda key, _: Sent(f"sms-{key}"), parts: int = 1) -> None:
        self.took: list[str] = []
        self.texts: list[str] = []
        self.tries: dict[str, int] = {}
        self.reached = asyncio.Event()
        self._behaviour = behaviour
        self._parts = parts

    def verify(self, request: Webhook) -> None: ...

    def parse(self, request: Webhook) -> list[Inbound]:
        return []

    def render(self, message: Outbound) -> list[Request]:
        return [Request("send", {"text": message.text, "part": part}) for part in range(self._parts)]

    async def send(self, request: Request, key: str) -> Sent:
        self.tries[key] = self.tries.get(key, 0) + 1
        self.reached.set()
        sent = self._behaviour(key, self.tries[key])
        self.took.append(key)
        self.texts.append(str(request.payload["text"]))
        return sent


class Recorder(Provider):
    """Keeps what it was given to render. `shut` makes the provider say that the window is over."""

    def __init__(self, capabilities: Capabilities = DAY, shut: bool = False) -> None:
        super().__init__()
        self.capabilities = capabilities  # type: ignore[misc]  # a constant of the class, changed for the test
        self.shut = shut
        self.sent: list[Outbound] = []

    def render(self, message: Outbound) -> list[Request]:
        if self.shut and message.template is None:
            raise WindowClosed("131047")
        return [Request("send", {"text": message.text, "message": message.message_id, "out": message})]

    async def send(self, request: Request, key: str) -> Sent:
        out = request.payload["out"]
        assert isinstance(out, Outbound)
        self.sent.append(out)
        return await super().send(request, key)


async def write(desk: Desk, text: str = "hi", **more: Any) -> Contact:
    kind: Literal["button", "message"] = "button" if more.get("button") else "message"
    inbound = Inbound(str(uuid4()), "citizen", kind, text, **{"sent_at": desk.now, **more})
    (received,) = await desk.intake.receive("wa", [inbound])
    contact = await contacts.get_by_id(desk.store.pool, received.contact_id)
    assert contact
    return contact


def states(desk: Desk, *wanted: str) -> Callable[[], Awaitable[bool]]:
    async def are() -> bool:
        rows = await desk.store.pool.fetch("SELECT state FROM outbox ORDER BY id")
        return [row["state"] for row in rows] == list(wanted)

    return are


async def tell_news(desk: Desk, contact: Contact, text: str = "SR-1") -> None:
    news = desk.news()
    conversation = await desk.conversation(contact)
    row = replace(_ROW, contact_id=contact.id, conversation_id=conversation.id)
    async with desk.store.transaction() as transaction:
        await news.tell(transaction, row, "filed", {"reference": text, "notice": ""})
