"""A worker's own HTTP server for operators: /live, /ready and /metrics. It exposes no citizens' data. /live
returns 503 when a part of the worker is stuck, so that an orchestrator restarts it. /ready returns 503
while the database is unavailable: the worker is alive but cannot do anything.
"""

import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import structlog
from aiohttp import web
from prometheus_client import CONTENT_TYPE_LATEST

from desk.model import DeskError
from desk.runtime.metrics import Metrics
from desk.store.inbound import backlog
from desk.store.pool import UNREACHABLE, Store

log = structlog.get_logger("health")

STILL = 60.0  # seconds without a sign of life after which a part counts as stuck


class Liveness:
    """When each part of the worker last completed a loop. A part that waits for the database still counts
    as alive."""

    def __init__(self) -> None:
        self._seen: dict[str, float] = {}

    def beat(self, part: str) -> None:
        """Record that this part is alive."""
        self._seen[part] = time.monotonic()

    def stuck(self, still: float = STILL) -> list[str]:
        """The parts without a beat for `still` seconds."""
        oldest = time.monotonic() - still
        return sorted(part for part, seen in self._seen.items() if seen < oldest)


@asynccontextmanager
async def health_server(
    host: str, port: int, store: Store, metrics: Metrics, liveness: Liveness
) -> AsyncIterator[None]:
    """Serve while the block runs. Raises DeskError if the port is not available."""
    runner = web.AppRunner(_app(store, metrics, liveness), access_log=None)
    await runner.setup()
    try:
        try:
            await web.TCPSite(runner, host, port).start()
        except OSError as error:
            raise DeskError(
                f"The worker cannot listen on {host}:{port} ({error.strerror}). "
                "Set CIVICDESK_WORKER_PORT to a free port, or leave it out."
            ) from None
        yield
    finally:
        await runner.cleanup()


def _app(store: Store, metrics: Metrics, liveness: Liveness) -> web.Application:
    async def live(_: web.Request) -> web.Response:
        stuck = liveness.stuck()
        return web.json_response({"live": not stuck, "stuck": stuck}, status=503 if stuck else 200)

    async def ready(_: web.Request) -> web.Response:
        database = await _backlog(store) is not None
        return web.json_response({"ready": database, "database": database}, status=200 if database else 503)

    async def show(_: web.Request) -> web.Response:
        metrics.backlog(await _backlog(store))
        return web.Response(body=metrics.render(), headers={"Content-Type": CONTENT_TYPE_LATEST})

    app = web.Application()
    app.add_routes([web.get("/live", live), web.get("/ready", ready), web.get("/metrics", show)])
    return app


async def _backlog(store: Store) -> backlog.Backlog | None:
    try:
        async with store.pool.acquire(timeout=2) as connection:
            return await backlog.get_backlog(connection)
    except UNREACHABLE as error:
        log.warning("database_away", error=type(error).__name__)
        return None
