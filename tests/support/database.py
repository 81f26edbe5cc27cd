"""A fresh, migrated database for these tests, and a store over empty tables."""

from collections.abc import AsyncIterator, Iterator
from uuid import uuid4

import pytest

from desk.store.pool import Store, open_store
from tests.support import servers


@pytest.fixture(scope="session")
def database_url(pg_template: tuple[str, str]) -> Iterator[str]:
    """A migrated database of our own, dropped at the end."""
    url, template = pg_template
    name = f"requests_{uuid4().hex[:12]}"
    servers.run_sql(url, f'CREATE DATABASE "{name}" TEMPLATE "{template}"')
    yield servers.named(url, name)
    servers.run_sql(url, f'DROP DATABASE "{name}" WITH (FORCE)')


@pytest.fixture
async def store(database_url: str) -> AsyncIterator[Store]:
    """A store over empty tables."""
    store = await open_store(database_url, size=10)
    await store.pool.execute("TRUNCATE contacts, service_requests, georeport_requests CASCADE")
    yield store
    await store.close()
