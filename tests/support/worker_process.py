"""A worker as a process of its own, for tests that kill it."""

import asyncio
import os
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from tests.support.fake_bot import SECRET

REPOSITORY = Path(__file__).parents[2]


@asynccontextmanager
async def worker_process(
    pg_url: str, redis_url: str, bot_url: str, **more: str
) -> AsyncIterator[asyncio.subprocess.Process]:
    """A worker that talks to the bot at `bot_url`; killed at the end if it still runs. `more`: environment variables."""
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "desk.worker", cwd=REPOSITORY, env=environment(pg_url, redis_url, bot_url, **more),
        stderr=asyncio.subprocess.PIPE, limit=2**22,
    )  # fmt: skip
    try:
        yield process
    finally:
        if process.returncode is None:
            process.kill()
        await process.communicate()


def environment(pg_url: str, redis_url: str, bot_url: str, **more: str) -> dict[str, str]:
    return {
        "PATH": os.environ["PATH"],
        "PYTHONPATH": str(REPOSITORY),
        "DATABASE_URL": pg_url,
        "REDIS_URL": redis_url,
        "CIVICDESK_BOT_URL": bot_url,
        "CIVICDESK_BOT_SECRET": SECRET,
        "CIVICDESK_SECRET": "a secret for signing links",
        **more,
    }
