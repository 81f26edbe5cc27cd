"""Start-up after the socket is open: waits for the database, migrates its schema, then reports ready."""

import asyncio

import asyncpg
import structlog

from desk.model import DatabaseUnavailable, SchemaBehind
from desk.store.migrate import migrate
from desk.store.pool import REFUSALS, UNREACHABLE
from gateway.ops.health import Readiness

log = structlog.get_logger("gateway")

LONGEST_PAUSE = 0.5


class DatabaseRefused(Exception):
    """One sentence: DATABASE_URL is wrong."""


async def bring_up(url: str, readiness: Readiness) -> None:
    """Return when the schema is up to date; waits as long as the server does not answer. Raises
    DatabaseRefused."""
    pause, away = 0.05, False
    while True:
        try:
            connection = await asyncpg.connect(url, timeout=5)
            await connection.close()
            readiness.sentence = "The gateway is starting: it brings the database up to date."
            await migrate(url, patience=5)
        except REFUSALS as error:
            raise DatabaseRefused(
                f"The database refuses DATABASE_URL ({type(error).__name__}). Correct it and start the gateway again."
            ) from None
        except (*UNREACHABLE, DatabaseUnavailable) as error:
            # Logged once: the outage may last all night, and the page is served meanwhile.
            if not away:
                log.info("waits_for_database", error=type(error).__name__)
            away = True
            readiness.sentence = (
                "The gateway is up and waits for the database to be brought up to date."
                if isinstance(error, SchemaBehind)
                else "The gateway is up and waits for the database, which does not answer."
            )
            await asyncio.sleep(pause)
            pause = min(pause * 2, LONGEST_PAUSE)
        else:
            readiness.ready = True
            log.info("ready")
            return
