"""What channels need of the desk: windows and templates, threads, numbered buttons, other apps that have the thread."""

import asyncio
from datetime import UTC, datetime, timedelta
from uuid import uuid4

import aiohttp
import pytest

from channels.base import Capabilities, Inbound, Template
from desk.conversations.messages import MessageWriter
from desk.conversations.reply_extras import ReplyExtras
from desk.model import Composed, NewMessage, WrongState
from desk.store.dialogue import conversations
from desk.store.outbound import outbox, reach
from tests.support.desk import Desk
from tests.support.fake_bot import says
from tests.support.providers import Recorder, states, tell_news, write
from tests.support.waiting import eventually

OFFER = {"text": "Which?", "buttons": [{"intent": "report_problem", "title": title, "entities": {"place": title}} for title in ("Pothole", "Street light")]}  # fmt: skip


async def test_an_answer_that_comes_too_late_waits_for_the_citizen_and_then_goes_in_order(
    whatsapp: Desk,
) -> None:
    desk, channel = whatsapp, Recorder()
    async with desk.working(city=desk.city, channels={"wa": channel}):
        await write(desk, sent_at=desk.now - timedelta(hours=25))
        await eventually(states(desk, "waiting"))
        assert channel.sent == []
        await write(desk)
        await eventually(states(desk, "sent", "sent"))
    assert [one.window_open for one in channel.sent] == [True, True]
    attempts = await desk.store.pool.fetch("SELECT attempts FROM outbox")
    assert [row["attempts"] for row in attempts] == [1, 1]


async def test_news_go_as_a_template_once_the_window_is_over(whatsapp: Desk) -> None:
    desk, channel = whatsapp, Recorder()
    async with desk.working(city=desk.city, channels={"wa": channel}):
        contact = await write(desk, name="Lucía")
        await eventually(states(desk, "sent"))
        await tell_news(desk, contact)
        await eventually(states(desk, "sent", "sent"))
        assert not channel.sent[-1].template, "inside the window it goes in plain words"
        desk.now += timedelta(hours=25)
        await tell_news(desk, contact, "SR-2")
        await eventually(states(desk, "sent", "sent", "sent"))
    template = channel.sent[-1].template
    assert template and (template.name, template.language) == ("request_news", "en_US")
    assert template.values[:2] == ("Lucía", "SR-2") and "\n" not in template.values[2]
    assert not channel.sent[-1].window_open
    assert (await desk.log(contact))[-1].sent_as == "request_news"


async def test_the_providers_word_counts_more_than_our_clock(whatsapp: Desk) -> None:
    desk, channel = whatsapp, Recorder(shut=True)
    async with desk.working(city=desk.city, channels={"wa": channel}):
        contact = await write(desk)
        await eventually(states(desk, "waiting"))
        await tell_news(desk, contact)
        await eventually(states(desk, "waiting", "sent"))
        assert channel.sent[0].template
        channel.shut = False
        desk.now = datetime.now(UTC)
        await write(desk)
        await eventually(states(desk, "sent", "sent", "sent"))


async def test_a_human_may_write_longer_than_the_bot_and_then_only_a_template(whatsapp: Desk) -> None:
    desk, channel = whatsapp, Recorder()
    agent = await desk.agent(role="supervisor")
    async with desk.working(city=desk.city, channels={"wa": channel}):
        contact = await write(desk)
        await eventually(states(desk, "sent"))
        conversation = await desk.conversation(contact)
        await desk.ownership.claim(agent, conversation.id)
        await eventually(states(desk, "sent", "sent"))
        desk.now += timedelta(days=3)
        await desk.ownership.reply(agent, conversation.id, "my own words", "1")
        await eventually(states(desk, "sent", "sent", "sent"))
        assert (channel.sent[-1].human, channel.sent[-1].window_open) == (True, False)
        desk.now += timedelta(days=5)
        await desk.ownership.reply(agent, conversation.id, "too late", "2")
        await eventually(states(desk, "sent", "sent", "sent", "waiting"))
        template = {"name": "write_us", "language": "en", "values": ["Lindenport"]}
        await desk.ownership.reply(
            agent, conversation.id, "Lindenport has …", "3", ReplyExtras(template=template)
        )
        await eventually(states(desk, "sent", "sent", "sent", "waiting", "sent"))
    assert channel.sent[-1].template == Template("write_us", "en", ("Lindenport",))


async def test_stop_is_obeyed_even_for_what_was_on_its_way(whatsapp: Desk) -> None:
    desk, channel = whatsapp, Recorder()
    await write(desk)
    await desk.intake.receive("wa", [Inbound("stop", "citizen", "contact", change="opted_out")])
    async with desk.working(city=desk.city, channels={"wa": channel}):
        await eventually(states(desk, "dead"))
    assert channel.sent == []
    assert await desk.store.pool.fetchval("SELECT failure FROM outbox") == "opted_out"


