"""The database roles, on a real PostgreSQL that asks for passwords."""

import subprocess
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager

import asyncpg
import pytest

from deploy.prepare import prepare
from desk.model import DeskError, SchemaBehind
from desk.people.demo import DEMO_AGENTS
from desk.store.migrate import migrate
from desk.store.schema_compat import head
from tests.deploy.compose import TOP, services
from tests.deploy.engines import postgres
from tests.support.ports import free_port

pytestmark = pytest.mark.slow

ADDRESSES = (
    "database_url",
    "gateway_database_url",
    "worker_database_url",
    "bot_database_url",
    "trainer_database_url",
)


@pytest.fixture(scope="module")
def urls(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, str]]:
    """The secret files with the roles' addresses, with the server's own address put in."""
    folder = tmp_path_factory.mktemp("roles")
    secrets = folder / "secrets"
    subprocess.run([TOP / "deploy/make-secrets.sh", secrets], check=True, capture_output=True)
    initdb = services()["postgres"]["environment"]["POSTGRES_INITDB_ARGS"].split()
    with postgres(folder / "postgres", secrets, free_port(), initdb) as server:
        password = (secrets / "postgres_password").read_text()
        superuser = f"postgresql://postgres:{password}@127.0.0.1:{server.port}/civicdesk"
        yield {"superuser": superuser} | {
            name: (secrets / name).read_text().replace("@postgres:5432", f"@127.0.0.1:{server.port}")
            for name in ADDRESSES
        }


@asynccontextmanager
async def connected(url: str) -> AsyncIterator["asyncpg.Connection[asyncpg.Record]"]:
    connection = await asyncpg.connect(url)
    try:
        yield connection
    finally:
        await connection.close()


async def test_prepare_may_run_at_every_start(urls: dict[str, str]) -> None:
    for _ in range(2):
        await prepare(urls["database_url"], "a demo password")
    async with connected(urls["database_url"]) as desk:
        assert await desk.fetchval("SELECT count(*) FROM agents") == len(DEMO_AGENTS)
        assert not await desk.fetchval("SELECT rolsuper FROM pg_roles WHERE rolname = current_user")


TRAINING = ("trainings", "trained_models", "models_in_use")
"""What the bot's role reads beside its trackers: which model it is to answer with. No words of citizens are in them."""


async def test_the_bot_keeps_its_trackers_and_sees_nothing_else(urls: dict[str, str]) -> None:
    await prepare(urls["database_url"], None)
    async with connected(urls["database_url"]) as desk:
        tables = [
            row["tablename"]
            for row in await desk.fetch("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")
        ]
    assert {"contacts", "messages", "agents", "trackers"} <= set(tables)
    async with connected(urls["bot_database_url"]) as bot:
        await bot.execute("INSERT INTO trackers (conversation_id, state) VALUES ('c', 'x')")
        await bot.execute("UPDATE trackers SET last_message_id = 'm' WHERE conversation_id = 'c'")
        assert await bot.fetchval("SELECT last_message_id FROM trackers WHERE conversation_id = 'c'") == "m"
        await bot.execute("DELETE FROM trackers")
        for table in set(tables) - {"trackers", *TRAINING}:
            with pytest.raises(asyncpg.InsufficientPrivilegeError):
                await bot.fetch(f"SELECT * FROM {table}")
        for statement in (
            "CREATE TABLE mine (a int)",
            "DROP TABLE trackers",
            "TRUNCATE trackers",
            "CREATE TEMPORARY TABLE mine (a int)",
            "COPY (SELECT 1) TO PROGRAM 'true'",
            "SELECT pg_read_file('/etc/passwd')",
        ):
            with pytest.raises(asyncpg.InsufficientPrivilegeError):
                await bot.execute(statement)


async def test_no_connection_without_the_password(urls: dict[str, str]) -> None:
    for url in urls.values():
        user = url.split("//")[1].split(":")[0]
        wrong = url.replace(url.split(f"{user}:")[1].split("@")[0], "wrong")
        with pytest.raises(asyncpg.InvalidPasswordError):
            await asyncpg.connect(wrong)


async def test_gateway_and_worker_cannot_rewrite_the_audit_or_change_the_schema(urls: dict[str, str]) -> None:
    await prepare(urls["database_url"], None)
    for name in ("gateway_database_url", "worker_database_url"):
        async with connected(urls[name]) as process:
            await process.execute("INSERT INTO audit (action) VALUES ('test')")
            for statement in (
                "UPDATE audit SET action = 'nothing'",
                "DELETE FROM audit",
                "TRUNCATE audit",
                "CREATE TABLE mine (a int)",
                "ALTER TABLE messages ADD COLUMN mine int",
                "SELECT * FROM trackers",
                "SET ROLE civicdesk",
            ):
                with pytest.raises(asyncpg.InsufficientPrivilegeError):
                    await process.execute(statement)


async def test_a_process_waits_for_the_owner_and_never_migrates_itself(urls: dict[str, str]) -> None:
    await prepare(urls["database_url"], None)
    await migrate(urls["gateway_database_url"], patience=0)
    async with connected(urls["database_url"]) as desk:
        await desk.execute("UPDATE alembic_version SET version_num = '0006'")
    try:
        with pytest.raises(SchemaBehind, match=r"Run `python -m deploy\.prepare` as the owner"):
            await migrate(urls["gateway_database_url"], patience=0)
    finally:
        async with connected(urls["database_url"]) as desk:
            await desk.execute("UPDATE alembic_version SET version_num = $1", head())


async def test_a_database_without_the_roles_is_a_sentence(urls: dict[str, str]) -> None:
    await prepare(urls["database_url"], None)
    superuser = urls["superuser"]
    async with connected(superuser) as server:
        await server.execute("ALTER ROLE civicdesk_worker RENAME TO somebody")
    try:
        with pytest.raises(DeskError, match=r"no role civicdesk_worker\. Run deploy/postgres/roles\.sql"):
            await prepare(urls["database_url"], None)
    finally:
        async with connected(superuser) as server:
            await server.execute("ALTER ROLE somebody RENAME TO civicdesk_worker")
