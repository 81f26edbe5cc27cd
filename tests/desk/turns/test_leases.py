"""Releasing a lease leaves nothing of its contact in memory."""

import asyncio
from uuid import uuid4

from desk.turns.leases import Leases
from tests.support.desk import Desk
from tests.support.waiting import eventually


async def test_it_is_given_back_only_where_nothing_is_due(desk: Desk) -> None:
    contact, token = await desk.contact(), uuid4()
    leases = Leases(desk.store, 10, 60)
    assert await leases.take(contact.id, token)
    await desk.send(contact, "hello")
    assert await leases.release_if_idle(contact.id, token) is None
    assert not await leases.take(contact.id, uuid4())
    await desk.store.pool.execute("UPDATE events SET state = 'done'")
    assert await leases.release_if_idle(contact.id, uuid4()) is None, "somebody else's lease"
    assert await leases.release_if_idle(contact.id, token) is False
    assert await leases.take(contact.id, uuid4())


async def test_a_look_that_the_lease_hid_something_from_is_told(desk: Desk) -> None:
    contact, token = await desk.contact(), uuid4()
    leases = Leases(desk.store, 10, 60)
    assert await leases.take(contact.id, token)
    async with desk.store.pool.acquire() as other, other.transaction():
        # Another transaction has the row, so that giving it back takes as long as we like.
        await other.execute("SELECT 1 FROM contacts WHERE id = $1 FOR NO KEY UPDATE", contact.id)
        giving = asyncio.create_task(leases.release_if_idle(contact.id, token))
        await eventually(lambda: desk.store.pool.fetchval("SELECT count(*) FROM pg_locks WHERE NOT granted"))
        await desk.send(contact, "just now")
        assert await leases.claim(uuid4(), 5) == [], "the lease hides what has just come"
    assert await giving is True
    (claimed,) = await leases.claim(uuid4(), 5)
    assert claimed.contact_id == contact.id


async def test_what_comes_while_its_contact_is_served_is_answered_without_a_poll(desk: Desk) -> None:
    from dataclasses import replace

    from tests.support.desk import QUICK

    contact = await desk.contact()
    patient = replace(QUICK, turn=replace(QUICK.turn, poll=3600))
    async with asyncio.timeout(60), desk.working(timings=patient):
        for number in range(20):
            await desk.send(contact, f"line {number}")
        log = await desk.settled(contact)
    said = [one.text for one in log if one.author == "contact"]
    assert said == [f"line {number}" for number in range(20)]
    assert len(log) == 40
