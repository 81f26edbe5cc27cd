"""The schema: brought up by whoever comes first, and only once."""

import asyncio
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from uuid import uuid4

import asyncpg
import pytest
import structlog
from alembic import command
from alembic.script import ScriptDirectory

from desk.model import DatabaseUnavailable
from desk.store.migrate import migrate, undo
from desk.store.pool import open_store
from desk.store.schema_compat import SchemaRefused, head, known_revisions
from desk.store.upgrade import alembic_config, change_schema, oldest_code, revision_scripts
from tests.support import servers

ROOT = Path(__file__).parents[3]


@pytest.fixture
def empty(pg_template: tuple[str, str]) -> Iterator[str]:
    url, _ = pg_template
    name = f"empty_{uuid4().hex[:12]}"
    servers.run_sql(url, f'CREATE DATABASE "{name}"')
    yield servers.named(url, name)
    servers.run_sql(url, f'DROP DATABASE "{name}" WITH (FORCE)')


async def test_four_replicas_migrate_at_once(empty: str) -> None:
    environment = {"PATH": os.environ["PATH"], "PYTHONPATH": str(ROOT), "DATABASE_URL": empty}
    processes = [
        await asyncio.create_subprocess_exec(
            sys.executable,
            "-m",
            "desk.store.migrate",
            cwd=ROOT,
            env=environment,
            stderr=asyncio.subprocess.PIPE,
        )
        for _ in range(4)
    ]
    said = await asyncio.gather(*(process.communicate() for process in processes))
    assert [(process.returncode, error) for process, (_, error) in zip(processes, said, strict=True)] == [
        (0, b"")
    ] * 4
    connection = await asyncpg.connect(empty)
    assert await connection.fetchval("SELECT count(*) FROM alembic_version") == 1
    assert await connection.fetchval("SELECT count(*) FROM messages") == 0
    await connection.close()


async def test_a_second_time_changes_nothing_and_loses_nothing(pg_url: str) -> None:
    connection = await asyncpg.connect(pg_url)
    await connection.execute("INSERT INTO contacts (inbox, external_id) VALUES ('web', 'x')")
    await migrate(pg_url)
    assert await connection.fetchval("SELECT count(*) FROM contacts") == 1
    await connection.close()


@pytest.mark.parametrize(
    ("url", "sentence"),
    [
        ("postgresql://postgres:@127.0.0.1:15399/civicdesk", "is not responding"),
        ("postgresql://postgres:@/civicdesk?host=/nowhere", "is not responding"),
        ("postgresql://postgres:@127.0.0.1:port/x", "refuses DATABASE_URL"),
        ("postgresql://postgres:@127.0.0.1:15399/x?sslmode=perhaps", "refuses DATABASE_URL"),
        ("postgresql://postgres:s3cr/et@127.0.0.1/x", "refuses DATABASE_URL"),
    ],
)
async def test_a_database_that_is_not_there_is_a_sentence(url: str, sentence: str) -> None:
    for attempt in (migrate(url, patience=0.2), open_store(url, patience=0.2)):
        with pytest.raises(DatabaseUnavailable, match=sentence) as told:
            await attempt
        assert "s3cr" not in str(told.value)


async def test_a_database_that_does_not_exist_is_a_sentence_at_once(pg_url: str) -> None:
    with pytest.raises(DatabaseUnavailable, match="refuses DATABASE_URL"):
        await migrate(servers.named(pg_url, "no_such_database"), patience=30)


async def test_without_an_address_there_is_a_sentence() -> None:
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "desk.store.migrate", cwd=ROOT,
        env={"PATH": os.environ["PATH"], "PYTHONPATH": str(ROOT)}, stderr=asyncio.subprocess.PIPE,
    )  # fmt: skip
    _, said = await process.communicate()
    assert process.returncode == 2 and said.decode().startswith("DATABASE_URL is not set")


async def _pretend(url: str, revision: str, oldest: str) -> None:
    """As a release of the future leaves the database."""
    connection = await asyncpg.connect(url)
    await connection.execute("UPDATE alembic_version SET version_num = $1", revision)
    await connection.execute("UPDATE schema_compat SET oldest_revision = $1", oldest)
    await connection.close()


