"""Changes the schema, with Alembic: imported by migrate.py only when there is something to change."""

from collections.abc import Callable, Mapping
from functools import cache
from typing import Any

import asyncpg
from alembic import command
from alembic.config import Config
from alembic.script import Script, ScriptDirectory
from alembic.script.revision import RevisionError
from alembic.util import CommandError
from sqlalchemy import Connection, text
from sqlalchemy.ext.asyncio import create_async_engine

from desk.store import grants
from desk.store.schema_compat import MIGRATIONS, SchemaRefused

LOCK = 7_202_611  # any number, the same in every replica


async def upgrade(url: str) -> None:
    """To this release's schema, all in one transaction, with the rights of the roles."""
    await change_schema(url, lambda connection: command.upgrade(alembic_config(connection), "head"))


async def downgrade(url: str, to: str) -> None:
    """Back to the revision `to`, all in one transaction. Raises SchemaRefused where a revision cannot be undone."""
    await change_schema(url, lambda connection: _downgrade(connection, to))


async def change_schema(url: str, work: Callable[[Connection], None]) -> None:
    """Do `work` in one transaction, while no other process changes the schema."""
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


def alembic_config(connection: Connection | None = None) -> Config:
    """Alembic's configuration, for this connection's transaction."""
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    config.attributes["connection"] = connection
    return config


@cache
def revision_scripts() -> Mapping[str, Script]:
    """Every revision of this release, by its id."""
    directory = ScriptDirectory.from_config(alembic_config())
    return {script.revision: script for script in directory.walk_revisions()}


def oldest_code(revision: str) -> str:
    """The oldest revision whose code can run on the schema of `revision`: as stated by it or by the last revision before it."""
    known = revision_scripts()
    script: Script | None = known[revision]
    while script is not None:
        told: str | None = getattr(script.module, "oldest_code", None)
        if told or script.down_revision is None:
            return told or script.revision
        script = known[str(script.down_revision)]
    return revision


def _downgrade(connection: Connection, to: str) -> None:
    revisions = revision_scripts()
    current = connection.execute(text("SELECT version_num FROM alembic_version")).scalar_one()
    while current != to:
        script = revisions[current]
        if script.down_revision is None:
            raise SchemaRefused(f"Revision {to} is not before the current one. Nothing was changed.")
        before = str(script.down_revision)
        try:
            command.downgrade(alembic_config(connection), before)
        except NotImplementedError:
            what = (script.doc or "").partition("\n")[0].rstrip(".")
            raise SchemaRefused(
                f"Revision {current} ({what}) cannot be undone: what it stores would be lost. Nothing was changed. "
                f"Restore the backup that was taken before the upgrade to revision {current}, then start the older release."
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
