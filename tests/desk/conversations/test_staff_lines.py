"""Staff who answer in the provider's own app: the bot is silent, and agents see the line."""

import pytest

from channels.base import Inbound
from tests.support.desk import Desk
from tests.support.fake_bot import hands_off
from tests.support.messenger_desk import Numbering, report, say, sent, with_messenger
from tests.support.providers import Recorder
from tests.support.waiting import eventually


@pytest.fixture
def desk(desk: Desk) -> Desk:
    return with_messenger(desk)


async def test_after_staff_answered_elsewhere_the_bot_is_silent_and_agents_see_the_line(desk: Desk) -> None:
    async with desk.working(city=desk.city, channels={"wa": Recorder()}):
        contact = await say(desk, "m1", "is the pool open")
        await desk.settled(contact)
        await report(desk, "staff", "m2:echo", text="Yes, until eight.", ref="m2", silence=60)
        await report(desk, "staff", "m2:echo", text="Yes, until eight.", ref="m2", silence=60)
        await say(desk, "m3", "thank you", quotes="m2")
        log = await desk.settled(contact)
        assert len(desk.bot.asked) == 1
        staff = [one for one in log if one.elsewhere]
        assert [(one.author, one.text, one.agent_name) for one in staff] == [
            ("agent", "Yes, until eight.", None)
        ]
        assert log[-1].author == "contact" and log[-1].quotes == staff[0].id
        await desk.store.pool.execute("UPDATE contacts SET quiet_until = now() - interval '1 second'")
        await say(desk, "m4", "and tomorrow?")
        await desk.settled(contact)
    assert len(desk.bot.asked) == 2, "the silence is over"


async def test_what_staff_left_unanswered_goes_to_a_person_when_the_silence_is_over(desk: Desk) -> None:
    async with desk.working(city=desk.city, channels={"wa": Recorder()}) as (worker,):
        contact = await say(desk, "m1", "is the pool open")
        await desk.settled(contact)
        await report(desk, "staff", "m2:echo", text="Yes.", ref="m2", silence=60)
        await say(desk, "m3", "until when?")
        await desk.settled(contact)
        await worker.sweeps.sweep()
        assert (await desk.conversation(contact)).state == "bot", "it is not over yet"
        await desk.store.pool.execute("UPDATE contacts SET quiet_until = now() - interval '1 second'")
        await worker.sweeps.sweep()
        await worker.sweeps.sweep()
        log = await desk.settled(contact)
        conversation = await desk.conversation(contact)
    assert conversation.state == "queued" and "another app" in (conversation.handoff_summary or "")
    assert [one.author for one in log[-2:]] == ["contact", "system"], "told once"


async def test_a_silence_that_staff_ended_with_an_answer_ends_quietly(desk: Desk) -> None:
    async with desk.working(city=desk.city, channels={"wa": Recorder()}) as (worker,):
        contact = await say(desk, "m1", "is the pool open")
        await desk.settled(contact)
        await report(desk, "staff", "m2:echo", text="Yes.", ref="m2", silence=60)
        await desk.settled(contact)
        await desk.store.pool.execute("UPDATE contacts SET quiet_until = now() - interval '1 second'")
        await worker.sweeps.sweep()
        assert (await desk.conversation(contact)).state == "bot"
        assert await desk.store.pool.fetchval("SELECT quiet_until FROM contacts") is None


async def test_a_silence_of_no_minutes_is_none(desk: Desk) -> None:
    async with desk.working(city=desk.city, channels={"wa": Recorder()}):
        await report(desk, "staff", "m2:echo", text="Good morning.", ref="m2", silence=0)
        contact = await say(desk, "m3", "hello")
        log = await desk.settled(contact)
    assert len(desk.bot.asked) == 1 and log[0].elsewhere


async def test_a_line_that_we_sent_ourselves_is_no_line_of_staffs(desk: Desk) -> None:
    channel = Numbering()
    async with desk.working(city=desk.city, channels={"wa": channel}):
        contact = await say(desk, "m1", "hello")
        await eventually(lambda: sent(channel, 1))
        await desk.settled(contact)
        await report(desk, "staff", "out-1:echo", text="What street?", ref="out-1", silence=60)
        await say(desk, "m2", "Oak Street")
        log = await desk.settled(contact)
    assert not any(one.elsewhere for one in log) and len(desk.bot.asked) == 2


async def test_an_agent_who_has_the_conversation_sees_the_line_too(desk: Desk) -> None:
    desk.bot.behaviour = hands_off()
    async with desk.working(city=desk.city, channels={"wa": Recorder()}):
        contact = await say(desk, "m1", "a person please")
        await desk.settled(contact)
        await report(desk, "staff", "m2:echo", text="We are on it.", ref="m2", silence=60)
        log = await desk.settled(contact)
        conversation = await desk.conversation(contact)
    assert conversation.state == "queued" and log[-1].elsewhere


async def test_a_line_to_a_number_alone_reaches_the_one_whom_we_know_by_another_id(desk: Desk) -> None:
    async with desk.working(city=desk.city, channels={"wa": Recorder()}):
        contact = await say(desk, "m1", "hello", phone="+16505551234")
        await desk.settled(contact)
        for number, silence in (("16505551234", 60), ("12025550100", 60)):
            line = Inbound(f"{number}:echo", number, "staff", "Yes.", phone=f"+{number}", silence=silence)
            await desk.intake.receive("wa", [line])
        await say(desk, "m2", "thank you")
        log = await desk.settled(contact)
        known = await desk.store.pool.fetch("SELECT external_id FROM contacts ORDER BY external_id")
    assert [one.text for one in log if one.elsewhere] == ["Yes."] and len(desk.bot.asked) == 1
    assert [one["external_id"] for one in known] == ["12025550100", "citizen"]
