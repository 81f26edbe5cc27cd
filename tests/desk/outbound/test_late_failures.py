"""A provider that took a message and says later that it did not arrive: shown to a person, or sent in another form that is still allowed."""

import asyncio
from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from channels.base import Inbound, Request, Sent
from tests.support.desk import Desk
from tests.support.providers import Provider, Recorder, states, tell_news, write
from tests.support.waiting import eventually


def failed(channel: Recorder, number: int = 0, *, shut: bool = True, told: str = "wamid.1:failed") -> Inbound:
    """The status webhook of what went as this number."""
    key = f"{channel.sent[number].message_id}:0"
    code = "131047" if shut else "131026"
    return Inbound(told, "citizen", "receipt", receipt=(key, "failed"), shut=shut, reason=f"code {code}")


async def test_a_provider_that_gives_up_later_makes_a_dead_letter(whatsapp: Desk) -> None:
    desk, channel = whatsapp, Recorder()
    async with desk.working(city=desk.city, channels={"wa": channel}):
        contact = await write(desk)
        await eventually(states(desk, "sent"))
        for _ in range(2):  # told twice, as providers do
            await desk.intake.receive("wa", [failed(channel, shut=False)])
        await eventually(states(desk, "dead", "sent"))
    log = await desk.log(contact)
    assert log[1].status == "failed"
    row = await desk.store.pool.fetchrow("SELECT error, failure FROM outbox ORDER BY id LIMIT 1")
    assert row is not None and tuple(row) == ("code 131026", "refused_later")
    assert (await desk.conversation(contact)).state == "queued", "nobody is left in silence"
    assert [one.author for one in log] == ["contact", "bot", "system"], "and is told so once"
    assert channel.sent[-1].text == log[-1].text


async def test_an_agents_words_that_fail_later_stay_with_the_agent(whatsapp: Desk) -> None:
    desk, channel, agent = whatsapp, Recorder(), await whatsapp.agent(role="supervisor")
    async with desk.working(city=desk.city, channels={"wa": channel}):
        contact = await write(desk)
        await eventually(states(desk, "sent"))
        conversation = await desk.conversation(contact)
        await desk.ownership.claim(agent, conversation.id)
        await desk.ownership.reply(agent, conversation.id, "It is on Tuesday.", "1")
        await eventually(states(desk, "sent", "sent", "sent"))
        await desk.intake.receive("wa", [failed(channel, 2, shut=False)])
    assert await states(desk, "sent", "sent", "dead")()
    assert (await desk.conversation(contact)).state == "waiting_on_contact"


async def test_who_is_out_of_reach_gets_no_person_who_could_not_write_there_either(whatsapp: Desk) -> None:
    desk, channel = whatsapp, Recorder()
    async with desk.working(city=desk.city, channels={"wa": channel}):
        contact = await write(desk)
        await eventually(states(desk, "sent"))
    gone = Inbound("gone", "citizen", "contact", change="unreachable")
    await desk.intake.receive("wa", [failed(channel, shut=False), gone])
    assert await states(desk, "dead")()
    assert (await desk.conversation(contact)).state == "bot"


async def test_what_arrived_has_not_failed_whatever_the_same_webhook_says(whatsapp: Desk) -> None:
    desk, channel = whatsapp, Recorder()
    async with desk.working(city=desk.city, channels={"wa": channel}):
        contact = await write(desk)
        await eventually(states(desk, "sent"))
    fail = failed(channel, shut=False)
    assert fail.receipt
    arrived = replace(fail, external_id="wamid.1:delivered", receipt=(fail.receipt[0], "delivered"))
    await desk.intake.receive("wa", [fail, arrived])
    assert (await desk.log(contact))[-1].status == "delivered"
    assert await states(desk, "sent")()
    assert (await desk.conversation(contact)).state == "bot"


