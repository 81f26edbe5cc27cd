"""/ready means that a message can be kept: the database takes writes. Asking costs next to nothing."""

import asyncio
from collections.abc import Iterator
from pathlib import Path
from uuid import uuid4

import asyncpg
import pytest

from desk.store.migrate import migrate
from desk.store.pool import Store, open_store
from gateway.ops.recent import Recent
from tests.support import servers
from tests.support.gateway import RunningGateway, running_gateway


async def ask(gateway: RunningGateway) -> tuple[int, bool]:
    async with gateway.http.get(f"{gateway.base}/ready") as answer:
        return answer.status, (await answer.json())["database"]


async def becomes(gateway: RunningGateway, status: int) -> None:
    async with asyncio.timeout(30):
        while (await ask(gateway))[0] != status:
            await asyncio.sleep(0.05)


async def test_a_database_that_can_only_be_read_is_not_ready(
    pg_url: str, redis_url: str, store: Store, tmp_path: Path
) -> None:
    name = pg_url.split("?")[0].rsplit("/", 1)[1]
    async with running_gateway(pg_url, redis_url, tmp_path, store=store) as gateway:
        assert await ask(gateway) == (200, True)
        await store.pool.execute(f'ALTER DATABASE "{name}" SET default_transaction_read_only = on')
        # Sessions that are open keep what they began with; a demotion ends them as this does.
        await store.pool.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = $1 AND pid <> pg_backend_pid()",
            name,
        )
        await becomes(gateway, 503)
        async with gateway.http.get(f"{gateway.base}/ready") as answer:
            assert "takes no writes" in (await answer.json())["message"]
        server = pg_url.replace(f"/{name}", "/postgres")
        connection = await asyncpg.connect(server)
        await connection.execute(f'ALTER DATABASE "{name}" RESET default_transaction_read_only')
        await connection.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = $1", name
        )
        await connection.close()
        await becomes(gateway, 200)


async def test_a_thousand_public_requests_cause_few_writes(gateway: RunningGateway) -> None:
    await gateway.store.pool.execute(
        """CREATE TABLE counted (slot int);
           CREATE FUNCTION count_it() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER AS
               'BEGIN INSERT INTO counted VALUES (NEW.slot); RETURN NEW; END';
           CREATE TRIGGER count_it AFTER INSERT OR UPDATE ON write_checks FOR EACH ROW EXECUTE FUNCTION count_it()"""
    )
    for _ in range(20):
        assert set(await asyncio.gather(*(ask(gateway) for _ in range(50)))) == {(200, True)}
    slots = [row["slot"] for row in await gateway.store.pool.fetch("SELECT slot FROM counted")]
    assert 1 <= len(slots) < 100 and len(set(slots)) == 1, "a process keeps to its slot"


async def test_one_check_serves_all_who_ask_and_a_bad_answer_is_short_lived() -> None:
    now, ran, good = 100.0, 0, True

    async def check() -> bool:
        nonlocal ran
        ran += 1
        await asyncio.sleep(0)
        return good

    recent = Recent(check, good_for=2, bad_for=0.5, clock=lambda: now)
    asking = [asyncio.create_task(recent()) for _ in range(50)]
    await asyncio.sleep(0)
    asking[0].cancel()
    assert await asyncio.gather(*asking[1:]) == [True] * 49 and ran == 1
    good = False
    assert await recent() is True and ran == 1
    now += 2
    assert await recent() is False and ran == 2
    good = True
    now += 0.4
    assert await recent() is False and ran == 2
    now += 0.1
    assert await recent() is True and ran == 3


@pytest.fixture
def own_postgres() -> Iterator[str]:
    """A migrated database on a server whose settings this test may change."""
    with servers.private_postgres() as url:
        servers.make_roles(url)
        servers.run_sql(url, "CREATE DATABASE own")
        own = servers.named(url, "own")
        asyncio.run(migrate(own))
        yield own


WAIT_FOR_NOBODY = "ALTER SYSTEM SET synchronous_standby_names = 'a_standby_that_is_gone'"


async def _set(connection: "asyncpg.Connection[asyncpg.Record]", statement: str, until: str) -> None:
    # Neither of these two is a write that would wait itself.
    await connection.execute(statement)
    await connection.execute("SELECT pg_reload_conf()")
    async with asyncio.timeout(20):
        while await connection.fetchval("SHOW synchronous_standby_names") != until:
            await asyncio.sleep(0.02)


async def test_a_primary_without_its_standby_is_not_ready_and_a_repeat_is_not_success(
    own_postgres: str, redis_url: str, tmp_path: Path
) -> None:
    """The first post commits here and waits for the standby; its client hangs up, which ends the wait. The row now
    stands here and nowhere else, so the repeat must not be thanked for it before the standby has it too."""
    store = await open_store(own_postgres, size=5)
    admin = await asyncpg.connect(own_postgres)
    async with running_gateway(
        own_postgres, redis_url, tmp_path, store=store, CIVICDESK_RATE_SCALE="1000"
    ) as gateway:
        citizen, client_id = await gateway.citizen(), str(uuid4())
        assert await ask(gateway) == (200, True)
        await _set(admin, WAIT_FOR_NOBODY, "a_standby_that_is_gone")
        first = asyncio.create_task(citizen.post(client_id=client_id, text="kept once"))
        await _waiting(admin, 1)
        first.cancel()
        await asyncio.gather(first, return_exceptions=True)
        await _waiting(admin, 0)
        assert await admin.fetchval("SELECT count(*) FROM events") == 1, "it stands here"
        repeat = asyncio.create_task(citizen.post(client_id=client_id, text="kept once"))
        await _waiting(admin, 1)
        await becomes(gateway, 503)
        assert not repeat.done(), "no success while the standby does not have it"
        await _set(admin, "ALTER SYSTEM RESET synchronous_standby_names", "")
        async with asyncio.timeout(20):
            assert (await repeat)[0] == 202
        await becomes(gateway, 200)
        assert [one["payload"]["text"] for one in await gateway.events()] == ["kept once"]
    await admin.close()
    await store.close()


async def _waiting(admin: "asyncpg.Connection[asyncpg.Record]", number: int) -> None:
    """Until so many sessions wait for a standby with a message (and not with /ready's own write)."""
    query = """SELECT count(*) FROM pg_stat_activity
               WHERE wait_event = 'SyncRep' AND query LIKE '%events%' AND pid <> pg_backend_pid()"""
    async with asyncio.timeout(20):
        while await admin.fetchval(query) != number:
            await asyncio.sleep(0.02)
