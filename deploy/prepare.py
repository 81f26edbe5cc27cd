"""`python -m deploy.prepare`: once before the processes start. Migrate, give the bot its rights, make the demo's agents.

Repeating it changes nothing, so it may run at every start and from several machines at once.
"""

import asyncio
import os
import sys
from pathlib import Path

import asyncpg

from desk.model import DeskError
from desk.people.demo import ensure_demo_agents
from desk.settings import file_secrets
from desk.store.migrate import migrate

GRANTS = Path(__file__).parent / "postgres" / "grants.sql"


def main() -> int:
    """Exit code 0 when all is ready, 2 with one sentence when not."""
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
    """Bring the database at `url` to where the processes can start. Raises DeskError with a sentence."""
    await migrate(url)
    try:
        await _grant(url)
    except asyncpg.PostgresError as error:
        raise DeskError(
            f"The bot could not be given its rights: {error}. Run deploy/postgres/roles.sql and start again."
        ) from None
    if demo_password:
        await ensure_demo_agents(url, demo_password)


async def _grant(url: str) -> None:
    connection = await asyncpg.connect(url)
    try:
        await connection.execute(GRANTS.read_text(encoding="utf-8"))
    finally:
        await connection.close()


if __name__ == "__main__":
    sys.exit(main())
