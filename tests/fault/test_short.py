"""The short form of `make fault`: the most telling faults on real gateways and workers, with a bot that is quick.

The bot here keeps the contract and answers a fixed sentence; `make fault` does the same and more with the real one.
"""

import asyncio
import shutil
import tempfile
from collections.abc import AsyncIterator
from pathlib import Path

import aiohttp
import pytest

from bench.fault.checker import Allowed, check, settle
from bench.fault.citizens import Crowd
from bench.fault.deployment import Deployment
from bench.fault.kills import kill_faults
from bench.fault.outages import engine_faults
from bench.fault.scene import Fault, play
from bench.fault.sending import provider_faults
from bench.fault.webhooks import webhook_faults
from tests.support.fake_bot import SECRET, FakeBot

pytestmark = pytest.mark.slow
CONVERSATIONS = 16
TOLD = (
    "every webhook ten times at once",
    "an album of ten, ten webhooks at once",
    "receipts before their message and in reverse",
    "kill -9 gateway, after commit before send",
    "kill -9 worker, after send before commit",
    "PostgreSQL loses power",
    "provider times out after it accepted",
)


def chosen() -> list[Fault]:
    known = {
        fault.name: fault
        for fault in (
            *webhook_faults(CONVERSATIONS),
            *kill_faults(),
            *engine_faults(),
            *provider_faults(),
        )
    }
    return [known[name] for name in TOLD]


@pytest.fixture
async def deployment(tmp_path: Path) -> AsyncIterator[Deployment]:
    """The deployment without Rasa."""
    # Not in pytest's folder: PostgreSQL may run as another user, and its socket's path must be short.
    folder = Path(tempfile.mkdtemp(prefix="civicdesk-fault-", dir="/tmp"))
    folder.chmod(0o755)
    bot = FakeBot()
    await bot.start()
    try:
        async with Deployment(folder, tmp_path / "logs", bot_urls=[bot.url], bot_secret=SECRET) as deployment:
            yield deployment
    finally:
        await bot.stop()
        shutil.rmtree(folder, ignore_errors=True)


async def test_no_fault_loses_doubles_or_reorders_a_message(deployment: Deployment) -> None:
    async with asyncio.timeout(300):
        await the_checker_sees_what_is_wrong(deployment)
        for fault in chosen():
            await deployment.ready()
            found = await play(fault, deployment, CONVERSATIONS)
            told = [str(breach) for breach in found.breaches]
            assert not told, f"{fault.name}: {told}"
            assert found.conversations and found.messages == found.answered + found.with_people


async def the_checker_sees_what_is_wrong(deployment: Deployment) -> None:
    """A checker that never finds anything proves nothing: lose, double and silence something, and look."""
    async with aiohttp.ClientSession() as http:
        crowd = Crowd(deployment, "tampered", http)
        lost, doubled, silenced, fine = (crowd.add(["hello"], "courier") for _ in range(4))
        await crowd.talk()
        assert not await settle(crowd)
        assert not (await check(crowd, Allowed(), [])).breaches
        event = "(SELECT id FROM events WHERE external_id = $1)"
        pool = deployment.store.pool
        await pool.execute(f"DELETE FROM messages WHERE event_id = {event}", lost.written[0].id)
        deployment.provider.taken[doubled.contact] *= 2
        answers = f"reply_to = (SELECT id FROM messages WHERE event_id = {event})"
        await pool.execute(f"DELETE FROM messages WHERE {answers}", silenced.written[0].id)
        deployment.provider.taken[silenced.contact].clear()
        found = await check(crowd, Allowed(), [])
    told = {(breach.invariant, breach.conversation) for breach in found.breaches}
    assert ("exactly one message for an event", lost.name) in told
    assert ("never in silence", silenced.name) in told
    assert ("sent once", "tampered") in told and found.doubles == 1
    assert not [one for one in told if one[1] == fine.name]
