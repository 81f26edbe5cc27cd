"""`python -m gateway`: listens immediately and serves until SIGTERM or Ctrl-C. Exit code 2 if it cannot
start."""

import asyncio
import contextlib
import os
import signal
import socket
import sys
from collections.abc import Mapping

import structlog
import uvloop

from channels.registry import CHANNELS, Factory
from city import City, CityError, load_city
from city.services import CityService, load_services
from desk.knowledge.catalogue import Catalog
from desk.model import Clock, DeskError
from desk.runtime.clock import utc_now
from desk.runtime.logs import configure_logs
from desk.store.pool import store_later
from gateway.app import create_app
from gateway.ops.descriptors import raise_limit
from gateway.ops.health import Readiness
from gateway.ops.server import ListenError, Server, listen
from gateway.ops.startup import DatabaseRefused, bring_up
from gateway.settings import Settings, SettingsError

log = structlog.get_logger("gateway")


def main(channels: Mapping[str, Factory] = CHANNELS, clock: Clock = utc_now) -> int:
    """Run the gateway. Every reason for not starting is reported in one sentence. An alternative composition
    root may pass its own channels or clock."""
    configure_logs()
    raise_limit()
    try:
        settings = Settings.load()
        city = load_city(settings.city)
        services = load_services(city.services)
        catalog = Catalog.load(settings.content, city)
        with (
            contextlib.closing(listen(settings.host, settings.port)) as sock,
            asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner,
        ):
            return runner.run(_serve(settings, city, services, catalog, sock, channels, clock))
    except (SettingsError, CityError, DeskError, ListenError, DatabaseRefused, LookupError) as error:
        print(error, file=sys.stderr)
        return 2


async def _serve(
    settings: Settings,
    city: City,
    services: Mapping[str, CityService],
    catalog: Catalog,
    sock: socket.socket,
    channels: Mapping[str, Factory],
    clock: Clock,
) -> int:
    stopping = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, stopping.set)
    readiness = Readiness()
    store = await store_later(settings.database_url)
    app = await create_app(
        settings,
        city=city,
        services=services,
        catalog=catalog,
        store=store,
        readiness=readiness,
        clock=clock,
        environ=os.environ,
        channels=channels,
    )
    server = Server(app, sock)
    await server.start()
    log.info("listening", host=settings.host, port=server.port)
    rising = asyncio.create_task(bring_up(settings.database_url, readiness))
    waiting = asyncio.create_task(stopping.wait())
    try:
        await asyncio.wait({rising, waiting}, return_when=asyncio.FIRST_COMPLETED)
        if rising.done():
            rising.result()
        await waiting
    finally:
        for task in (rising, waiting):
            task.cancel()
        await asyncio.gather(rising, waiting, return_exceptions=True)
        await server.stop()
        await store.close()
        log.info("stopped")
    return 0


if __name__ == "__main__":
    sys.exit(main())
