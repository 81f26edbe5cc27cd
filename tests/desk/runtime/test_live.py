"""Wake-ups: at once with Redis, in time without it."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from uuid import uuid4

import pytest

from city import City
from desk.knowledge.catalogue import Catalog
from desk.runtime import live as live_module
from desk.runtime.live import Live, Wakes
from desk.store.pool import Store
from tests.support.desk import Desk
from tests.support.fake_bot import FakeBot
from tests.support.servers import PrivateRedis
from tests.support.waiting import eventually


@asynccontextmanager
async def listening(url: str) -> AsyncIterator[Live]:
    live = Live(url)
    await live.start()
    try:
        yield live
    finally:
        await live.stop()


async def _quiet(wakes: Wakes) -> None:
    """Until nothing is left to be woken by: the first wake and the subscription's."""
    while await wakes.wait(0.2):
        pass
    wakes.taken()


async def _connected(live: Live) -> bool:
    return live.connected


async def test_the_first_wake_comes_at_once(redis_url: str) -> None:
    async with listening(redis_url) as live, live.contact(uuid4()) as wakes:
        async with asyncio.timeout(1):
            async for _ in wakes:
                break


async def test_another_process_wakes_only_the_readers_concerned(redis_url: str) -> None:
    mine, other, conversation = uuid4(), uuid4(), uuid4()
    async with listening(redis_url) as here, listening(redis_url) as there:
        await eventually(lambda: _connected(here))
        async with here.contact(mine) as wakes, here.contact(other) as deaf, here.console() as console:
            for reader in (wakes, deaf, console):
                await _quiet(reader)
            await there.tell(mine, conversation, "message")
            assert await wakes.wait(5) and await console.wait(5)
            note = {"conversation": str(conversation), "kind": "message"}
            assert wakes.taken() == [note] and console.taken() == [note]
            assert not await deaf.wait(0.1) and deaf.taken() == []


async def test_many_readers_share_one_subscription(redis_url: str) -> None:
    contact = uuid4()
    async with listening(redis_url) as here, listening(redis_url) as there:
        readers = [here.contact(contact) for _ in range(50)]
        for reader in readers:
            await reader.__aenter__()
        await asyncio.gather(*(_quiet(reader) for reader in readers))
        await there.tell(contact, None, "message")
        assert all(await asyncio.gather(*(reader.wait(5) for reader in readers)))
        channel = f"civicdesk:contact:{contact}"
        assert (await here._telling.pubsub_numsub(channel))[0][1] == 1
        for reader in readers:
            await reader.__aexit__(None, None, None)

        async def forgotten() -> bool:
            return (await here._telling.pubsub_numsub(channel))[0][1] == 0

        await eventually(forgotten)


async def test_redis_dies_and_comes_back(mortal_redis: PrivateRedis, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(live_module, "POLL", 0.05)
    contact = uuid4()
    async with listening(mortal_redis.url) as here, listening(mortal_redis.url) as there:
        await eventually(lambda: _connected(here))
        async with here.contact(contact) as wakes:
            await _quiet(wakes)
            mortal_redis.kill()
            # Readers are woken at the loss, and then look for themselves.
            assert await wakes.wait(5) and await wakes.wait(5) and await wakes.wait(5)
            await there.tell(contact, None, "message")  # raises nothing
            mortal_redis.start()
            await eventually(lambda: _connected(here))
            await eventually(lambda: _connected(there))
            monkeypatch.setattr(live_module, "POLL", 30.0)
            there._muted_until = 0.0

            async def heard() -> bool:
                await there.tell(contact, None, "again")
                await wakes.wait(0.1)
                return any(note["kind"] == "again" for note in wakes.taken())

            await eventually(heard)


async def test_citizens_are_answered_without_redis(
    store: Store, city: City, catalog: Catalog, bot: FakeBot, mortal_redis: PrivateRedis
) -> None:
    async with listening(mortal_redis.url) as live:
        desk = Desk(store, live, city, catalog, bot)
        contact = await desk.contact()
        async with desk.working(2):
            await desk.send(contact, "one")
            await desk.settled(contact)
            mortal_redis.kill()
            await desk.send(contact, "two")
            log = await desk.settled(contact)
    assert [m.text for m in log] == ["one", "You said: one", "two", "You said: two"]


async def test_what_others_publish_in_our_channels_breaks_nothing(redis_url: str) -> None:
    contact = uuid4()
    async with listening(redis_url) as live, live.contact(contact) as wakes:
        await eventually(lambda: _connected(live))
        await _quiet(wakes)
        for rubbish in ("", "no json", "[1]", '"text"', "{"):
            await live._telling.publish(f"civicdesk:contact:{contact}", rubbish)
        await live._telling.publish(f"civicdesk:contact:{contact}", '{"kind": "good"}')

        async def good() -> bool:
            await wakes.wait(1)
            return {"kind": "good"} in wakes.taken()

        await eventually(good)
