"""A GeoReport server that is up, down, or accepts without answering, and keeps everything that it accepted."""

import asyncio
import random
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Literal

from aiohttp import web
from aiohttp.test_utils import TestServer

SERVICES = [{"service_code": "pothole", "service_name": "Pothole", "metadata": "false", "type": "realtime"}]
Mode = Literal["up", "down", "lossy"]


@dataclass
class FailingServer:
    """`share`: of the creates that are accepted and never answered while it is lossy. `kept`: our id -> its numbers."""

    mode: Mode = "up"
    share: float = 0.3
    kept: dict[str, list[str]] = field(default_factory=dict)
    rows: list[dict[str, object]] = field(default_factory=list)
    unanswered: int = 0
    refused: int = 0
    url: str = ""
    luck: random.Random = field(default_factory=lambda: random.Random(311))

    async def handle(self, request: web.Request) -> web.StreamResponse:
        """Every call."""
        if self.mode == "down":
            self.refused += 1
            return web.Response(status=503, text="<h1>Maintenance</h1>", content_type="text/html")
        if request.path.endswith("/services.json"):
            return web.json_response(SERVICES)
        if request.method == "POST":
            return await self._create(request)
        return web.json_response(self._listed(request))

    async def _create(self, request: web.Request) -> web.StreamResponse:
        form = await request.post()
        number = f"N-{len(self.rows) + 1}"
        self.kept.setdefault(str(form["account_id"]), []).append(number)
        self.rows.append(
            {
                "service_request_id": number,
                "account_id": str(form["account_id"]),
                "status": "open",
                "service_code": str(form["service_code"]),
                "description": str(form["description"]),
                "requested_datetime": datetime.now(UTC).isoformat(),
            }
        )
        if self.mode == "lossy" and self.luck.random() < self.share:
            self.unanswered += 1
            await asyncio.Event().wait()  # until the client gives up
        return web.json_response([{"service_request_id": number}])

    def _listed(self, request: web.Request) -> list[dict[str, object]]:
        page, size = int(request.query.get("page", 1)), int(request.query.get("page_size", 1000))
        start = datetime.fromisoformat(request.query["start_date"].replace("Z", "+00:00"))
        end = datetime.fromisoformat(request.query["end_date"].replace("Z", "+00:00"))
        found = [
            row for row in self.rows if start <= datetime.fromisoformat(str(row["requested_datetime"])) <= end
        ]
        return found[(page - 1) * size : page * size]


@asynccontextmanager
async def serving(server: FailingServer) -> AsyncIterator[FailingServer]:
    """The server on a socket while the block runs."""
    app = web.Application()
    app.router.add_route("*", "/{path:.*}", server.handle)
    running = TestServer(app)
    await running.start_server()
    server.url = str(running.make_url("/v2")).rstrip("/")
    try:
        yield server
    finally:
        await running.close()
