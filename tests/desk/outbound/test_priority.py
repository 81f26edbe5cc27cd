"""Priority in the outbox: a reply does not wait for a broadcast, and a broadcast does not wait for ever."""

import asyncio
from dataclasses import replace

import msgspec
import pytest
from redis.asyncio import Redis

from channels.base import Capabilities, Request, Sent
from city import InboxConfig
from desk.conversations.messages import MessageWriter
from desk.model import Composed, Conversation, NewMessage, Priority
from desk.outbound.rate_limits import RateLimits
from desk.store.dialogue import conversations
from desk.store.outbound import outbox
from desk.store.people import contacts
from tests.support.clock import Ticks
from tests.support.desk import QUICK, Desk
from tests.support.providers import Provider
from tests.support.waiting import eventually

BULK = 1000


@pytest.fixture
def sms(desk: Desk) -> Desk:
    inbox = InboxConfig(name="sms", channel="sms")
    desk.move_to(msgspec.structs.replace(desk.city, inboxes=(*desk.city.inboxes, inbox)))
    return desk


async def conversation_with(desk: Desk, number: int) -> Conversation:
    async with desk.store.transaction() as transaction:
        contact = await contacts.add_contact(transaction, "sms", f"+1555{number}", "en")
        return await conversations.add_conversation(transaction, contact, "en")


async def say(desk: Desk, conversation: Conversation, text: str, priority: Priority) -> None:
    writer = MessageWriter(desk.city, desk.catalog)
    async with desk.store.transaction() as transaction:
        await contacts.lock(transaction, conversation.contact_id)
        await writer.say(
            transaction, conversation, NewMessage("system", Composed(text), "en", priority=priority)
        )


async def broadcast(desk: Desk, count: int) -> None:
    """So many contacts get one broadcast each: the rows of `say`, made by the database."""
    await desk.store.pool.execute(
        """WITH c AS (INSERT INTO contacts (inbox, external_id, last_seq)
                      SELECT 'sms', '+1444' || n, 1 FROM generate_series(1, $1) n RETURNING id),
                v AS (INSERT INTO conversations (inbox, contact_id, language) SELECT 'sms', id, 'en' FROM c
                      RETURNING id, contact_id),
                m AS (INSERT INTO messages (conversation_id, contact_id, seq, author, text, language)
                      SELECT id, contact_id, 1, 'system', 'news', 'en' FROM v RETURNING id, contact_id)
           INSERT INTO outbox (inbox, contact_id, message_id, priority) SELECT 'sms', contact_id, id, 0 FROM m""",
        count,
    )


async def waiting(desk: Desk) -> int:
    return await desk.store.pool.fetchval("SELECT count(*) FROM outbox WHERE state <> 'sent'")


class Slow(Provider):
    """Takes each message when it is let go."""

    capabilities = Capabilities(text_length=160, per_second=100_000, burst=100_000)

    def __init__(self) -> None:
        super().__init__()
        self.asked: list[str] = []
        self.let_go = asyncio.Event()

    async def send(self, request: Request, key: str) -> Sent:
        self.asked.append(str(request.payload["text"]))
        if request.payload["text"] == "news":
            await self.let_go.wait()
        return await super().send(request, key)


async def test_one_reply_behind_a_thousand_broadcasts_is_sent_at_once(sms: Desk) -> None:
    await broadcast(sms, BULK)
    await say(sms, await conversation_with(sms, 1), "a reply", Priority.CONVERSATION)
    provider = Slow()
    async with sms.working(city=sms.city, channels={"sms": provider}):
        # None of the broadcasts has been taken by then.
        await eventually(lambda: taken(provider))
        assert provider.texts == ["a reply"]
        assert provider.asked.count("news") <= QUICK.delivery.at_once
        provider.let_go.set()
        await eventually(lambda: nothing_waits(sms), seconds=60)
    assert provider.texts.count("news") == BULK


async def taken(provider: Provider) -> bool:
    return bool(provider.took)


async def nothing_waits(desk: Desk) -> bool:
    return await waiting(desk) == 0


