"""Conversations put aside, reminders, notes that name a colleague, and who has a conversation open."""

from collections.abc import AsyncIterator
from datetime import timedelta
from uuid import uuid4

import pytest
from redis.asyncio import Redis

from desk.conversations.mentions import mentioned
from desk.conversations.transfers import Transfers
from desk.model import Actor, Refused, WrongState
from desk.people.permissions import scope_of
from desk.replies.reminding import Reminding
from desk.runtime.viewers import SECONDS, NoViewers, RedisViewers, Viewer
from desk.store.dialogue import conversations, desk_rows, messages
from desk.store.people.agents import Colleague
from desk.store.replies import reminders, snoozes
from tests.support.clock import Clock
from tests.support.desk import Desk


def _colleague(name: str) -> Colleague:
    return Colleague(uuid4(), name, "agent", ("front-desk",))


def test_names_after_an_at_sign_are_colleagues() -> None:
    ben, ana, ana_b = _colleague("Ben Okafor"), _colleague("Ana Duarte"), _colleague("Ana Benitez")
    people = [ben, ana, ana_b]
    assert mentioned("@ben please look, and @Ana Duarte too", people) == [ben.id, ana.id]
    assert mentioned("@Ana", people) == []  # two are called so
    assert mentioned("@Bentley, ben@okafor.example, Ben Okafor", people) == []
    assert mentioned("@Bentley @Ben!", people) == [ben.id]
    assert mentioned("@" * 50_000, people) == []


async def test_a_conversation_put_aside_leaves_the_work_until_its_time_or_a_message(desk: Desk) -> None:
    contact, agent = await desk.contact(), await desk.agent()
    held = await desk.queued(contact)
    await desk.ownership.claim(agent, held.id)
    do, pool = Reminding(desk.ownership, desk.clock), desk.store.pool

    async def standing() -> tuple[bool, int]:
        (row,) = await desk_rows.list_mine(pool, scope_of(agent), [])
        return row.snoozed, (await desk_rows.count_desk(pool, scope_of(agent))).unanswered

    async def say() -> None:
        async with desk.store.transaction() as transaction:
            await messages.add_message(transaction, held, messages.NewRow("contact", "Hello?", "en"))
            await conversations.mark_contact_wrote(transaction, held.id)

    assert await standing() == (False, 1)
    await do.snooze(agent, held.id, None)
    assert await standing() == (True, 0)
    other = await desk.queued()
    assert await desk_rows.get_next_of_mine(pool, agent.agent_id, other.id) is None
    await say()
    assert await standing() == (False, 1)

    desk.now += timedelta(
        days=30
    )  # the database's time is far behind: this one is over for it, the next is not
    await do.snooze(agent, held.id, desk.now + timedelta(hours=1))
    assert await standing() == (True, 0)
    await do.wake(agent, held.id)
    assert await standing() == (False, 1)
    await snoozes.set_snooze(pool, held.id, agent.agent_id, desk.now - timedelta(days=365))
    assert await standing() == (False, 1)  # its time has passed
    with pytest.raises(Refused):
        await do.snooze(agent, held.id, desk.now)
    with pytest.raises(WrongState):
        await do.snooze(await desk.agent("Ben"), held.id, None)


async def test_it_is_put_aside_for_its_agent_alone(desk: Desk) -> None:
    ana, ben, boss = await desk.agent("Ana"), await desk.agent("Ben"), await desk.agent("Kim", "supervisor")
    held = await desk.queued()
    await desk.ownership.claim(ana, held.id)
    await Reminding(desk.ownership, desk.clock).snooze(ana, held.id, None)
    await Transfers(desk.ownership).assign(boss, held.id, ben.agent_id, "", "one")
    (row,) = await desk_rows.list_mine(desk.store.pool, scope_of(ben), [])
    assert not row.snoozed


async def test_a_reminder_is_the_agents_own_and_comes_at_its_time(desk: Desk) -> None:
    ana, ben = await desk.agent("Ana"), await desk.agent("Ben")
    waiting, pool = await desk.queued(), desk.store.pool
    do = Reminding(desk.ownership, desk.clock)
    due = desk.now + timedelta(hours=1)
    for _ in range(2):
        await do.remind(ana, waiting.id, "Call the crew", due, "one")
    assert await reminders.list_due(pool, ana.agent_id, desk.now) == []
    assert [text for _, text, _ in await reminders.list_of_conversation(pool, ana.agent_id, waiting.id)] == [
        "Call the crew"
    ]
    (one,) = await reminders.list_due(pool, ana.agent_id, due)
    assert one.text == "Call the crew" and await reminders.count_calls(pool, ana.agent_id, due) == 1
    assert await reminders.count_calls(pool, ben.agent_id, due) == 0
    assert not await reminders.mark_done(pool, one.id, ben.agent_id, due)
    assert await reminders.mark_done(pool, one.id, ana.agent_id, due)
    assert await reminders.list_due(pool, ana.agent_id, due) == []


async def test_a_note_tells_whom_it_names_and_who_may_read_it(desk: Desk) -> None:
    ana, ben = await desk.agent("Ana"), await desk.agent("Ben Okafor")
    eve = await desk.agent("Eve", teams=("taxes",))
    waiting, pool = await desk.queued(), desk.store.pool
    await Transfers(desk.ownership).note(ana, waiting.id, "@Ben @Eve @Ana: look", "one")
    (seen,) = await reminders.list_unseen(pool, ben.agent_id)
    assert (seen.by, seen.conversation_id) == ("Ana", waiting.id)
    for nobody in (ana, eve):
        assert await reminders.list_unseen(pool, nobody.agent_id) == []
    await reminders.mark_seen(pool, ben.agent_id, waiting.id, desk.now)
    assert await reminders.count_calls(pool, ben.agent_id, desk.now) == 0


@pytest.fixture
async def redis(redis_url: str) -> AsyncIterator[Redis]:
    client: Redis = Redis.from_url(redis_url)
    yield client
    await client.aclose()


async def test_others_are_seen_while_their_page_is_open(redis: Redis) -> None:
    clock, here = Clock(), uuid4()
    viewers = RedisViewers(redis, clock)
    ana, ben = (Actor(uuid4(), name, "agent", ()) for name in ("Ana", "Ben"))
    assert await viewers.mark(here, ana, typing=False) == []
    assert await viewers.mark(here, ben, typing=True) == [Viewer("Ana", False)]
    assert await viewers.mark(here, ana, typing=False) == [Viewer("Ben", True)]
    assert await viewers.mark(uuid4(), ana, typing=False) == []
    clock.forward(seconds=SECONDS + 1)
    assert await viewers.mark(here, ana, typing=False) == []
    assert 0 < await redis.ttl(f"civicdesk:here:{here}") <= SECONDS
    assert await NoViewers().mark(here, ana, typing=True) == []


async def test_without_redis_nobody_is_seen() -> None:
    away: Redis = Redis.from_url("redis://127.0.0.1:1", socket_connect_timeout=0.2)
    assert (
        await RedisViewers(away, Clock()).mark(uuid4(), Actor(uuid4(), "Ana", "agent", ()), typing=True) == []
    )
    await away.aclose()
