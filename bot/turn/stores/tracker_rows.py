"""Rows of the table `trackers`: in PostgreSQL, or in memory for `rasa shell` and tests."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any, Protocol

import asyncpg

_SECONDS = 5.0
AT_ONCE = 8  # connections
IDLE_SECONDS = 300.0  # after which one is not used again

_READ = "SELECT state, last_message_id, last_answer FROM trackers WHERE conversation_id = $1"
_WRITE = """
INSERT INTO trackers (conversation_id, state, last_message_id, last_answer, updated_at)
VALUES ($1, $2, $3, $4::jsonb, now())
ON CONFLICT (conversation_id) DO UPDATE
SET state = excluded.state, last_message_id = excluded.last_message_id,
    last_answer = excluded.last_answer, updated_at = excluded.updated_at
WHERE trackers.last_message_id IS NOT DISTINCT FROM $5
RETURNING 1
"""


class StoreUnavailable(Exception):
    """The database did not answer; nothing was changed."""


class Rows(Protocol):
    """Stores rows; `answer` is JSON. `write` returns false if the row's last message is no longer `expected`."""

    async def read(self, key: str) -> tuple[bytes, str | None, str | None] | None: ...

    async def write(
        self,
        key: str,
        state: bytes,
        message_id: str | None,
        answer: str | None,
        expected: str | None,
    ) -> bool: ...

    async def keys(self) -> list[str]: ...

    async def close(self) -> None:
        """Close the connections."""


class MemoryRows:
    """For `rasa shell` and tests."""

    def __init__(self) -> None:
        self._kept: dict[str, tuple[bytes, str | None, str | None]] = {}

    async def read(self, key: str) -> tuple[bytes, str | None, str | None] | None:
        return self._kept.get(key)

    async def write(
        self,
        key: str,
        state: bytes,
        message_id: str | None,
        answer: str | None,
        expected: str | None,
    ) -> bool:
        if key in self._kept and self._kept[key][1] != expected:
            return False
        self._kept[key] = (state, message_id, answer)
        return True

    async def keys(self) -> list[str]:
        return list(self._kept)

    async def close(self) -> None:
        """Nothing to close."""


class PostgresRows:
    """Table `trackers` (desk/store/migrations); the bot is its only writer."""

    def __init__(self, url: str) -> None:
        self._connections = Connections(url, AT_ONCE)

    async def read(self, key: str) -> tuple[bytes, str | None, str | None] | None:
        row = await self._run("fetchrow", _READ, key)
        if row is None:
            return None
        return row["state"], row["last_message_id"], row["last_answer"]

    async def write(
        self,
        key: str,
        state: bytes,
        message_id: str | None,
        answer: str | None,
        expected: str | None,
    ) -> bool:
        return bool(await self._run("fetchval", _WRITE, key, state, message_id, answer, expected))

    async def keys(self) -> list[str]:
        return [
            row["conversation_id"] for row in await self._run("fetch", "SELECT conversation_id FROM trackers")
        ]

    async def close(self) -> None:
        await self._connections.close()

    async def _run(self, method: str, sql: str, *values: Any) -> Any:
        try:
            async with self._connections.one() as connection:
                return await getattr(connection, method)(sql, *values, timeout=_SECONDS)
        except (OSError, asyncpg.PostgresError, asyncpg.InterfaceError, asyncio.TimeoutError) as error:
            raise StoreUnavailable(type(error).__name__) from error


class Connections:
    """At most `most` connections, the one that was used last first. asyncpg's own pool takes as long for each of our
    statements as the statement does: a task, a proxy and a reset, which single statements do not need."""

    def __init__(self, url: str, most: int) -> None:
        self._url = url
        self._places = asyncio.Semaphore(most)
        self._idle: list[tuple[asyncpg.Connection, float]] = []

    @asynccontextmanager
    async def one(self) -> AsyncIterator[asyncpg.Connection]:
        """A connection for single statements outside of transactions. Raises what connecting raises."""
        async with self._places:
            connection = await self._open()
            try:
                yield connection
            except asyncpg.PostgresError:
                self._give_back(connection)  # the server answered
                raise
            except BaseException:
                connection.terminate()  # a late answer would be taken for the next statement's
                raise
            self._give_back(connection)

    async def close(self) -> None:
        """Close those that are not in use."""
        while self._idle:
            connection, _ = self._idle.pop()
            await connection.close(timeout=_SECONDS)

    def _give_back(self, connection: asyncpg.Connection) -> None:
        self._idle.append((connection, time.monotonic()))

    async def _open(self) -> asyncpg.Connection:
        while self._idle:
            connection, since = self._idle.pop()
            if connection.is_closed():
                continue
            if time.monotonic() - since < IDLE_SECONDS:
                return connection
            connection.terminate()  # a firewall may have forgotten it
        return await asyncpg.connect(self._url, timeout=_SECONDS)
