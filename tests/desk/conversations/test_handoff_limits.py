"""A stranger with many web chats does not fill the agents' queue, and nobody can use up another person's limit."""

import asyncio

import msgspec
import pytest
from aiohttp.web import StreamResponse

from desk.inbound.web_sessions import open_session, origin_of
from desk.model import Contact
from tests.support.desk import Desk
from tests.support.fake_bot import hands_off, says

FEW = 5


@pytest.fixture
def crowded(desk: Desk) -> Desk:
    """A desk where five web chats of one address may wait at once."""
    desk.move_to(msgspec.structs.replace(desk.city, waiting_from_one_address=FEW))
    desk.bot.behaviour = hands_off()
    return desk


async def _from(desk: Desk, address: str, language: str = "en") -> Contact:
    origin = origin_of("a secret", address)
    return (await open_session(desk.store, "web", language, desk.now, origin)).contact


async def _asks(desk: Desk, contact: Contact) -> str:
    """What the citizen who asks for a person is told last."""
    await desk.send(contact, "I want to talk to a person")
    return (await desk.settled(contact))[-1].text


async def _waiting(desk: Desk) -> int:
    return await desk.store.pool.fetchval("SELECT count(*) FROM conversations WHERE state = 'queued'")


async def test_many_chats_of_one_address_do_not_fill_the_queue(crowded: Desk) -> None:
    async with crowded.working(2, city=crowded.city):
        strangers = [await _from(crowded, "192.0.2.1") for _ in range(4 * FEW)]
        said = await asyncio.gather(*(_asks(crowded, one) for one in strangers))
        assert await _waiting(crowded) == FEW
        assert sum("Your place in the queue" in one for one in said) == FEW
        limited = [one for one in said if "many people from your network wait" in one]
        assert len(limited) == 3 * FEW and all(crowded.city.phone in one for one in limited)
        # Another address is not concerned, and neither is a channel without one.
        assert "Your place in the queue: 6" in await _asks(crowded, await _from(crowded, "198.51.100.1"))
        assert "Your place in the queue: 7" in await _asks(crowded, await crowded.contact())
        # When an agent takes one over, the next of that address may wait.
        refused = next(one for one, text in zip(strangers, said, strict=True) if text in limited)
        waiting = next(one for one, text in zip(strangers, said, strict=True) if text not in limited)
        await crowded.ownership.claim(await crowded.agent(), (await crowded.conversation(waiting)).id)
        assert "Your place in the queue" in await _asks(crowded, refused)


async def test_who_was_refused_stays_with_the_bot_which_goes_on_answering(crowded: Desk) -> None:
    async with crowded.working(city=crowded.city):
        promise = {"response": "utter_handoff", "text": "I am passing you to a person."}
        directive = {"type": "handoff", "reason": "asked", "summary": "Wants a person.", "urgency": None}
        crowded.bot.behaviour = says(promise, directives=[directive])
        for _ in range(FEW):
            early = await _from(crowded, "192.0.2.1")
            await _asks(crowded, early)
        assert any("passing you to a person" in one.text for one in await crowded.log(early))
        late = await _from(crowded, "192.0.2.1")
        await _asks(crowded, late)
        assert (await crowded.conversation(late)).state == "bot"
        first, *told = await crowded.log(late)
        assert not any("passing you to a person" in one.text for one in told), "nobody comes"
        assert await crowded.outcome(first) == "answered"
        for _ in range(2):
            assert "call" in await _asks(crowded, late)


async def test_people_in_distress_still_reach_a_person(crowded: Desk) -> None:
    async with crowded.working(city=crowded.city):
        for _ in range(FEW):
            await _asks(crowded, await _from(crowded, "192.0.2.1"))
        crowded.bot.behaviour = hands_off(reason="distress")
        assert "Your place in the queue" in await _asks(crowded, await _from(crowded, "192.0.2.1"))


async def test_an_apology_promises_a_person_only_where_one_will_come(crowded: Desk) -> None:
    async with crowded.working(city=crowded.city):
        for _ in range(FEW):
            await _asks(crowded, await _from(crowded, "192.0.2.1"))
        crowded.bot.behaviour = _broken
        limited = await _asks(crowded, await _from(crowded, "192.0.2.1"))
        assert "cannot pass you to a person" in limited and "a person will read it" not in limited
        elsewhere = await _from(crowded, "198.51.100.1")
        await crowded.send(elsewhere, "hello")
        texts = [one.text for one in await crowded.settled(elsewhere)]
        assert any("a person will read it" in one for one in texts)


async def test_one_contact_goes_back_and_forth_a_few_times_an_hour(crowded: Desk) -> None:
    contact = await _from(crowded, "192.0.2.1")
    agent = await crowded.agent()
    async with crowded.working(city=crowded.city):
        for _ in range(crowded.city.handoffs_per_contact):
            assert "Your place in the queue" in await _asks(crowded, contact)
            await crowded.ownership.hand_back(agent, (await crowded.conversation(contact)).id)
        assert "several times within the hour" in await _asks(crowded, contact)
        assert (await crowded.conversation(contact)).state == "bot"
        await crowded.store.pool.execute("UPDATE handoffs SET at = at - interval '61 minutes'")
        assert "Your place in the queue" in await _asks(crowded, contact)


async def test_the_network_is_forgotten_with_the_session_and_was_never_kept_in_clear(crowded: Desk) -> None:
    contact = await _from(crowded, "192.0.2.1")
    assert origin_of("a secret", "192.0.2.1") != origin_of("another", "192.0.2.1")
    kept = "SELECT origin FROM contacts WHERE id = $1"
    assert await crowded.store.pool.fetchval(kept, contact.id) == origin_of("a secret", "192.0.2.1")
    await crowded.store.pool.execute(
        "UPDATE web_sessions SET expires_at = $1::timestamptz - interval '1 day'", crowded.now
    )
    async with crowded.working(city=crowded.city) as (worker,):
        await worker.sweeps.sweep()
    assert await crowded.store.pool.fetchval(kept, contact.id) is None


async def _broken(_: object) -> StreamResponse:
    raise RuntimeError("the bot broke")
