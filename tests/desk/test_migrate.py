"""The schema: brought up by whoever comes first, and only once."""

import asyncio
import os
import sys
from collections.abc import Iterator
from pathlib import Path
from uuid import uuid4

import asyncpg
import pytest

from desk.model import DatabaseUnavailable
from desk.store.migrate import migrate
from desk.store.pool import open_store
from tests.support import servers

ROOT = Path(__file__).parents[2]


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
        ("postgresql://postgres:@127.0.0.1:15399/civicdesk", "does not answer"),
        ("postgresql://postgres:@/civicdesk?host=/nowhere", "does not answer"),
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
