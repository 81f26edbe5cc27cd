"""Migrates the database to the current schema; safe to run from several replicas at once. `python -m
desk.store.migrate`."""

import asyncio
import os
import sys
from pathlib import Path

import asyncpg
from alembic import command
from alembic.config import Config
from sqlalchemy import Connection, text
from sqlalchemy.ext.asyncio import create_async_engine

from desk.model import DatabaseUnavailable, DeskError
from desk.settings import file_secrets
from desk.store.pool import insist

LOCK = 7_202_611  # any number, as long as every replica uses the same


async def migrate(url: str, *, patience: float = 30.0) -> None:
    """Upgrade under an advisory lock: one replica migrates, the others wait and then find nothing to do.
    `url` is a postgresql:// address in libpq's form, unix sockets included. Tries for `patience` seconds.
    Raises DatabaseUnavailable with a sentence.
    """
    first = await insist(lambda: asyncpg.connect(url), patience)
    await first.close()
    # SQLAlchemy interprets `?host=/path` differently; asyncpg opens the connection itself, so that one
    # DATABASE_URL means the same everywhere.
    engine = create_async_engine("postgresql+asyncpg://", async_creator=lambda: asyncpg.connect(url))
    try:
        async with engine.begin() as connection:
            # Held until the end of the transaction: this also works through a pooler, and a crash releases
            # it.
            await connection.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": LOCK})
            await connection.run_sync(_upgrade)
    finally:
        await engine.dispose()


def _upgrade(connection: Connection) -> None:
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent / "migrations"))
    config.attributes["connection"] = connection
    command.upgrade(config, "head")


def main() -> int:
    """Migrate DATABASE_URL (or the address in the file named by DATABASE_URL_FILE)."""
    try:
        found = {**file_secrets(os.environ, ["DATABASE_URL"]), **os.environ}
        if not found.get("DATABASE_URL"):
            raise DatabaseUnavailable("DATABASE_URL is not set, so there is nothing to migrate.")
        asyncio.run(migrate(found["DATABASE_URL"]))
    except DeskError as error:
        print(error, file=sys.stderr)
        return 2
    return 0


if __name__ == "__main__":
    sys.exit(main())
