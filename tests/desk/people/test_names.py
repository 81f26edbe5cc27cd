"""Names are requested in parallel with the turn: once, and no failure delays anyone."""

import asyncio
from uuid import uuid4

import pytest

from channels.base import Inbound, InboxBroken, RetryLater
from channels.kit.allowance import OwnAllowance
from desk.model import Contact, Event
from desk.people.names import ContactNames
from desk.store.inbound import events
from desk.store.people import contacts
from desk.turns.side_jobs import SideJobs
from tests.support.desk import Desk
from tests.support.providers import Provider


class Profiles(Provider):
    """A provider that knows what people call themselves."""

    def __init__(self, name: str | None = "Ana Diaz", error: Exception | None = None) -> None:
        super().__init__()
        self.called, self.error = name, error
        self.asked: list[str] = []
        self.breaker: asyncio.Event | None = None

    async def name_of(self, contact: str) -> str | None:
        self.asked.append(contact)
        if self.breaker:
            await self.breaker.wait()
        if self.error:
            raise self.error
        return self.called


class Straight:
    """What stands behind: gives the event as it is."""

    async def arrive(self, event: Event) -> Event:
        return event


async def wrote(desk: Desk, who: str = "citizen", **more: str) -> Event:
    await desk.intake.receive("line", [Inbound(str(uuid4()), who, "message", "hi", **more)])  # type: ignore[arg-type]  # the test's further fields
    contact_id = await desk.store.pool.fetchval("SELECT id FROM contacts WHERE external_id = $1", who)
    event = await events.get_next(desk.store.pool, contact_id)
    assert event
    return event


async def contact(desk: Desk, event: Event) -> Contact:
    found = await contacts.get_by_id(desk.store.pool, event.contact_id)
    assert found
    return found


def asking(desk: Desk, channel: Profiles, allowance: OwnAllowance | None = None) -> SideJobs:
    names = ContactNames(desk.store, desk.live, {"line": channel}, allowance or OwnAllowance())
    return SideJobs(Straight(), name=names.unknown)


async def test_a_contact_without_a_name_gets_the_one_of_its_profile(desk: Desk) -> None:
    channel = Profiles("Ana\u0000 Diaz")
    names, event = asking(desk, channel), await wrote(desk)
    assert await names.arrive(event) == event
    await names.settled()
    assert (await contact(desk, event)).name == "Ana Diaz"
    await names.arrive(event)
    await names.settled()
    assert channel.asked == ["citizen"], "who has a name is not asked for again"


async def test_a_turn_does_not_wait_for_the_name(desk: Desk) -> None:
    channel = Profiles()
    channel.breaker = asyncio.Event()
    names, event = asking(desk, channel), await wrote(desk)
    await names.arrive(event)
    await names.arrive(event)
    await asyncio.sleep(0)
    assert (await contact(desk, event)).name is None
    channel.breaker.set()
    await names.settled()
    assert channel.asked == ["citizen"] and (await contact(desk, event)).name == "Ana Diaz"


async def test_a_name_that_is_known_stays(desk: Desk) -> None:
    channel = Profiles("Somebody Else")
    names, event = asking(desk, channel), await wrote(desk, name="Ana")
    await names.arrive(event)
    await names.settled()
    assert (await contact(desk, event)).name == "Ana" and channel.asked == []


@pytest.mark.parametrize(
    "channel",
    [
        Profiles(None),
        Profiles(error=RetryLater("busy", scope="inbox")),
        Profiles(error=InboxBroken("no permission for profiles", "10")),
        Profiles(error=ZeroDivisionError()),
    ],
    ids=["none", "busy", "refused", "broken"],
)
async def test_without_an_answer_nothing_happens_and_the_next_look_is_a_day_later(
    desk: Desk, channel: Profiles
) -> None:
    now = [0.0]
    names, event = asking(desk, channel, OwnAllowance(lambda: now[0])), await wrote(desk)
    for now[0] in (0.0, 60.0, 86_000.0):
        await names.arrive(event)
        await names.settled()
    assert len(channel.asked) == 1 and (await contact(desk, event)).name is None
    assert await desk.store.pool.fetchval("SELECT count(*) FROM inbox_health") == 0, "the inbox goes on"
    now[0] = 86_401.0
    await names.arrive(event)
    await names.settled()
    assert len(channel.asked) == 2


async def test_the_same_name_makes_no_two_contacts_one(desk: Desk) -> None:
    names = asking(desk, Profiles("Ana Diaz"))
    for who in ("one", "two"):
        await names.arrive(await wrote(desk, who))
    await names.settled()
    rows = await desk.store.pool.fetch("SELECT id, name FROM contacts WHERE inbox = 'line'")
    assert [row["name"] for row in rows] == ["Ana Diaz"] * 2 and len({row["id"] for row in rows}) == 2
    assert await desk.store.pool.fetchval("SELECT count(*) FROM contacts WHERE person_id IS NOT NULL") == 0