async def test_an_older_release_runs_on_a_newer_schema_and_says_so_once(pg_url: str) -> None:
    await _pretend(pg_url, "9999", head())
    with structlog.testing.capture_logs() as lines:
        await migrate(pg_url)
    (line,) = lines
    assert line["event"] == "schema_newer"
    assert line["sentence"] == (
        f"The database's schema (revision 9999) is newer than this release ({head()}). "
        "This release can run on it and goes on; update it when you can."
    )
    connection = await asyncpg.connect(pg_url)
    assert await connection.fetchval("SELECT version_num FROM alembic_version") == "9999"
    await connection.close()


async def test_an_older_release_stops_where_it_cannot_run(pg_url: str) -> None:
    await _pretend(pg_url, "9999", "9998")
    with pytest.raises(
        SchemaRefused, match="Start a release that knows revision 9998, or restore the backup"
    ):
        await migrate(pg_url)


@pytest.mark.parametrize("module", ["gateway", "desk.worker"])
async def test_the_processes_say_it_too(pg_url: str, redis_url: str, tmp_path: Path, module: str) -> None:
    """A process that cannot run on the schema ends with a sentence and 2, and changes nothing."""
    await _pretend(pg_url, "9999", "9998")
    environment = {
        "PATH": os.environ["PATH"],
        "PYTHONPATH": str(ROOT),
        "DATABASE_URL": pg_url,
        "REDIS_URL": redis_url,
        "CIVICDESK_SECRET": "a secret of sixteen characters or more",
        "CIVICDESK_BOT_SECRET": "another",
        "CIVICDESK_PORT": "0",
        "CIVICDESK_MEDIA_DIR": str(tmp_path),
    }
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", module, cwd=ROOT, env=environment,
        stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.PIPE,
    )  # fmt: skip
    _, said = await asyncio.wait_for(process.communicate(), 60)
    assert process.returncode == 2
    assert said.decode().splitlines()[-1].startswith("The database's schema (revision 9999) is newer")
    assert "Traceback" not in said.decode()


async def test_an_additive_revision_can_be_undone_and_done_again(empty: str) -> None:
    await change_schema(empty, lambda connection: command.upgrade(alembic_config(connection), "0010"))
    connection = await asyncpg.connect(empty)
    assert await connection.fetchval("SELECT oldest_revision FROM schema_compat") == oldest_code("0010")
    await undo(empty, "0009")
    assert await connection.fetchval("SELECT to_regclass('schema_compat')") is None
    await migrate(empty)
    assert await connection.fetchval("SELECT oldest_revision FROM schema_compat") == oldest_code(head())
    assert await connection.fetchval("SELECT version_num FROM alembic_version") == head()
    await connection.close()


async def test_a_revision_that_cannot_be_undone_says_what_to_do_and_nothing_is_changed(pg_url: str) -> None:
    with pytest.raises(
        SchemaRefused,
        match=r"Revision \d{4} \(.+\) cannot be undone.*Restore the backup that was taken before",
    ):
        await undo(pg_url, "0003")
    connection = await asyncpg.connect(pg_url)
    assert await connection.fetchval("SELECT version_num FROM alembic_version") == head()
    assert await connection.fetchval("SELECT count(*) FROM schema_compat") == 1
    await connection.close()


async def test_a_revision_that_nobody_knows_is_a_sentence(pg_url: str) -> None:
    with pytest.raises(SchemaRefused, match="it does not know both"):
        await undo(pg_url, "7777")


def test_what_code_a_schema_needs_is_what_its_last_breaking_revision_says() -> None:
    known = revision_scripts()
    assert oldest_code("0010") == "0006"
    for revision, script in known.items():
        assert oldest_code(revision) in known
        told = getattr(script.module, "oldest_code", None)
        assert told is None or told in known


def test_the_revisions_are_known_without_the_migration_tool() -> None:
    assert known_revisions() == revision_scripts().keys()
    assert head() == ScriptDirectory.from_config(alembic_config()).get_current_head()
    asked = "import sys, desk.store.migrate as m; from desk.store.schema_compat import head; head(); print('alembic' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", asked], cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "False"
