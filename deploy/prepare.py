"""`python -m deploy.prepare`: prepares the database before the processes start, as its owner: migrates the
schema, grants each process's role its rights, creates the demo's agents.

It is idempotent, so it may run at every start and from several machines at once.
"""

import asyncio
import os
import sys

import asyncpg

from desk.model import DeskError
from desk.people.demo import ensure_demo_agents
from desk.settings import file_secrets
from desk.store.grants import missing_roles
from desk.store.migrate import migrate
from desk.store.pool import insist


def main() -> int:
    """Exit code 0 when everything is ready, 2 with one sentence if not."""
    try:
        environ = {**os.environ, **file_secrets(os.environ)}
        url = environ.get("DATABASE_URL")
        if not url:
            print(
                "DATABASE_URL is not set. Set it, or put it in a file and name that in DATABASE_URL_FILE.",
                file=sys.stderr,
            )
            return 2
        password = environ.get("CIVICDESK_DEMO_PASSWORD") if environ.get("CIVICDESK_DEMO") == "1" else None
        asyncio.run(prepare(url, password))
    except DeskError as error:
        print(error, file=sys.stderr)
        return 2
    print("The database is ready.")
    return 0


async def prepare(url: str, demo_password: str | None) -> None:
    """Bring the database at `url` to the state the processes need. Raises DeskError with a sentence."""
    await _check_roles(url)
    await migrate(url)
    if demo_password:
        await ensure_demo_agents(url, demo_password)


async def _check_roles(url: str) -> None:
    connection = await insist(lambda: asyncpg.connect(url), 30)
    try:
        missing = await missing_roles(connection)
    finally:
        await connection.close()
    if missing:
        raise DeskError(
            f"The database has no role {' and no role '.join(missing)}. Run deploy/postgres/roles.sql and start again; "
            "nothing was changed."
        )


if __name__ == "__main__":
    sys.exit(main())
