"""The outbox: in order, nothing is resent without a check, and undeliverable messages are visible."""

from collections.abc import Sequence
from dataclasses import replace

import msgspec
import pytest

from channels.base import (
    Inbound,
    RetryLater,
    Sent,
    Undeliverable,
    Unreachable,
)
from city import InboxConfig
from desk.model import Contact
from desk.store.people import contacts
from tests.support.desk import QUICK, Desk
from tests.support.fake_bot import says
from tests.support.providers import Behaviour, Provider
from tests.support.waiting import eventually


def _raises(error: Exception, times: int = 1_000) -> Behaviour:
    def behave(key: str, tried: int) -> Sent:
        if tried <= times:
            raise error
        return Sent(f"sms-{key}")

    return behave


@pytest.fixture
def sms(desk: Desk) -> Desk:
    """The desk with an inbox that must be called."""
    inbox = InboxConfig(name="sms", channel="sms")
    desk.city = msgspec.structs.replace(desk.city, inboxes=(*desk.city.inboxes, inbox))
    desk.bot.behaviour = says({"text": "first"}, {"text": "second"})
    return desk


async def _send(desk: Desk, number: int = 1) -> Contact:
    (received,) = await desk.intake.receive("sms", [Inbound(f"m{number}", "+15550100", "message", "hi")])
    contact = await contacts.get_by_id(desk.store.pool, received.contact_id)
    assert contact
    return contact


async def _states(desk: Desk) -> Sequence[str]:
    return [row["state"] for row in await desk.store.pool.fetch("SELECT state FROM outbox ORDER BY id")]


async def _all(desk: Desk, *states: str) -> bool:
    return await _states(desk) == list(states)


async def test_replies_leave_in_order_and_are_marked_sent(sms: Desk) -> None:
    provider = Provider()
    async with sms.working(2, city=sms.city, channels={"sms": provider}):
        contact = await _send(sms)
        await eventually(lambda: _all(sms, "sent", "sent"))
    assert provider.texts == ["first", "second"]
    log = await sms.log(contact)
    assert [m.status for m in log] == ["delivered", "sent", "sent"]
    external = "SELECT external_id FROM messages WHERE id = $1"
    assert await sms.store.pool.fetchval(external, log[1].id) == f"sms-{log[1].id}:0"


async def test_the_web_chat_needs_no_parcel(desk: Desk) -> None:
    contact = await desk.contact()
    async with desk.working():
        await desk.send(contact, "hi")
        await desk.settled(contact)
    assert await _states(desk) == []


async def test_a_provider_that_asks_to_wait_is_asked_again_and_order_holds(sms: Desk) -> None:
    provider = Provider(_raises(RetryLater("slow down"), times=3))
    async with sms.working(city=sms.city, channels={"sms": provider}):
        await _send(sms)
        await eventually(lambda: _all(sms, "sent", "sent"))
    assert provider.texts == ["first", "second"]
    assert set(provider.tries.values()) == {4}


async def test_what_may_have_been_taken_is_never_sent_again(sms: Desk) -> None:
    provider = Provider(_raises(RetryLater("no answer", accepted_unknown=True)))
    async with sms.working(city=sms.city, channels={"sms": provider}):
        contact = await _send(sms)
        await eventually(lambda: _all(sms, "unknown", "unknown"))
    assert set(provider.tries.values()) == {1}
    assert [m.status for m in await sms.log(contact)][1:] == ["accepted", "accepted"]


async def test_what_is_refused_is_dead_and_marked_failed_and_a_person_gets_it(sms: Desk) -> None:
    provider = Provider(_raises(Undeliverable("too long")))
    async with sms.working(city=sms.city, channels={"sms": provider}):
        contact = await _send(sms)
        await eventually(lambda: _all(sms, "dead", "dead", "dead"))  # the message that says so, too
    assert set(provider.tries.values()) == {1}
    log = await sms.log(contact)
    assert [m.status for m in log][1:] == ["failed", "failed", "failed"]
    assert [m.author for m in log][1:] == ["bot", "bot", "system"]
    conversation = await sms.conversation(contact)
    assert (conversation.state, conversation.handoff_reason) == ("queued", "failed")