async def test_a_failure_that_is_told_before_the_answer_is_a_dead_letter_too(whatsapp: Desk) -> None:
    """The status may overtake the answer to our own call."""
    desk = whatsapp

    class Overtaken(Recorder):
        async def send(self, request: Request, key: str) -> Sent:
            sent = await super().send(request, key)
            await desk.intake.receive("wa", [failed(self, shut=False)])
            return sent

    async with desk.working(city=desk.city, channels={"wa": Overtaken()}):
        contact = await write(desk)
        await eventually(states(desk, "dead", "sent"))
    assert (await desk.log(contact))[1].status == "failed"
    assert await desk.store.pool.fetchval("SELECT error FROM outbox ORDER BY id LIMIT 1")
    assert (await desk.conversation(contact)).state == "queued"


@pytest.mark.parametrize("parts", [1, 2])
async def test_a_failure_that_is_told_before_its_id_is_known_is_a_dead_letter_too(
    whatsapp: Desk, parts: int
) -> None:
    """By the provider's own id, which nobody here has written down yet: of the first part of a long message, too."""
    desk = whatsapp

    class Overtaken(Provider):
        async def send(self, request: Request, key: str) -> Sent:
            sent = await super().send(request, key)
            if len(self.took) == 1:
                for status in ("sent", "failed"):
                    told = Inbound(f"r-{status}", "citizen", "receipt", receipt=(f"sms-{key}", status))
                    await desk.intake.receive("wa", [told])
            return sent

    async with desk.working(city=desk.city, channels={"wa": Overtaken(parts=parts)}):
        contact = await write(desk)
        await eventually(states(desk, "dead", "sent"))
    assert (await desk.log(contact))[1].status == "failed"
    assert (await desk.conversation(contact)).state == "queued"
    assert await desk.store.pool.fetchval("SELECT count(*) FROM early_receipts WHERE status = 'failed'") == 0


async def test_what_came_after_the_window_waits_for_the_citizen_and_goes_then(whatsapp: Desk) -> None:
    """WhatsApp takes such a message, and says in a status that the window was over (131047)."""
    desk, channel = whatsapp, Recorder()
    async with desk.working(city=desk.city, channels={"wa": channel}):
        contact = await write(desk)
        await eventually(states(desk, "sent"))
        for _ in range(2):  # told twice, as providers do
            await desk.intake.receive("wa", [failed(channel)])
        await eventually(states(desk, "waiting"))
        assert (await desk.log(contact))[-1].status == "accepted", "it is on its way again"
        desk.now = _after(desk.now)
        await write(desk)
        await eventually(states(desk, "sent", "sent"))
        assert len(channel.sent) == 3
        await desk.intake.receive("wa", [failed(channel)])
        await asyncio.sleep(0)
        assert await states(desk, "sent", "sent")(), "the old word is no news of the new try"


async def test_news_that_came_after_the_window_go_as_a_template(whatsapp: Desk) -> None:
    desk, channel = whatsapp, Recorder()
    async with desk.working(city=desk.city, channels={"wa": channel}):
        contact = await write(desk)
        await eventually(states(desk, "sent"))
        await tell_news(desk, contact)
        await eventually(states(desk, "sent", "sent"))
        await desk.intake.receive("wa", [failed(channel, 1)])
        await eventually(states(desk, "sent", "sent"))
        await eventually(lambda: _count(channel, 3))
        assert channel.sent[-1].template and channel.sent[-1].template.name == "request_news"
        # What is refused although it is a template is for a person to see.
        await eventually(states(desk, "sent", "sent"))
        await desk.intake.receive("wa", [failed(channel, 1, told="wamid.2:failed")])
        await eventually(states(desk, "sent", "dead", "waiting"))
    assert (await desk.conversation(contact)).state == "queued"


@pytest.mark.parametrize("told", ["nobody", "not-ours:0"])
async def test_a_failure_of_what_was_never_ours_changes_nothing(whatsapp: Desk, told: str) -> None:
    desk, channel = whatsapp, Recorder()
    async with desk.working(city=desk.city, channels={"wa": channel}):
        await write(desk)
        await eventually(states(desk, "sent"))
        strange = Inbound("s:failed", "citizen", "receipt", receipt=(told, "failed"), shut=True)
        await desk.intake.receive("wa", [strange])
    assert await states(desk, "sent")()


async def _count(channel: Recorder, count: int) -> bool:
    return len(channel.sent) == count


def _after(now: datetime) -> datetime:
    return now + timedelta(seconds=1)
