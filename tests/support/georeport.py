"""A strict GeoReport v2 server over a real socket: it refuses what the specification does not allow.

Reference numbers say how it behaves: SLOW never answers in time, HTML answers a page, DOWN answers 503,
LIES says JSON in its header and sends XML.
"""

import asyncio
import contextlib
import threading
from collections.abc import Callable, Iterator

from aiohttp import web

from tests.support.waiting import forever

SERVICES = [
    {
        "service_code": code,
        "service_name": code,
        "description": "",
        "metadata": False,
        "type": "realtime",
        "keywords": "",
        "group": "city",
    }
    for code in ("pothole", "street_light", "graffiti", "noise", "missed_bin", "tree", "bulky_waste")
]
RECORDS = {
    "SR-7K2P-Q9XM": {
        "status": "open",
        "status_notes": "A crew is planned {city} for Tuesday.",
        "service_code": "pothole",
        "service_name": "Pothole",
        "description": "A hole that nobody else may read about",
        "address": "12 Elm Street",
        "requested_datetime": "2026-11-02T10:00:00-05:00",
        "updated_datetime": "2026-11-03T10:00:00-05:00",
        "expected_datetime": "2026-11-12T10:00:00-05:00",
    },
    "SR-4T8N-B3WD": {
        "status": "closed",
        "status_notes": "Lamp replaced.",
        "service_code": "street_light",
        "service_name": "Street light",
        "requested_datetime": "2026-10-02T10:00:00-04:00",
    },
}

NEAR = {
    "SR-CEDR-0001": {"lat": 41.05390, "long": -73.51763, "requested_datetime": "2026-11-19T10:00:00-05:00"},
    "SR-CEDR-0002": {"lat": 41.05415, "long": -73.51763, "requested_datetime": "2026-11-21T10:00:00-05:00"},
    "SR-W1LL-0001": {
        "lat": 41.06195,
        "long": -73.54315,
        "requested_datetime": "2026-11-22T09:00:00-05:00",
        "media_url": "https://photos.city.example/1.jpg",
    },
}
"""Open potholes at 20 Cedar Street and 30 Willow Court."""


@contextlib.contextmanager
def georeport() -> Iterator[str]:
    """The address of a running server (it ends before /services.json)."""
    started = threading.Event()
    address: list[str] = []
    stopping: list[Callable[[], object]] = []

    async def serve() -> None:
        app = web.Application()
        app.add_routes(
            [
                web.get("/v2/services.json", _services),
                web.get("/v2/requests/{file}", _request),
                web.get("/v2/requests.json", _list),
            ]
        )
        runner = web.AppRunner(app, shutdown_timeout=0.1)
        await runner.setup()
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        host, port = runner.addresses[0][:2]
        address.append(f"http://{host}:{port}/v2")
        stop, loop = asyncio.Event(), asyncio.get_running_loop()
        stopping.append(lambda: loop.call_soon_threadsafe(stop.set))
        started.set()
        await stop.wait()
        await runner.cleanup()

    # `asyncio.run` cancels what a slow answer left behind.
    thread = threading.Thread(target=lambda: asyncio.run(serve()))
    thread.start()
    started.wait(10)
    try:
        yield address[0]
    finally:
        stopping[0]()
        thread.join(10)


def _check(request: web.Request) -> None:
    if request.query.get("jurisdiction_id") != "lindenport.example":
        raise web.HTTPBadRequest(text='[{"code": 400, "description": "jurisdiction_id is missing"}]')


async def _services(request: web.Request) -> web.Response:
    _check(request)
    return web.json_response(SERVICES)


async def _list(request: web.Request) -> web.Response:
    """Knows no search by place: it gives the newest open requests of a service, as many servers do."""
    _check(request)
    if request.query.get("status") != "open" or int(request.query.get("page_size", 0)) > 1000:
        raise web.HTTPBadRequest(text='[{"code": 400, "description": "status is missing"}]')
    if request.query.get("service_code") != "pothole" or request.query.get("page", "1") != "1":
        return web.json_response([])
    rows = [
        {"service_request_id": reference, "status": "open", "service_code": "pothole", **row}
        for reference, row in NEAR.items()
    ]
    return web.json_response(rows)


async def _request(request: web.Request) -> web.StreamResponse:
    _check(request)
    reference, _, form = request.match_info["file"].rpartition(".")
    if "SLOW" in reference:
        await forever()
    if "DOWN" in reference:
        return web.Response(status=503, text="down")
    if "HTML" in reference:
        return web.Response(text="<!DOCTYPE html><h1>Maintenance</h1>", content_type="text/html")
    if "L1ES" in reference:
        xml = (
            "<?xml version='1.0'?><service_requests><request>"
            f"<service_request_id>{reference}</service_request_id><status>open</status>"
            "<service_code>pothole</service_code></request></service_requests>"
        )
        return web.Response(text=xml, content_type="application/json")
    if form != "json" or reference not in RECORDS:
        problem = [{"code": 404, "description": "service_request_id was not found"}]
        return web.json_response(problem, status=404)
    return web.json_response([{"service_request_id": reference, **RECORDS[reference]}])
