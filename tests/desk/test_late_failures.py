"""A provider that took a message and says later that it did not arrive: seen by a person, or sent as it can still go."""

import asyncio
from datetime import datetime, timedelta

import pytest

from channels.base import Inbound, Request, Sent
from tests.desk.conftest import Desk, eventually
from tests.desk.test_channels_on_the_road import Recorder, states, tell_news, whatsapp, write

__all__ = ["whatsapp"]


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
    key = f"{channel.sent[0].message_id}:0"
    failed = Inbound("r", "citizen", "receipt", receipt=(key, "failed"), reason="131026")
    await desk.intake.receive("wa", [failed])
    assert (await desk.log(contact))[-1].status == "failed"
    assert await states(desk, "dead")()
    assert await desk.store.pool.fetchval("SELECT error FROM outbox") == "131026"


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
        await eventually(states(desk, "dead"))
    assert (await desk.log(contact))[-1].status == "failed"
    assert await desk.store.pool.fetchval("SELECT error FROM outbox")


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
    assert await states(desk, "sent", "dead")()


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
