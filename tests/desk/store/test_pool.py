"""The pool gives connections back without asyncpg's reset: so nothing may be left in a session."""

import asyncio

import pytest

from desk.store.pool import Store
from tests.support.desk import Desk

LEFT = """
    SELECT 'lock ' || objid FROM pg_locks WHERE locktype = 'advisory' AND pid = pg_backend_pid()
    UNION ALL SELECT 'listens to ' || pg_listening_channels()
    UNION ALL SELECT 'set ' || name FROM pg_settings WHERE source = 'session' AND name <> 'application_name'
    UNION ALL SELECT 'cursor ' || name FROM pg_cursors WHERE name <> ''
    UNION ALL SELECT 'temporary table ' || relname FROM pg_class WHERE relpersistence = 't'
"""


async def _left(store: Store) -> list[str]:
    """What is left in the sessions of this pool: every connection is looked at."""
    connections = [await store.pool.acquire() for _ in range(store.pool.get_size())]
    try:
        return [row[0] for one in connections for row in await one.fetch(LEFT)]
    finally:
        await asyncio.gather(*(store.pool.release(one) for one in connections))


async def test_a_conversation_leaves_nothing_in_a_session(desk: Desk) -> None:
    contact = await desk.contact()
    async with desk.working():
        for text in ("hello", "when is my bin collected?"):
            await desk.send(contact, text)
            await desk.settled(contact)
    assert await _left(desk.store) == []


async def test_the_look_sees_what_would_be_left(store: Store) -> None:
    async with store.pool.acquire() as connection:
        await connection.execute("SET statement_timeout = 1234; SELECT pg_advisory_lock(7); LISTEN x")
    assert set(await _left(store)) == {"lock 7", "listens to x", "set statement_timeout"}


async def test_a_transaction_that_broke_is_over_when_the_connection_comes_back(store: Store) -> None:
    with pytest.raises(RuntimeError):
        async with store.transaction() as transaction:
            await transaction.execute("CREATE TABLE never (n int)")
            raise RuntimeError
    async with store.pool.acquire() as connection:
        assert not connection.is_in_transaction()
        assert await connection.fetchval("SELECT to_regclass('never')") is None
