"""Rows of the table `trackers`: in PostgreSQL, or in memory for `rasa shell` and tests."""

from __future__ import annotations

import asyncio
from typing import Any, Protocol

import asyncpg

_SECONDS = 5.0

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
        self._url = url
        self._pool: asyncpg.Pool | None = None
        self._opening = asyncio.Lock()

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
        if self._pool:
            await self._pool.close()

    async def _run(self, method: str, sql: str, *values: Any) -> Any:
        try:
            pool = await self._open()
            return await getattr(pool, method)(sql, *values, timeout=_SECONDS)
        except (OSError, asyncpg.PostgresError, asyncpg.InterfaceError, asyncio.TimeoutError) as error:
            raise StoreUnavailable(type(error).__name__) from error

    async def _open(self) -> asyncpg.Pool:
        async with self._opening:
            if self._pool is None:
                self._pool = await asyncpg.create_pool(
                    self._url, min_size=1, max_size=8, timeout=_SECONDS, reset=_nothing_to_reset
                )
        return self._pool


async def _nothing_to_reset(_connection: Any) -> None:
    """These connections only ever run two single statements, which leave no setting, lock, cursor or listener behind.
    asyncpg's own reset is a round trip after each of them."""
