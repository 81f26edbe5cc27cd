"""`python -m gateway` as a process of its own."""

import asyncio
import json
import os
import signal
import sys
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from pathlib import Path

import aiohttp

from desk.store.grants import GATEWAY
from tests.support import servers

ROOT = Path(__file__).parents[2]


def environment(pg_url: str, redis_url: str, folder: Path, **more: str) -> dict[str, str]:
    """What `python -m gateway` needs, listening on a free port."""
    return {
        "PATH": os.environ["PATH"],
        "PYTHONPATH": str(ROOT),
        "PYTHONWARNINGS": "error",
        "DATABASE_URL": servers.as_role(pg_url, GATEWAY),
        "REDIS_URL": redis_url,
        "CIVICDESK_SECRET": "a-secret-of-the-tests",
        "CIVICDESK_MEDIA_DIR": str(folder / "media"),
        "CIVICDESK_PORT": "0",
        "CIVICDESK_RATE_SCALE": "1000",
        **more,
    }


async def start(environ: Mapping[str, str]) -> asyncio.subprocess.Process:
    """Start it; its log is on stderr."""
    return await asyncio.create_subprocess_exec(
        sys.executable, "-m", "gateway", cwd=ROOT, env=environ,
        stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.PIPE,
    )  # fmt: skip


class Running:
    """A gateway process that listens."""

    def __init__(self, process: asyncio.subprocess.Process, port: int) -> None:
        self.process, self.port = process, port
        self.base = f"http://127.0.0.1:{port}"
        self.log = b""
        self._reading = asyncio.create_task(self._read())

    async def _read(self) -> None:
        assert self.process.stderr is not None
        async for line in self.process.stderr:
            self.log += line

    async def stop(self, number: int = signal.SIGTERM) -> int:
        """Its exit code. One that waited for its windows would cut them off after 8 seconds, which their clients notice;
        the limit here, as at the start, is for a machine with much other work."""
        self.process.send_signal(number)
        async with asyncio.timeout(60):
            code = await self.process.wait()
        await self._reading
        return code


@asynccontextmanager
async def running(environ: Mapping[str, str]) -> AsyncIterator[Running]:
    """A gateway while the block runs. It must stop cleanly, and log no traceback."""
    process = await start(environ)
    assert process.stderr is not None
    try:
        async with asyncio.timeout(60):
            while True:
                line = await process.stderr.readline()
                assert line, "the gateway stopped before it listened"
                if b'"listening"' in line:
                    break
        gateway = Running(process, json.loads(line)["port"])
        yield gateway
        assert process.returncode is not None or await gateway.stop() == 0
        assert b"Traceback" not in gateway.log, gateway.log.decode()
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()


async def ready(http: aiohttp.ClientSession, base: str) -> None:
    """Wait until it says that it is ready."""
    async with asyncio.timeout(60):
        while True:
            async with http.get(f"{base}/ready") as answer:
                if answer.status == 200:
                    return
            await asyncio.sleep(0.05)
