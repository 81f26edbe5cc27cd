"""The connection pool to PostgreSQL. Atomic work goes into one `async with store.transaction()`."""

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
    asyncpg.InternalClientError,  # a connection cut in the middle of a response, seen on Python 3.12
    asyncpg.AdminShutdownError,
    asyncpg.CrashShutdownError,
    asyncpg.InsufficientResourcesError,  # the disk or memory is full, or all connections are in use
    asyncpg.PostgresIOError,
    asyncpg.ReadOnlySQLTransactionError,  # a standby answers while the primary is being replaced
    TimeoutError,
)
"""What asyncpg raises while PostgreSQL is unavailable or cannot write: wait and retry."""

REFUSALS = (
    asyncpg.InvalidCatalogNameError,
    asyncpg.InvalidAuthorizationSpecificationError,
    asyncpg.InvalidPasswordError,
    ValueError,
)
"""PostgreSQL answered with a refusal, or the address is invalid. Waiting does not help: tell the operator
at once."""


def is_away(error: BaseException) -> bool:
    """Whether to wait for the database. A value rejected by the driver is an InterfaceError too, but no
    reason to wait."""
    return isinstance(error, UNREACHABLE) and not isinstance(error, ValueError)


def is_passing(error: BaseException) -> bool:
    """Whether the same transaction may succeed a moment later: the database was away, or two waited for each other."""
    return is_away(error) or isinstance(error, asyncpg.DeadlockDetectedError | asyncpg.SerializationError)


class Executor(Protocol):
    """A connection or a pool: anything that runs SQL. The store's functions take it as their first
    argument."""

    async def execute(self, query: str, *args: Any) -> str: ...

    async def fetch(self, query: str, *args: Any) -> Sequence[Any]: ...

    async def fetchrow(self, query: str, *args: Any) -> Any: ...

    async def fetchval(self, query: str, *args: Any) -> Any: ...


AfterCommit = Callable[[], Awaitable[None]]


class Store:
    """A pool with transactions. jsonb is passed and returned as Python values (dict, list), never as text."""

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
        """Inside `transaction()`: await this callback once the transaction is committed, and only then. For
        wake-ups, which must not be sent before what they announce can be read."""
        self._waiting.get().append(callback)

    async def close(self) -> None:
        """Close all connections; those still busy after 5 s are terminated."""
        try:
            await asyncio.wait_for(self.pool.close(), 5)
        except TimeoutError:
            self.pool.terminate()


async def open_store(url: str, *, size: int = 20, patience: float = 30.0) -> Store:
    """Connect, retrying for `patience` seconds. Raises DatabaseUnavailable with a sentence."""
    return Store(await open_pool(url, size=size, patience=patience))


async def store_later(url: str, *, size: int = 20) -> Store:
    """A store that connects on first use, for processes that must answer before PostgreSQL does."""
    pool = asyncpg.create_pool(
        url, min_size=0, max_size=size, command_timeout=15, timeout=5, init=_prepare, reset=_nothing_to_reset
    )
    await pool  # opens no connection yet
    return Store(pool)


async def open_pool(url: str, *, size: int = 20, patience: float = 30.0) -> "asyncpg.Pool[asyncpg.Record]":
    """The pool of `open_store`, for callers that do not need our transactions."""
    pool: asyncpg.Pool[asyncpg.Record] | None = await insist(
        lambda: asyncpg.create_pool(
            url, min_size=1, max_size=size, command_timeout=30, init=_prepare, reset=_nothing_to_reset
        ),
        patience,
    )
    assert pool is not None
    return pool


async def insist(connect: Any, patience: float) -> Any:
    """Retry `connect()` until it succeeds or `patience` seconds are over."""
    loop = asyncio.get_running_loop()
    end = loop.time() + patience
    pause = 0.1
    while True:
        try:
            return await connect()
        except REFUSALS as error:
            # An unparseable address may be split anywhere: the part quoted by an error may contain the
            # password.
            why = "it is no address of a database" if isinstance(error, ValueError) else error
            raise DatabaseUnavailable(
                f"The database refuses DATABASE_URL: {why}. Correct it and start again."
            ) from None
        except UNREACHABLE as error:
            if loop.time() + pause > end:
                raise DatabaseUnavailable(
                    f"The database is not responding ({type(error).__name__}: {error}). "
                    "Check DATABASE_URL and that PostgreSQL is running; nothing was lost."
                ) from None
        await asyncio.sleep(pause)
        pause = min(pause * 2, 2.0)


async def commit_again(
    commit: Callable[[], Awaitable[bool]],
    is_done: Callable[[], Awaitable[bool]],
    pauses: Sequence[float],
    failed: Callable[..., object],
) -> bool:
    """The result of a transaction that is tried again after each pause if it failed for a moment; True if `is_done` says that
    it was committed, and only its reply was lost. `failed` gets each error's name."""
    for pause in pauses:
        try:
            return await commit()
        except Exception as error:
            if not is_passing(error):
                raise
            failed(error=type(error).__name__)
        await asyncio.sleep(pause)
        try:
            if await is_done():
                return True
        except Exception as error:
            if not is_passing(error):
                raise
    return await commit()


async def _prepare(connection: Any) -> None:
    await connection.set_type_codec("jsonb", schema="pg_catalog", encoder=json.dumps, decoder=json.loads)


async def _nothing_to_reset(_connection: Any) -> None:
    """The store leaves nothing behind in a session: no SET, no LISTEN, no cursor, no lock but those of a transaction
    (tests/desk/store/test_pool.py looks). asyncpg's own reset is a round trip after every statement: a third of a turn's.
    A transaction that was left open is still rolled back by asyncpg before this is called."""
