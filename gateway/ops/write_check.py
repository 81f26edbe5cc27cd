"""Checks that PostgreSQL accepts writes: a demoted primary, or one waiting for a lost standby, still answers
reads."""

import asyncio
import secrets

import asyncpg
import structlog

from desk.store import write_checks
from desk.store.pool import UNREACHABLE, Store
from gateway.ops.health import Readiness

log = structlog.get_logger("gateway")

SECONDS = 3.0
"""For a connection and a commit; an orchestrator's probe waits about as long."""


class WriteCheck:
    """Call the instance to run the check. Until the schema exists it only reads."""

    def __init__(self, store: Store, readiness: Readiness, *, seconds: float = SECONDS) -> None:
        self._store = store
        self._readiness = readiness
        self._seconds = seconds
        self._slot = secrets.randbelow(write_checks.SLOTS)
        self._failing = False

    async def __call__(self) -> bool:
        """True if a write was committed in time."""
        try:
            async with asyncio.timeout(self._seconds), self._store.pool.acquire() as connection:
                if self._readiness.ready:
                    await write_checks.mark_checked(connection, self._slot)
                else:
                    await connection.fetchval("SELECT 1")
        except (*UNREACHABLE, asyncpg.PostgresError) as error:
            if not self._failing:
                log.warning("database_takes_no_writes", error=type(error).__name__)
            self._failing = True
            return False
        self._failing = False
        return True
