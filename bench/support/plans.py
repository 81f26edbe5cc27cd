"""Query plans of the store's statements: an executor that explains every statement before it runs it."""

from collections.abc import Sequence
from typing import Any

_OPTIONS = "EXPLAIN (ANALYZE, COSTS OFF, TIMING OFF, SUMMARY OFF, BUFFERS OFF)"


class Explaining:
    """Wraps a connection in a transaction that is rolled back; `plans` holds the explanations."""

    def __init__(self, connection: Any) -> None:
        self._connection = connection
        self.plans: list[list[str]] = []

    async def execute(self, query: str, *args: Any) -> str:
        """As asyncpg's method of this name."""
        await self._explain(query, args)
        return str(await self._connection.execute(query, *args))

    async def fetch(self, query: str, *args: Any) -> Sequence[Any]:
        """As asyncpg's method of this name."""
        await self._explain(query, args)
        rows: Sequence[Any] = await self._connection.fetch(query, *args)
        return rows

    async def fetchrow(self, query: str, *args: Any) -> Any:
        """As asyncpg's method of this name."""
        rows = await self.fetch(query, *args)
        return rows[0] if rows else None

    async def fetchval(self, query: str, *args: Any) -> Any:
        """As asyncpg's method of this name."""
        row = await self.fetchrow(query, *args)
        return row[0] if row is not None else None

    async def _explain(self, query: str, args: tuple[Any, ...]) -> None:
        point = self._connection.transaction()
        await point.start()
        try:
            rows = await self._connection.fetch(f"{_OPTIONS} {query}", *args)
        finally:
            await point.rollback()
        self.plans.append([row[0] for row in rows])
