"""Keep my place and write to me: by button and by words, on messengers and in the web chat."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta

import msgspec
import pytest

from channels.base import Channel
from channels.web.channel import WebChannel
from city import InboxConfig
from desk.conversations.announcing import Announcer
from desk.conversations.holds import SUMMARY, HoldDelivery, Holds, address_in
from desk.conversations.messages import MessageWriter
from desk.languages import WORDS
from desk.model import Contact, Conversation, Message
from desk.store.dialogue import conversations
from desk.store.people import contacts, links
from desk.store.waits import holds
from desk.turns.leaving import holding, leaving
from tests.support.desk import OPEN, Desk
from tests.support.fake_bot import hands_off
from tests.support.providers import Recorder, write
from tests.support.waiting import eventually


async def _nobody(_contact: str) -> None: ...


@asynccontextmanager
async def at_work(desk: Desk, **more: Channel) -> AsyncIterator[None]:
    async with desk.working(city=desk.city, channels={"web": WebChannel(_nobody), **more}):
        yield


def with_inbox(desk: Desk, name: str, channel: str) -> None:
    inbox = InboxConfig(name=name, channel=channel)
    desk.move_to(msgspec.structs.replace(desk.city, inboxes=(*desk.city.inboxes, inbox)))


async def asked(desk: Desk, text: str, contact: Contact | None = None) -> tuple[Contact, list[Message]]:
    """Somebody who waits writes this; the log afterwards."""
    contact = contact or await desk.contact()
    await desk.queued(contact)
    async with at_work(desk):
        await desk.send(contact, text)
        return contact, await desk.settled(contact)


async def carry(desk: Desk) -> None:
    writer = MessageWriter(desk.city, desk.catalog)
    holding = Holds(desk.city, writer, desk.clock)
    announcer = Announcer(desk.worker_store, desk.live, writer)
    await HoldDelivery(desk.worker_store, writer, holding, announcer, desk.clock).carry()


async def other_log(desk: Desk, external_id: str) -> tuple[Conversation, list[Message]]:
    row = await desk.store.pool.fetchrow("SELECT id FROM contacts WHERE external_id = $1", external_id)
    assert row
    contact = await contacts.get_by_id(desk.store.pool, row["id"])
    assert contact
    return await desk.conversation(contact), await desk.log(contact)


async def test_the_button_keeps_the_place_and_the_agent_is_told(desk: Desk) -> None:
    desk.bot.behaviour = hands_off()
    contact = await desk.contact()
    async with at_work(desk):
        await desk.send(contact, "a person, please")
        log = await desk.settled(contact)
        before = await desk.conversation(contact)
        assert [button.title for button in log[-1].buttons] == ["Write to me later", "Back to the assistant"]
        await desk.send(contact, button=log[-1].buttons[0].id)
        log = await desk.settled(contact)
        assert "Your place is kept" in log[-1].text and "here when you come back" in log[-1].text
        now = await desk.conversation(contact)
        assert (now.state, now.queued_at, now.fence) == ("queued", before.queued_at, before.fence)
        assert SUMMARY in (now.handoff_summary or "")
        await desk.send(contact, "write to me later")
        await desk.settled(contact)
    now = await desk.conversation(contact)
    assert (now.handoff_summary or "").count(SUMMARY) == 1


@pytest.mark.parametrize("code", WORDS)
def test_the_words_of_each_language(code: str) -> None:
    words = WORDS[code]
    assert words.holding and words.around_holding
    for phrase in words.holding:
        assert holding(phrase) and leaving(phrase) is None, (code, phrase)
    for phrase in words.around_holding:
        assert not holding(phrase), (code, phrase)


@pytest.mark.parametrize(
    "text",
    [
        "Keep my place and write to me, please!",
        "I have to go. Write me when it's my turn",
        "Guarden mi lugar y escríbanme luego",
        "Gardez ma place et écrivez-moi, s'il vous plaît",
        "Guardem o meu lugar e escrevam-me depois, por favor",
    ],
)
def test_wishes_to_be_written_to(text: str) -> None:
    assert holding(text)


@pytest.mark.parametrize(
    "text",
    [
        "later",
        "write to me about my permit",
        "who keeps my place?",
        "I want to write a letter",
        "x" * 200,
        "",
    ],
)
def test_other_texts_are_not(text: str) -> None:
    assert not holding(text)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("ana@example.org", "ana@example.org"),
        ("It is <Ana.Lopez@Example.org>.", "ana.lopez@example.org"),
        ("a@example.org or b@example.org", None),
        ("me@home", None),
        ("@ana", None),
        ("a@b@c.org", None),
        ("x@y..z", None),
        ("a@example.org " + "x" * 400, None),
    ],
)
def test_the_address_in_a_text(text: str, found: str | None) -> None:
    assert address_in(text) == found


async def test_the_web_chat_writes_to_the_address_that_was_given_for_it(desk: Desk) -> None:
    with_inbox(desk, "email", "email")
    contact, log = await asked(desk, "keep my place and write to me")
    assert "write your address now" in log[-1].text
    async with at_work(desk):
        await desk.send(contact, "my address is Ana@Example.org")
        log = await desk.settled(contact)
    assert "We write to ana@example.org" in log[-1].text
    waiting, agent = await desk.conversation(contact), await desk.agent()
    await desk.ownership.claim(agent, waiting.id)
    await carry(desk)
    assert not await desk.store.pool.fetchval("SELECT count(*) FROM contacts WHERE inbox = 'email'")
    await desk.ownership.reply(agent, waiting.id, "You need a form.", "1")
    await desk.ownership.reply(agent, waiting.id, "It is attached.", "2")
    for _ in range(2):
        await carry(desk)
    other, there = await other_log(desk, "ana@example.org")
    assert [message.text.split("\n\n")[-1] for message in there] == ["You need a form.", "It is attached."]
    assert there[0].text.startswith("This is the answer to what you asked in our web chat.")
    assert (other.inbox, other.state, other.agent_id) == ("email", "waiting_on_contact", agent.agent_id)
    sent = await desk.store.pool.fetch("SELECT message_id FROM outbox WHERE inbox = 'email'")
    assert {row["message_id"] for row in sent} == {message.id for message in there}


async def test_without_an_answer_it_is_kept_and_with_one_it_reaches_the_same_agent(desk: Desk) -> None:
    with_inbox(desk, "email", "email")
    contact, _ = await asked(desk, "write to me")
    waiting, agent = await desk.conversation(contact), await desk.agent()
    await holds.set_address(desk.store.pool, waiting.id, "ana@example.org")
    await desk.ownership.claim(agent, waiting.id)
    await desk.ownership.reply(agent, waiting.id, "Which street?", "1")
    desk.now = OPEN + timedelta(days=30)
    async with at_work(desk) as _:
        await carry(desk)
        await carry(desk)
    for one in (await desk.conversation(contact), (await other_log(desk, "ana@example.org"))[0]):
        assert (one.state, one.agent_id) == ("waiting_on_contact", agent.agent_id)
    other, _ = await other_log(desk, "ana@example.org")
    await conversations.mark_contact_wrote(desk.store.pool, other.id)
    assert (await other_log(desk, "ana@example.org"))[0].state == "assigned"


async def test_who_comes_back_to_the_chat_is_not_written_to_elsewhere(desk: Desk) -> None:
    with_inbox(desk, "email", "email")
    contact, _ = await asked(desk, "write to me")
    waiting, agent = await desk.conversation(contact), await desk.agent()
    await holds.set_address(desk.store.pool, waiting.id, "ana@example.org")
    await desk.ownership.claim(agent, waiting.id)
    async with at_work(desk):
        await desk.send(contact, "I am back")
        await desk.settled(contact)
    await desk.ownership.reply(agent, waiting.id, "Good.", "1")
    await carry(desk)
    assert not await desk.store.pool.fetchval("SELECT count(*) FROM contacts WHERE inbox = 'email'")
    row = await desk.store.pool.fetchrow("SELECT address, over_at FROM conversation_holds")
    assert row and row["address"] is None and row["over_at"] is not None, "the address is forgotten"


async def test_a_linked_messenger_gets_the_answer_by_its_own_rules(whatsapp: Desk) -> None:
    desk, channel = whatsapp, Recorder()
    async with at_work(desk, wa=channel):
        phone = await write(desk, name="Ana")
        await eventually(lambda: _sent(desk, 1))
    web = await desk.contact()
    await links.set_linked(desk.store.pool, web.id, phone.id, 10)
    _, log = await asked(desk, "keep my place and write to me", web)
    assert "account that you linked" in log[-1].text
    waiting, agent = await desk.conversation(web), await desk.agent()
    await desk.ownership.claim(agent, waiting.id)
    await desk.ownership.reply(agent, waiting.id, "Come on Monday.", "1")
    await carry(desk)
    desk.now = datetime.now(UTC) + timedelta(days=8)  # past the day, and past the week that a person has
    async with at_work(desk, wa=channel):
        await eventually(lambda: _waits_for_the_citizen(desk))
    there = await desk.log(phone)
    assert there[-1].text.endswith("Come on Monday.") and there[-1].author == "agent"
    assert (await desk.conversation(phone)).agent_id == agent.agent_id
    assert all("Come on Monday." not in one.text for one in channel.sent)


async def test_on_a_messenger_it_is_simply_there(whatsapp: Desk) -> None:
    desk, channel = whatsapp, Recorder()
    desk.bot.behaviour = hands_off()
    async with at_work(desk, wa=channel):
        contact = await write(desk, name="Ana")
        await eventually(lambda: _queued(desk, contact))
        await write(desk, "write to me later")
        await desk.settled(contact)
    assert "we will write to you here" in (await desk.log(contact))[-1].text
    waiting, agent = await desk.conversation(contact), await desk.agent()
    await desk.ownership.claim(agent, waiting.id)
    await desk.ownership.reply(agent, waiting.id, "Here I am.", "1")
    await carry(desk)
    assert await desk.store.pool.fetchval("SELECT count(*) FROM messages WHERE text = 'Here I am.'") == 1
    assert await holds.get_hold(desk.store.pool, waiting.id) is None


async def test_a_button_pressed_after_the_queue_promises_nothing(desk: Desk) -> None:
    desk.bot.behaviour = hands_off()
    contact = await desk.contact()
    async with at_work(desk):
        await desk.send(contact, "a person, please")
        button = (await desk.settled(contact))[-1].buttons[0].id
        await desk.send(contact, "back to the assistant")
        await desk.settled(contact)
        await desk.send(contact, button=button)
        log = await desk.settled(contact)
    assert "kept" not in log[-1].text and (await desk.conversation(contact)).state == "bot"
    assert not await desk.store.pool.fetchval("SELECT count(*) FROM conversation_holds")


async def _sent(desk: Desk, count: int) -> bool:
    return await desk.store.pool.fetchval("SELECT count(*) >= $1 FROM outbox WHERE state = 'sent'", count)


async def _waits_for_the_citizen(desk: Desk) -> bool:
    return await desk.store.pool.fetchval("SELECT count(*) = 1 FROM outbox WHERE state = 'waiting'")


async def _queued(desk: Desk, contact: Contact) -> bool:
    found = await conversations.get_open(desk.store.pool, contact.id)
    return found is not None and found.state == "queued"


async def test_both_logs_are_locked_in_the_order_of_their_ids(whatsapp: Desk) -> None:
    desk, channel = whatsapp, Recorder()
    async with at_work(desk, wa=channel):
        phone = await write(desk, name="Ana")
        await eventually(lambda: _sent(desk, 1))
    web = await desk.contact()
    while web.id < phone.id:
        web = await desk.contact()
    await links.set_linked(desk.store.pool, web.id, phone.id, 10)
    await asked(desk, "keep my place and write to me", web)
    waiting, agent = await desk.conversation(web), await desk.agent()
    await desk.ownership.claim(agent, waiting.id)
    await desk.ownership.reply(agent, waiting.id, "Come on Monday.", "1")

    async def waits() -> bool:
        return bool(
            await desk.store.pool.fetchval(
                "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'"
            )
        )

    async with desk.store.transaction() as holding:
        assert await contacts.lock(holding, phone.id)
        carrying = asyncio.ensure_future(carry(desk))
        await eventually(waits)
        # Whoever has the lower one gets the other, too.
        free = await desk.store.pool.fetchval(
            "SELECT id FROM contacts WHERE id = $1 FOR NO KEY UPDATE SKIP LOCKED", web.id
        )
        assert free == web.id
    await carrying
    assert (await desk.log(phone))[-1].text.endswith("Come on Monday.")