async def test_who_cannot_be_reached_is_not_put_before_a_person(sms: Desk) -> None:
    provider = Provider(_raises(Unreachable("the citizen blocked us", "403")))
    async with sms.working(city=sms.city, channels={"sms": provider}):
        contact = await _send(sms)
        await eventually(lambda: _all(sms, "dead", "dead"))
    assert (await sms.conversation(contact)).state == "bot"


async def test_a_provider_that_is_away_for_too_long_is_given_up(sms: Desk) -> None:
    provider = Provider(_raises(RetryLater("away")))
    async with sms.working(city=sms.city, channels={"sms": provider}):
        await _send(sms)
        await eventually(lambda: _all(sms, "dead", "dead", "dead"))
    assert set(provider.tries.values()) == {6}


async def test_parts_that_were_taken_are_not_sent_again(sms: Desk) -> None:
    def second_part_waits(key: str, tried: int) -> Sent:
        if key.endswith(":1") and tried < 3:
            raise RetryLater("slow down")
        return Sent(f"sms-{key}")

    provider = Provider(second_part_waits, parts=2)
    async with sms.working(city=sms.city, channels={"sms": provider}):
        await _send(sms)
        await eventually(lambda: _all(sms, "sent", "sent"))
    assert [key[-2:] for key in provider.took] == [":0", ":1", ":0", ":1"]
    assert sorted(provider.tries.values()) == [1, 1, 3, 3]


@pytest.mark.parametrize(
    "until", ["now() - interval '1 second'", "now() + interval '1 hour'"], ids=["over", "of a wrong clock"]
)
async def test_what_a_dead_worker_was_sending_goes_again_but_not_for_ever(sms: Desk, until: str) -> None:
    provider = Provider(_raises(RetryLater("wait", after=3600)))
    # The worker's own sweep must not come between ours.
    timings = replace(QUICK, settle=3600)
    async with sms.working(city=sms.city, channels={"sms": provider}, timings=timings) as (worker,):
        await _send(sms)
        await provider.reached.wait()
        await eventually(lambda: _all(sms, "pending", "pending"))
        died = f"UPDATE outbox SET state = 'sending', lease_until = {until} WHERE id = (SELECT min(id) FROM outbox)"
        for state in ("pending", "pending", "pending", "pending", "unknown"):
            await sms.store.pool.execute(died)
            await worker.sweeps.sweep()
            assert (await _states(sms))[0] == "sending"
            await worker.sweeps.sweep()
            assert (await _states(sms))[0] == state
            await sms.store.pool.execute("UPDATE outbox SET available_at = now() + interval '1 hour'")


async def test_a_channel_that_fails_stops_no_other(sms: Desk) -> None:
    provider = Provider()
    broken = Provider(_raises(RuntimeError("a bug")))
    inbox = InboxConfig(name="other", channel="sms")
    city = msgspec.structs.replace(sms.city, inboxes=(*sms.city.inboxes, inbox))
    async with sms.working(city=city, channels={"sms": provider, "other": broken}):
        await sms.intake.receive("other", [Inbound("o1", "+15550101", "message", "hi")])
        await _send(sms)
        await eventually(lambda: _states_are(sms, {"unknown": 2, "sent": 2}))
    assert provider.texts == ["first", "second"]


async def test_receipts_only_move_forward(sms: Desk) -> None:
    provider = Provider()
    async with sms.working(city=sms.city, channels={"sms": provider}):
        contact = await _send(sms)
        await eventually(lambda: _all(sms, "sent", "sent"))
    external_id = provider.took[0]
    for told, kept in (
        ("delivered", "delivered"),
        ("sent", "delivered"),
        ("read", "read"),
        ("failed", "read"),
    ):
        receipt = Inbound(f"r-{told}", "+15550100", "receipt", receipt=(f"sms-{external_id}", told))  # type: ignore[arg-type]  # text from the test's table, where the type lists the words
        await sms.intake.receive("sms", [receipt])
        assert (await sms.log(contact))[1].status == kept
    foreign = Inbound("r-x", "+15550100", "receipt", receipt=("sms-nobody", "read"))
    assert await sms.intake.receive("sms", [foreign]) == []
    assert (await sms.log(contact))[2].status == "sent"


async def _states_are(desk: Desk, wanted: dict[str, int]) -> bool:
    states = await _states(desk)
    return {state: states.count(state) for state in set(states)} == wanted
