"""Workers that die: their work is taken over and done once. The processes are real and get SIGKILL."""

import asyncio
import signal
import sys
from collections.abc import Awaitable, Callable
from typing import Any
from uuid import uuid4

import pytest

from desk.store.inbound import events
from desk.store.pool import UNREACHABLE
from tests.support.desk import Desk
from tests.support.fake_bot import WaitingBot, hands_off
from tests.support.waiting import eventually
from tests.support.worker_process import REPOSITORY, environment, worker_process


async def _leases_end(desk: Desk) -> None:
    await desk.store.pool.execute("UPDATE contacts SET lease_until = now() - interval '1 second'")


async def test_killed_while_the_bot_thinks_the_citizen_is_answered_once(
    desk: Desk, pg_url: str, redis_url: str
) -> None:
    waiting_bot = WaitingBot()
    desk.bot.behaviour = waiting_bot
    contact = await desk.contact()
    await desk.send(contact, "hello")
    async with worker_process(pg_url, redis_url, desk.bot.url) as process:
        await asyncio.wait_for(waiting_bot.reached.wait(), 30)
        process.kill()
        await process.wait()
    # Between the two transactions: the message is in the log, the answer is not.
    assert [m.text for m in await desk.log(contact)] == ["hello"]
    await _leases_end(desk)
    waiting_bot.opened.set()
    async with desk.working(2):
        log = await desk.settled(contact)
    assert [m.text for m in log] == ["hello", "You said: hello"]
    assert len({turn["message_id"] for turn in desk.bot.asked}) == 1


async def test_a_worker_that_lost_its_lease_says_nothing(desk: Desk) -> None:
    waiting_bot = WaitingBot()
    desk.bot.behaviour = waiting_bot
    contact = await desk.contact()
    async with desk.working(2):
        await desk.send(contact, "hello")
        await waiting_bot.reached.wait()
        await _leases_end(desk)
        await eventually(lambda: _asked(desk, 2))
        waiting_bot.opened.set()
        log = await desk.settled(contact)
    assert [m.text for m in log] == ["hello", "You said: hello"]


async def test_a_stop_lets_the_turn_under_way_end(desk: Desk, pg_url: str, redis_url: str) -> None:
    waiting_bot = WaitingBot()
    desk.bot.behaviour = waiting_bot
    contact = await desk.contact()
    await desk.send(contact, "hello")
    async with worker_process(pg_url, redis_url, desk.bot.url) as process:
        await asyncio.wait_for(waiting_bot.reached.wait(), 30)
        process.send_signal(signal.SIGTERM)
        waiting_bot.opened.set()
        assert await asyncio.wait_for(process.wait(), 15) == 0
    assert [m.text for m in await desk.log(contact)] == ["hello", "You said: hello"]
    lease = "SELECT lease_token IS NULL FROM contacts WHERE id = $1"
    assert await desk.store.pool.fetchval(lease, contact.id)


async def test_the_database_goes_away_and_comes_back(desk: Desk) -> None:
    contact = await desk.contact()
    others = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"
    async with desk.working():
        await desk.send(contact, "one")
        await desk.settled(contact)
        async with desk.store.pool.acquire() as connection:
            await connection.execute(others)
        # Whoever sends insists, with the same id: a connection that was cut is found out by the first who uses it.
        client_id = str(uuid4())
        await _insist(lambda: desk.send(contact, "two", client_id=client_id))
        log = await _insist(lambda: desk.settled(contact))
    assert [m.text for m in log] == ["one", "You said: one", "two", "You said: two"]


async def _insist(work: Callable[[], Awaitable[Any]]) -> Any:
    async with asyncio.timeout(20):
        while True:
            try:
                return await work()
            except UNREACHABLE:
                await asyncio.sleep(0.02)


async def test_what_was_tried_and_never_answered_goes_to_a_person(desk: Desk) -> None:
    contact, patient = await desk.contact(), await desk.contact()
    await desk.send(contact, "hello")
    await desk.send(patient, "hello")
    pool = desk.store.pool
    await pool.execute("UPDATE events SET attempts = 1, received_at = now() - interval '61 seconds'")
    await pool.execute("UPDATE events SET available_at = now() + interval '1 hour'")
    await pool.execute("UPDATE events SET waiting_since = now() WHERE contact_id = $1", patient.id)
    async with desk.working():
        log = await desk.settled(contact)
    assert [m.author for m in log] == ["contact", "system", "system"]
    assert (await desk.conversation(contact)).state == "queued"
    # The other one waits for a bot that is not up yet, which has its own patience.
    assert await events.is_pending(pool, patient.id) and await desk.log(patient) == []


async def test_handed_off_by_a_turn_that_ran_twice_it_waits_once(desk: Desk) -> None:
    desk.bot.behaviour = hands_off()
    contact = await desk.contact()
    async with desk.working(3):
        await desk.send(contact, "a person please")
        log = await desk.settled(contact)
    assert [m.author for m in log] == ["contact", "system"]
    assert (await desk.conversation(contact)).fence == 1


@pytest.mark.parametrize(
    ("missing", "sentence"),
    [
        ({"DATABASE_URL": ""}, "DATABASE_URL is not set"),
        ({"CIVICDESK_BOT_SECRET": ""}, "CIVICDESK_BOT_SECRET is not set"),
        ({"REDIS_URL": "http://x"}, "REDIS_URL is wrong"),
        ({"CIVICDESK_CITY": "nowhere.yml"}, "There is no nowhere.yml"),
        ({"CIVICDESK_CONTENT": "nowhere"}, "There are no .yml files"),
        (
            {"CIVICDESK_SECRET": "", "CIVICDESK_SECRET_FILE": "/nowhere"},
            "CIVICDESK_SECRET_FILE names /nowhere",
        ),
        ({"CIVICDESK_OPEN311_URL": "no address"}, "The address of the back end"),
        ({"CIVICDESK_TURNS_AT_ONCE": "many"}, "CIVICDESK_TURNS_AT_ONCE is wrong"),
    ],
)
async def test_a_wrong_setting_is_one_sentence(
    pg_url: str, redis_url: str, missing: dict[str, str], sentence: str
) -> None:
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "desk.worker", cwd=REPOSITORY,
        env={**environment(pg_url, redis_url, "http://127.0.0.1:1"), **missing}, stderr=asyncio.subprocess.PIPE,
    )  # fmt: skip
    _, said = await asyncio.wait_for(process.communicate(), 30)
    assert process.returncode == 2
    assert sentence in said.decode() and "Traceback" not in said.decode()
    assert len(said.decode().strip().splitlines()) == 1


async def _asked(desk: Desk, count: int) -> bool:
    return len(desk.bot.asked) >= count