async def test_while_another_app_has_the_thread_ours_listens_and_is_silent(whatsapp: Desk) -> None:
    desk, channel = whatsapp, Recorder()
    async with desk.working(city=desk.city, channels={"wa": channel}):
        contact = await write(desk, "before")
        await eventually(states(desk, "sent"))
        await desk.intake.receive("wa", [Inbound("away", "citizen", "contact", change="routed_away")])
        await write(desk, "to the other app")
        log = await desk.settled(contact)
        assert [one.text for one in log] == ["before", "answer", "to the other app"]
        await desk.intake.receive("wa", [Inbound("here", "citizen", "contact", change="routed_here")])
        await write(desk, "to ours")
        await eventually(states(desk, "sent", "sent"))
    assert len(desk.bot.asked) == 2


async def test_a_reply_knows_the_thread_it_belongs_to(whatsapp: Desk) -> None:
    desk, channel = whatsapp, Recorder(Capabilities(1000))
    async with desk.working(city=desk.city, channels={"wa": channel}):
        contact = await write(desk, thread={"message_id": "<1@x>", "subject": "Lamp"})
        await eventually(states(desk, "sent"))
        await write(desk, thread={"message_id": "<2@x>"})
        await eventually(states(desk, "sent", "sent"))
        await tell_news(desk, contact)
        await eventually(states(desk, "sent", "sent", "sent"))
    assert [one.thread.get("message_id") for one in channel.sent] == ["<1@x>", "<2@x>", "<2@x>"]
    assert channel.sent[0].thread["subject"] == "Lamp"


@pytest.mark.parametrize(
    "capabilities",
    [
        Capabilities(160),
        Capabilities(1000, buttons=3),
        Capabilities(1000, buttons=13, button_keeps=False),
    ],
)
async def test_the_second_one_is_a_button_however_buttons_are_shown(
    whatsapp: Desk, capabilities: Capabilities
) -> None:
    desk = whatsapp
    desk.bot.behaviour = says(OFFER, {"text": "Choose one."})
    async with desk.working(city=desk.city, channels={"wa": Recorder(capabilities)}):
        contact = await write(desk, "something is broken")
        await desk.settled(contact)
        desk.bot.behaviour = says({"text": "noted"})
        await write(desk, "the second one, please")
        await desk.settled(contact)
        await write(desk, "1")
        log = await desk.settled(contact)
    asked = [(turn["kind"], turn["intent"], turn["text"]) for turn in desk.bot.asked[1:]]
    pressed = ("payload", "report_problem", None)
    assert asked == [pressed, ("text", None, "1")], "only right after the offer"
    assert "the second one, please" in [one.text for one in log], "the log keeps what the citizen wrote"
    assert desk.bot.asked[1]["entities"] == {"place": "Street light"}


async def test_buttons_that_the_next_message_would_wipe_away_become_numbers(whatsapp: Desk) -> None:
    desk, channel = whatsapp, Recorder(Capabilities(1000, buttons=13, button_keeps=False))
    desk.bot.behaviour = says(OFFER, OFFER)
    async with desk.working(city=desk.city, channels={"wa": channel}):
        await write(desk)
        await eventually(states(desk, "sent", "sent"))
    first, second = channel.sent
    assert first.buttons == () and "2. Street light" in first.text
    assert len(second.buttons) == 2 and "2." not in second.text


async def test_a_question_for_a_place_says_so_to_the_channel(whatsapp: Desk) -> None:
    desk, channel = whatsapp, Recorder()
    desk.bot.behaviour = says({"response": "utter_ask_report_location"}, {"text": "Or call."})
    async with desk.working(city=desk.city, channels={"wa": channel}):
        await write(desk)
        await eventually(states(desk, "sent", "sent"))
    assert [one.asks_location for one in channel.sent] == [True, False]


async def test_only_the_holder_sends_a_template(whatsapp: Desk) -> None:
    desk = whatsapp
    contact = await write(desk)
    async with desk.working(city=desk.city, channels={"wa": Recorder()}):
        await desk.settled(contact)
    conversation = await desk.conversation(contact)
    supervisor = await desk.agent(role="supervisor")
    with pytest.raises(WrongState):
        await desk.ownership.reply(
            supervisor, conversation.id, "x", "1", ReplyExtras(template={"name": "write_us"})
        )


async def test_who_writes_while_a_message_goes_to_wait_gets_it(whatsapp: Desk) -> None:
    """The citizen's message is being taken in, and not committed, when delivery finds the window closed."""
    desk, pool = whatsapp, whatsapp.store.pool
    contact = await write(desk, sent_at=desk.now - timedelta(hours=25))
    async with desk.store.transaction() as transaction:
        conversation = await conversations.add_conversation(transaction, contact, "en")
        writer = MessageWriter(desk.city, desk.catalog)
        message = await writer.say(transaction, conversation, NewMessage("bot", Composed("late"), "en"))
    (item,) = await outbox.claim(pool, uuid4(), 60, 1)
    async with aiohttp.ClientSession() as http:
        worker = desk.worker(http, city=desk.city, channels={"wa": Recorder()})
        async with desk.store.transaction() as intake:
            await intake.execute("UPDATE contacts SET wrote_at = now() WHERE id = $1", contact.id)
            assert await reach.mark_released(intake, [contact.id]) == 0, "it does not wait yet"
            waiting = asyncio.create_task(worker.delivery._sender._wait(item, message))
            await eventually(lambda: pool.fetchval("SELECT count(*) FROM pg_locks WHERE NOT granted"))
        await waiting
    assert await pool.fetchval("SELECT state FROM outbox") == "pending"