async def test_a_reply_finds_a_place_while_broadcasts_are_being_sent(sms: Desk) -> None:
    await broadcast(sms, 50)
    provider = Slow()
    async with sms.working(city=sms.city, channels={"sms": provider}):
        full = QUICK.delivery.at_once - QUICK.delivery.reserved
        await eventually(lambda: asked(provider, full))
        await say(sms, await conversation_with(sms, 1), "a reply", Priority.CONVERSATION)
        await eventually(lambda: taken(provider))
        assert provider.texts == ["a reply"] and provider.asked.count("news") == full
        provider.let_go.set()


async def asked(provider: Slow, count: int) -> bool:
    return len(provider.asked) >= count


async def test_within_a_contact_the_order_of_the_log_holds(sms: Desk) -> None:
    await broadcast(sms, 100)
    conversation = await conversation_with(sms, 1)
    await say(sms, conversation, "own news", Priority.BROADCAST)
    await say(sms, conversation, "a reply", Priority.CONVERSATION)
    claimed = await outbox.claim(sms.store.pool, conversation.id, 10, 2)
    texts = [
        await sms.store.pool.fetchval("SELECT text FROM messages WHERE id = $1", item.message_id)
        for item in claimed
    ]
    assert texts == ["own news", "news"], "what the reply waits for goes before the other contacts' news"
    await outbox.mark_sent(sms.store.pool, claimed[0].id)
    (next_one,) = await outbox.claim(sms.store.pool, conversation.id, 10, 1)
    assert next_one.contact_id == conversation.contact_id and not next_one.bulk


async def test_the_oldest_are_taken_whatever_their_priority(sms: Desk) -> None:
    await broadcast(sms, 3)
    for number in range(10):
        await say(sms, await conversation_with(sms, number), "a reply", Priority.CONVERSATION)
    token = (await conversation_with(sms, 99)).id
    assert [one.bulk for one in await outbox.claim(sms.store.pool, token, 10, 2)] == [False, False]
    assert [one.bulk for one in await outbox.claim(sms.store.pool, token, 10, 2, oldest_first=True)] == [
        True,
        True,
    ]
    none = await outbox.claim(sms.store.pool, token, 10, 99, least=Priority.CONVERSATION)
    assert len(none) == 8 and not any(one.bulk for one in none)


async def test_a_broadcast_is_not_starved_by_replies(sms: Desk) -> None:
    """With one place and a reply for each look, one look in `share` is the broadcast's."""
    await broadcast(sms, 1)
    for number in range(40):
        await say(sms, await conversation_with(sms, number), "a reply", Priority.CONVERSATION)
    provider = Provider()
    timing = replace(QUICK, delivery=replace(QUICK.delivery, at_once=1))
    async with sms.working(city=sms.city, channels={"sms": provider}, timings=timing):
        await eventually(lambda: nothing_waits(sms))
    assert provider.texts.index("news") < 2 * QUICK.delivery.share


async def test_a_broadcast_leaves_tokens_of_the_inbox_to_conversations(redis_url: str) -> None:
    redis: Redis = Redis.from_url(redis_url)
    capabilities = Capabilities(100, per_second=0.01, burst=8, contact_per_second=100, contact_burst=100)
    for rates in (RateLimits(redis), RateLimits(None, Ticks())):
        took = 0
        while await rates.take("in", f"c{took}", capabilities, bulk=True) == 0:
            took += 1
        assert took == 6, "a quarter of eight is left"
        assert [await rates.take("in", "ana", capabilities) for _ in range(2)] == [0, 0]
        assert await rates.take("in", "ana", capabilities) > 0
    one = replace(capabilities, burst=1)
    assert await RateLimits(None, Ticks()).take("in", "ana", one, bulk=True) == 0, "a bucket of one is shared"
    await redis.aclose()


async def test_what_an_older_process_writes_is_a_conversation(sms: Desk) -> None:
    conversation = await conversation_with(sms, 1)
    await say(sms, conversation, "news", Priority.BROADCAST)
    await sms.store.pool.execute("UPDATE outbox SET priority = DEFAULT")
    (claimed,) = await outbox.claim(sms.store.pool, conversation.id, 10, 1)
    assert claimed.priority == Priority.CONVERSATION
