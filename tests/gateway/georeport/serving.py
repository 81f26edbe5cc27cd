"""Our GeoReport server on a real socket, alone: a Sanic app with nothing but its blueprint."""

import socket
from collections.abc import AsyncIterator, Callable, Collection, Mapping
from contextlib import asynccontextmanager
from datetime import datetime
from pathlib import Path
from typing import Any
from uuid import uuid4
from zoneinfo import ZoneInfo

from sanic import Sanic

from city.services import CityService, load_services
from desk.requests.book import RequestBook
from desk.store.pool import UNREACHABLE, Store
from forms.request import BoundedRequest
from gateway.georeport.server import Publisher, open311_blueprint
from gateway.problems import ErrorPages

KEY = "demo-key"
SERVICES = load_services(Path("content/services.yml"))


@asynccontextmanager
async def our_server(
    store: Store,
    clock: Callable[[], datetime],
    keys: Collection[str] = (KEY, "other-key"),
    public_places: bool = False,
    services: Mapping[str, CityService] = SERVICES,
    **more: Any,
) -> AsyncIterator[str]:
    """Its base address while the block runs. `more` are the blueprint's own options."""
    app = Sanic(
        f"georeport_{uuid4().hex}",
        configure_logging=False,
        request_class=BoundedRequest,
        error_handler=ErrorPages(
            lambda error: isinstance(error, UNREACHABLE), lambda problem, _: problem.code
        ),
    )
    app.config.TOUCHUP = False  # it rewrites Sanic's own methods, once for a process
    app.blueprint(
        open311_blueprint(
            RequestBook(store, clock),
            services,
            keys,
            clock,
            jurisdiction="lindenport.example",
            publisher=lambda: Publisher("Lindenport", public_places=public_places),
            zone=ZoneInfo("America/New_York"),
            public_url="https://desk.example",
            demo=True,
            **more,
        )
    )
    listener = socket.create_server(("127.0.0.1", 0))
    server = await app.create_server(sock=listener, return_asyncio_server=True, access_log=False)
    assert server is not None
    await server.startup()
    await server.start_serving()
    try:
        yield f"http://127.0.0.1:{listener.getsockname()[1]}/open311/v2"
    finally:
        server.close()
        await server.wait_closed()
