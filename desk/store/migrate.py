"""Migrates the database to this release's schema: `python -m desk.store.migrate`, or `--undo REVISION` to go back.

Safe from several replicas at once. The schema's owner migrates and grants the roles their rights (grants.py); a
process with a lesser role waits for that. A schema newer than this release is left alone: schema_compat.py
says whether the process can run on it.
"""

import argparse
import asyncio
import os
import sys
from collections.abc import Awaitable, Callable

import asyncpg
import structlog

from desk.model import DatabaseUnavailable, DeskError, SchemaBehind
from desk.settings import file_secrets
from desk.store.pool import insist
from desk.store.schema_compat import SchemaRefused, SchemaState, known_revisions, read_schema_state

log = structlog.get_logger("migrate")

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
            # In a thread: the migration tool takes half a second to load, which must not delay a citizen.
            await (await asyncio.to_thread(_upgrading))(url)
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
    await _downgrading()(url, to)


def _upgrading() -> Callable[[str], Awaitable[None]]:
    from desk.store.upgrade import upgrade

    return upgrade


def _downgrading() -> Callable[[str, str], Awaitable[None]]:
    from desk.store.upgrade import downgrade

    return downgrade


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
