"""Lessons from fault tests: deadly events, renewed leases, early receipts, a full disk, replayed dead letters."""

import asyncio
from dataclasses import replace

import asyncpg
import msgspec
import pytest

from channels.base import Inbound, RetryLater, Sent, Undeliverable
from city import InboxConfig
from desk.model import NotAllowed, NotFound
from desk.outbound.recovery import Recovery
from desk.runtime.heartbeat import beating
from desk.store import leases
from desk.store.dialogue import messages
from desk.store.inbound import events
from desk.store.pool import UNREACHABLE
from tests.support.desk import QUICK, Desk
from tests.support.fake_bot import WaitingBot
from tests.support.providers import Provider
from tests.support.waiting import eventually


@pytest.fixture
def sms(desk: Desk) -> Desk:
    """The desk with an inbox that must be called."""
    inbox = InboxConfig(name="sms", channel="sms")
    desk.city = msgspec.structs.replace(desk.city, inboxes=(*desk.city.inboxes, inbox))
    return desk


async def test_what_killed_five_workers_goes_to_a_person_and_the_bot_is_not_asked(desk: Desk) -> None:
    contact = await desk.contact()
    await desk.send(contact, "a line that kills")
    pool = desk.store.pool
    for _ in range(5):
        # As five workers leave it that were killed in the middle: the lease over and never given back.
        await pool.execute(
            "UPDATE contacts SET lease_token = gen_random_uuid(), lease_until = now() - interval '1 s'"
        )
        (claimed,) = await leases.claim(pool, contact.id, 10, 5)
        assert claimed.abandoned
        await events.mark_worker_died(pool, claimed.contact_id)
    await pool.execute("UPDATE contacts SET lease_token = NULL, lease_until = '-infinity'")
    async with desk.working():
        log = await desk.settled(contact)
    assert [(m.author, m.text) for m in log[:1]] == [("contact", "a line that kills")]
    assert (await desk.conversation(contact)).state == "queued" and desk.bot.asked == []


async def test_a_lease_given_back_is_no_death(desk: Desk) -> None:
    contact = await desk.contact()
    async with desk.working():
        for text in ("one", "two"):
            await desk.send(contact, text)
            await desk.settled(contact)
    assert await desk.store.pool.fetchval("SELECT max(deaths) FROM events") == 0


async def test_a_slow_turn_keeps_its_lease(desk: Desk) -> None:
    waiting_bot = WaitingBot()
    desk.bot.behaviour = waiting_bot
    contact = await desk.contact()
    async with desk.working() as (worker,):
        await desk.send(contact, "hello")
        await waiting_bot.reached.wait()
        pool = desk.store.pool
        await pool.execute("UPDATE contacts SET lease_until = now() + interval '3 s'")
        await worker.turns._leases.keep()
        left = "SELECT lease_until > now() + interval '5 s' FROM contacts WHERE id = $1"
        assert await pool.fetchval(left, contact.id)
        waiting_bot.opened.set()
        log = await desk.settled(contact)
    assert [m.text for m in log] == ["hello", "You said: hello"]


@pytest.mark.parametrize("error", [ConnectionError(), asyncpg.DeadlockDetectedError(), KeyError("ours")])
async def test_a_heart_that_misses_a_beat_goes_on(error: Exception) -> None:
    beats: list[int] = []
    enough = asyncio.Event()

    async def keep() -> None:
        beats.append(1)
        if len(beats) == 1:
            raise error
        if len(beats) == 3:
            enough.set()

    async with beating("test", 0.001, keep):
        await asyncio.wait_for(enough.wait(), 20)


async def test_a_receipt_that_comes_before_its_message_is_not_lost(sms: Desk) -> None:
    provider = Provider()
    for status in ("read", "delivered"):
        early = Inbound(f"r-{status}", "+15550100", "receipt", receipt=("early", status))
        await sms.intake.receive("sms", [early])
    provider._behaviour = lambda key, _: Sent("early")
    async with sms.working(city=sms.city, channels={"sms": provider}):
        (received,) = await sms.intake.receive("sms", [Inbound("m1", "+15550100", "message", "hi")])
        await eventually(lambda: _states(sms, "sent"))
    log = await messages.list_after(sms.store.pool, received.contact_id, 0)
    assert [m.status for m in log] == ["delivered", "read"]
    assert await sms.store.pool.fetchval("SELECT count(*) FROM early_receipts") == 0


async def test_a_dead_letter_is_sent_again_when_a_person_says_so(sms: Desk) -> None:
    answers: list[Exception | None] = [Undeliverable("blocked"), None, None]

    def behave(key: str, _: int) -> Sent:
        if error := answers.pop(0):
            raise error
        return Sent(f"sms-{key}")

    provider = Provider(behave)
    recovery = Recovery(sms.store, sms.live, sms.clock)
    supervisor, agent = await sms.agent(role="supervisor"), await sms.agent("Ben")
    async with sms.working(city=sms.city, channels={"sms": provider}):
        (received,) = await sms.intake.receive("sms", [Inbound("m1", "+15550100", "message", "hi")])
        await eventually(lambda: _states(sms, "dead", "sent"))  # and a person is told, and says so
        (letter,) = await recovery.list_dead_letters(supervisor)
        assert (letter.state, letter.failure, letter.error, letter.inbox) == (
            "dead",
            "refused",
            "blocked",
            "sms",
        )
        with pytest.raises(NotAllowed):
            await recovery.replay(agent, letter.id)
        await recovery.replay(supervisor, letter.id)
        await eventually(lambda: _states(sms, "sent", "sent"))
    statuses = [m.status for m in await messages.list_after(sms.store.pool, received.contact_id, 0)]
    assert statuses[1:] == ["sent", "sent"]
    with pytest.raises(NotFound):
        await recovery.replay(supervisor, letter.id)
    assert await sms.store.pool.fetchval("SELECT count(*) FROM audit WHERE action = 'replay'") == 1


async def test_a_worker_that_must_stop_while_a_provider_is_silent_says_that_it_does_not_know(
    sms: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    provider = Provider()
    silence = asyncio.Event()

    async def send(*_: object) -> Sent:
        provider.reached.set()
        await silence.wait()
        raise RetryLater("never reached")

    monkeypatch.setattr(provider, "send", send)
    hasty = replace(QUICK, delivery=replace(QUICK.delivery, drain=0.05))
    async with sms.working(city=sms.city, channels={"sms": provider}, timings=hasty):
        await sms.intake.receive("sms", [Inbound("m1", "+15550100", "message", "hi")])
        await provider.reached.wait()
    assert await _states(sms, "unknown")


def test_a_full_disk_is_a_database_to_wait_for() -> None:
    assert issubclass(asyncpg.DiskFullError, UNREACHABLE)
    assert not issubclass(asyncpg.UniqueViolationError, UNREACHABLE)


async def _states(desk: Desk, *wanted: str) -> bool:
    rows = await desk.store.pool.fetch("SELECT state FROM outbox ORDER BY id")
    return [row["state"] for row in rows] == list(wanted)
