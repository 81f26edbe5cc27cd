"""Bring the database to this release's schema: `python -m desk.store.migrate`, or `--undo REVISION` to go back.

Safe from several replicas at once. Whoever owns the schema migrates and gives the roles their rights (grants.py); a
process with a lesser role waits until somebody has. A schema newer than this release is left alone: schema_compat.py
says whether the process can run on it.
"""

import argparse
import asyncio
import os
import sys
from collections.abc import Callable
from typing import Any

import asyncpg
import structlog
from alembic import command
from alembic.script.revision import RevisionError
from alembic.util import CommandError
from sqlalchemy import Connection, text
from sqlalchemy.ext.asyncio import create_async_engine

from desk.model import DatabaseUnavailable, DeskError, SchemaBehind
from desk.settings import file_secrets
from desk.store import grants
from desk.store.pool import insist
from desk.store.schema_compat import (
    SchemaRefused,
    SchemaState,
    alembic_config,
    known_revisions,
    oldest_code,
    read_schema_state,
)

log = structlog.get_logger("migrate")

LOCK = 7_202_611  # any number, the same in every replica
PAUSE = 0.1  # seconds between two looks of a process that waits for the owner


async def migrate(url: str, *, patience: float = 30.0) -> None:
    """Return when this process can run on the schema, having upgraded it where it may.

    `url` is a postgresql:// address as libpq writes it, unix sockets included. Tries for `patience` seconds. Upgrades
    run under an advisory lock: one replica does it, the others wait and find it done. Raises DatabaseUnavailable where
    the database or its owner's migration does not come, and SchemaRefused where the schema is too new; both with a
    sentence.
    """
    loop = asyncio.get_running_loop()
    end = loop.time() + patience
    while True:
        first = await insist(lambda: asyncpg.connect(url), patience)
        try:
            standing = await read_schema_state(first)
        finally:
            await first.close()
        if standing.newer:
            standing.check()
            log.warning("schema_newer", sentence=standing.sentence())
            return
        if standing.may_change:
            await _in_transaction(url, _upgrade)
            return
        if standing.up_to_date:
            return
        if loop.time() + PAUSE > end:
            raise SchemaBehind(_behind(standing))
        await asyncio.sleep(PAUSE)


async def undo(url: str, to: str, *, patience: float = 30.0) -> None:
    """Go back to the revision `to`, all in one transaction. Raises SchemaRefused where a revision cannot be undone."""
    first = await insist(lambda: asyncpg.connect(url), patience)
    try:
        standing = await read_schema_state(first)
    finally:
        await first.close()
    if to not in known_revisions() or standing.newer:
        raise SchemaRefused(
            f"This release cannot go back from revision {standing.revision} to {to}: it does not know both. "
            "Nothing was changed. Run the release that made the schema."
        )
    await _in_transaction(url, lambda connection: _downgrade(connection, to))


async def _in_transaction(url: str, work: Callable[[Connection], None]) -> None:
    # SQLAlchemy reads `?host=/path` in its own way; asyncpg opens the connection itself, so that one
    # DATABASE_URL means the same everywhere.
    engine = create_async_engine("postgresql+asyncpg://", async_creator=lambda: asyncpg.connect(url))
    try:
        async with engine.begin() as connection:
            # Held until the end of the transaction: this also works through a pooler, and a crash releases
            # it.
            await connection.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": LOCK})
            await connection.run_sync(work)
            raw = await connection.get_raw_connection()
            driver: Any = raw.driver_connection
            await _note(driver)
            await grants.grant(driver)
    finally:
        await engine.dispose()


def _upgrade(connection: Connection) -> None:
    command.upgrade(alembic_config(connection), "head")


def _downgrade(connection: Connection, to: str) -> None:
    revisions = known_revisions()
    current = connection.execute(text("SELECT version_num FROM alembic_version")).scalar_one()
    while current != to:
        script = revisions[current]
        if script.down_revision is None:
            raise SchemaRefused(f"Revision {to} is not before the present one. Nothing was changed.")
        before = str(script.down_revision)
        try:
            command.downgrade(alembic_config(connection), before)
        except NotImplementedError:
            what = (script.doc or "").partition("\n")[0].rstrip(".")
            raise SchemaRefused(
                f"Revision {current} ({what}) cannot be undone: what it stores would be lost. Nothing was changed. "
                f"Restore the backup that was taken before revision {current} came, then start the older release."
            ) from None
        except (CommandError, RevisionError) as error:
            raise SchemaRefused(f"Revision {current} was not undone: {error}. Nothing was changed.") from None
        current = before


async def _note(driver: Any) -> None:
    """Write which code can run on the schema as it is now."""
    if await driver.fetchval("SELECT to_regclass('public.schema_compat')") is None:
        return
    revision = await driver.fetchval("SELECT version_num FROM alembic_version")
    await driver.execute(
        """INSERT INTO schema_compat (oldest_revision) VALUES ($1)
           ON CONFLICT (only_row) DO UPDATE SET oldest_revision = excluded.oldest_revision, changed_at = now()
           WHERE schema_compat.oldest_revision <> excluded.oldest_revision""",
        oldest_code(revision),
    )


def _behind(standing: SchemaState) -> str:
    return (
        f"The database's schema is older than this release ({standing.revision or 'empty'}), and this process's role may "
        "not change it. Run `python -m deploy.prepare` as the owner of the database; nothing was lost."
    )


def main(arguments: list[str]) -> int:
    """Migrate DATABASE_URL (or what the file named by DATABASE_URL_FILE holds)."""
    parser = argparse.ArgumentParser(prog="python -m desk.store.migrate")
    parser.add_argument(
        "--undo", metavar="REVISION", help="go back to this revision; stop the processes first"
    )
    options = parser.parse_args(arguments)
    try:
        found = {**file_secrets(os.environ, ["DATABASE_URL"]), **os.environ}
        if not found.get("DATABASE_URL"):
            raise DatabaseUnavailable("DATABASE_URL is not set, so there is nothing to migrate.")
        url = found["DATABASE_URL"]
        asyncio.run(undo(url, options.undo) if options.undo else migrate(url))
    except DeskError as error:
        print(error, file=sys.stderr)
        return 2
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
