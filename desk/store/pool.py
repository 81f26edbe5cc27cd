"""Store: the connection to PostgreSQL. What must happen together is in one `async with store.transaction()`."""

import asyncio
import json
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from contextvars import ContextVar
from typing import Any, Protocol

import asyncpg

from desk.model import DatabaseUnavailable

UNREACHABLE = (
    OSError,
    asyncpg.PostgresConnectionError,
    asyncpg.CannotConnectNowError,
    asyncpg.InterfaceError,
    asyncpg.InternalClientError,  # a connection cut in the middle of an answer, seen on Python 3.12
    asyncpg.AdminShutdownError,
    asyncpg.CrashShutdownError,
    asyncpg.InsufficientResourcesError,  # the disk is full, or memory, or all connections are taken
    asyncpg.PostgresIOError,
    asyncpg.ReadOnlySQLTransactionError,  # a standby answers while the primary is being replaced
    TimeoutError,
)
"""What asyncpg raises while PostgreSQL is away or cannot write: wait and try again."""

REFUSALS = (
    asyncpg.InvalidCatalogNameError,
    asyncpg.InvalidAuthorizationSpecificationError,
    asyncpg.InvalidPasswordError,
    ValueError,
)
"""PostgreSQL answered, or the address is none, and it will be the same tomorrow: for the operator, at once."""


def is_away(error: BaseException) -> bool:
    """Whether to wait for the database. A value that the driver refuses is an InterfaceError too, and no reason to."""
    return isinstance(error, UNREACHABLE) and not isinstance(error, ValueError)


class Executor(Protocol):
    """A connection or a pool: whatever runs SQL. Functions of the store take it first."""

    async def execute(self, query: str, *args: Any) -> str: ...

    async def fetch(self, query: str, *args: Any) -> Sequence[Any]: ...

    async def fetchrow(self, query: str, *args: Any) -> Any: ...

    async def fetchval(self, query: str, *args: Any) -> Any: ...


AfterCommit = Callable[[], Awaitable[None]]


class Store:
    """A pool with transactions. jsonb goes in and comes out as Python values (dict, list), never as text."""

    def __init__(self, pool: "asyncpg.Pool[asyncpg.Record]") -> None:
        self.pool = pool
        self._waiting: ContextVar[list[AfterCommit]] = ContextVar("after_commit")

    @asynccontextmanager
    async def transaction(self) -> AsyncIterator[Executor]:
        """One transaction: committed at the end of the block, rolled back by any exception."""
        waiting: list[AfterCommit] = []
        token = self._waiting.set(waiting)
        try:
            async with self.pool.acquire() as connection, connection.transaction():
                yield connection
        finally:
            self._waiting.reset(token)
        for callback in waiting:
            await callback()

    def after_commit(self, callback: AfterCommit) -> None:
        """Inside `transaction()`: await this once the transaction is committed, and never otherwise. For
        wake-ups, which must not come before what they announce can be read."""
        self._waiting.get().append(callback)

    async def close(self) -> None:
        """Give all connections back; those still busy after 5 s are cut."""
        try:
            await asyncio.wait_for(self.pool.close(), 5)
        except TimeoutError:
            self.pool.terminate()


async def open_store(url: str, *, size: int = 20, patience: float = 30.0) -> Store:
    """Connect, trying for `patience` seconds. Raises DatabaseUnavailable with a sentence."""
    return Store(await open_pool(url, size=size, patience=patience))


async def store_later(url: str, *, size: int = 20) -> Store:
    """A store that connects when it is first used: for who must answer before PostgreSQL does."""
    pool = asyncpg.create_pool(
        url, min_size=0, max_size=size, command_timeout=15, timeout=5, init=_prepare, reset=_nothing_to_reset
    )
    await pool  # opens no connection yet
    return Store(pool)


async def open_pool(url: str, *, size: int = 20, patience: float = 30.0) -> "asyncpg.Pool[asyncpg.Record]":
    """The pool of `open_store`, for those who need no transactions of ours."""
    pool: asyncpg.Pool[asyncpg.Record] | None = await insist(
        lambda: asyncpg.create_pool(
            url, min_size=1, max_size=size, command_timeout=30, init=_prepare, reset=_nothing_to_reset
        ),
        patience,
    )
    assert pool is not None
    return pool


async def insist(connect: Any, patience: float) -> Any:
    """Await `connect()` again and again until it succeeds or `patience` seconds are over."""
    loop = asyncio.get_running_loop()
    end = loop.time() + patience
    pause = 0.1
    while True:
        try:
            return await connect()
        except REFUSALS as error:
            # What cannot be read may be cut anywhere: the piece that an error quotes can be of the password.
            why = "it is no address of a database" if isinstance(error, ValueError) else error
            raise DatabaseUnavailable(
                f"The database refuses DATABASE_URL: {why}. Correct it and start again."
            ) from None
        except UNREACHABLE as error:
            if loop.time() + pause > end:
                raise DatabaseUnavailable(
                    f"The database does not answer ({type(error).__name__}: {error}). "
                    "Check DATABASE_URL and that PostgreSQL is running; nothing was lost."
                ) from None
        await asyncio.sleep(pause)
        pause = min(pause * 2, 2.0)


async def _prepare(connection: Any) -> None:
    await connection.set_type_codec("jsonb", schema="pg_catalog", encoder=json.dumps, decoder=json.loads)


async def _nothing_to_reset(_connection: Any) -> None:
    """The store leaves nothing behind in a session: no SET, no LISTEN, no cursor, no lock but those of a transaction
    (tests/desk/store/test_pool.py looks). asyncpg's own reset is a round trip after every statement: a third of a turn's.
    A transaction that was left open is still rolled back by asyncpg before this is called."""
