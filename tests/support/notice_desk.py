"""Somebody who writes notices, somebody who releases them, and subscribers on several channels."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import msgspec

from channels.base import Capabilities
from city import City, InboxConfig
from desk.conversations.announcing import Announcer
from desk.conversations.messages import MessageWriter
from desk.knowledge.catalogue import Catalog
from desk.model import Actor, Contact
from desk.notices.current import CurrentNotices
from desk.notices.delivery import NoticeDelivery
from desk.notices.drafting import Notices
from desk.notices.plan import content_of, load_plans
from desk.runtime.live import Live
from desk.store.notices import alerts, incidents, people, subscriptions
from desk.store.notices import notices as rows
from desk.store.notices.notices import Content
from desk.store.people import contacts
from desk.store.pool import Store
from tests.support.answers_office import person
from tests.support.clock import Clock

CHANNELS = ("web", "telegram", "sms")
PLANS = load_plans(Path("content/notices"))
CAPABILITIES = {
    "telegram": Capabilities(text_length=4096, per_second=25.0),
    "sms": Capabilities(text_length=1530, text_unit="sms", per_second=1.0),
}


@dataclass
class NoticeDesk:
    """`ada` and `ben` are supervisors, `eve` is an editor."""

    store: Store
    city: City
    clock: Clock
    service: Notices
    current: CurrentNotices
    writer: MessageWriter
    delivery: NoticeDelivery
    ada: Actor
    ben: Actor
    eve: Actor
    numbers: list[int] = field(default_factory=list)

    def content(self, plan: str = "flood", **area: Any) -> Content:
        return content_of(PLANS[plan], area, self.clock())

    async def released(self, plan: str = "flood", **area: Any) -> UUID:
        id = await self.service.write(self.ada, PLANS[plan].scenario, self.content(plan, **area), plan)
        await self.release(id, 1)
        return id

    async def release(self, id: UUID, version: int) -> int:
        await self.service.propose(self.ada, id, version)
        addressed = await self.service.release(self.ben, id, version)
        await self.current.read(self.store.pool)
        return addressed

    async def subscriber(
        self, inbox: str, scenario: str = "", district: str = "", language: str = "en"
    ) -> Contact:
        self.numbers.append(1)
        async with self.store.transaction() as transaction:
            contact = await contacts.add_contact(transaction, inbox, f"person-{len(self.numbers)}", language)
            await subscriptions.add_subscription(
                transaction, contact.id, scenario, district, self.clock(), source="chat", confirmed=True
            )
        return contact

    async def texts(self) -> dict[UUID, list[str]]:
        """What the desk said, by contact."""
        rows = await self.store.pool.fetch(
            "SELECT contact_id, text FROM messages WHERE author = 'system' ORDER BY contact_id, seq"
        )
        found: dict[UUID, list[str]] = {}
        for row in rows:
            found.setdefault(row["contact_id"], []).append(row["text"])
        return found

    async def ledger(self, id: UUID, version: int = 1) -> Mapping[str, int]:
        """The outcomes that somebody has."""
        counted = await people.count_outcomes(self.store.pool, id)
        return {name: number for name, number in counted.get(version, {}).items() if number}


async def open_notice_desk(
    store: Store, city: City, catalog: Catalog, inboxes: Sequence[str] = CHANNELS, now: datetime | None = None
) -> NoticeDesk:
    """With the real plan of content/notices."""
    city = msgspec.structs.replace(city, inboxes=tuple(InboxConfig(name=one, channel=one) for one in inboxes))
    clock = Clock() if now is None else Clock(now)
    writer = MessageWriter(city, catalog)
    announcer = Announcer(store, Live("redis://127.0.0.1:1"), writer)
    return NoticeDesk(
        store, city, clock, Notices(store, city, frozenset(catalog.answers), clock), CurrentNotices(clock), writer,
        NoticeDelivery(store, city, writer, announcer, CAPABILITIES, clock),
        await person(store, "supervisor"), await person(store, "supervisor"), await person(store),
    )  # fmt: skip


async def add_draft(store: Store, by: UUID, plan: str = "flood") -> UUID:
    """A draft of this prepared message, for the whole city."""
    now = datetime.now(UTC)
    async with store.transaction() as transaction:
        id = await rows.add_notice(transaction, PLANS[plan].scenario, plan, now, by)
        await rows.add_version(transaction, id, "first", content_of(PLANS[plan], {}, now), now, by)
        await rows.add_event(transaction, id, 1, "written", now, by)
    return id


async def add_listed_alert(store: Store, words: str = "Gale warning", state: str = "ignored") -> UUID:
    """An alert of which nothing was made."""
    body = {
        "language": "en", "event": words, "urgency": "Future", "severity": "Minor", "certainty": "Likely", "expires": None,
        "headline": words, "description": words, "instruction": words, "sender_name": words, "areas": [words],
    }  # fmt: skip
    now = datetime.now(UTC)
    new = alerts.NewAlert(
        "weather",
        str(uuid4()),
        now,
        "w@weather.example",
        str(uuid4()),
        now,
        "Actual",
        "Alert",
        signed=True,
        body=[body],
    )
    id = await alerts.add_alert(store.pool, new)
    assert id is not None
    await alerts.set_outcome(store.pool, id, state, "No rule names it.", None)
    return id


async def add_incident(store: Store, by: UUID, title: str = "Power cut") -> UUID:
    """An open incident of the whole city."""
    words = ["power cut", "no power", "corte de luz"]
    new = incidents.NewIncident(dict.fromkeys(("en", "es", "fr"), title), "outage", {}, ["power"], [], words)
    return await incidents.add_incident(store.pool, new, datetime.now(UTC), by)
