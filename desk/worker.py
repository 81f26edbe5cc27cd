"""The worker: turns, delivery, filing and sweeps. This is the composition root: everything is built here."""

import asyncio
import os
import signal
import sys
from collections.abc import Callable, Coroutine, Mapping
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import partial
from typing import Any

import aiohttp
import structlog
import uvloop
from redis.asyncio import Redis
from redis.asyncio.retry import Retry
from redis.backoff import NoBackoff

from backends.base import Backend
from backends.registry import BackendConfigError, build_backend
from channels.base import Channel
from channels.kit.allowance import Allowance
from channels.registry import CHANNELS, ChannelSetup, Factory, open_inboxes
from city import City, CityError, load_city
from desk.conversations.messages import PULLED, MessageWriter
from desk.inbound.intake import Intake
from desk.inbound.listeners import Listeners
from desk.knowledge.catalogue import Catalog
from desk.media.fetch import Fetcher
from desk.media.files import MediaFiles
from desk.media.links import media_links
from desk.model import Clock, DeskError
from desk.outbound.circuit_breaker import CircuitBreaker
from desk.outbound.delivery import Delivery
from desk.outbound.eligibility import Eligibility
from desk.outbound.rate_limits import RateLimits
from desk.outbound.undelivered import Undelivered
from desk.people.linking import Linking
from desk.people.names import ContactNames
from desk.requests.filing import Filer
from desk.requests.news import News
from desk.requests.status import Follower
from desk.routing.hours import is_open
from desk.runtime.live import Live
from desk.runtime.liveness import Liveness, health_server
from desk.runtime.logs import configure_logs
from desk.runtime.metrics import Metrics
from desk.runtime.quota import Quota
from desk.runtime.timing import BreakerTiming, DeliveryTiming, TurnTiming
from desk.settings import DeskSettings, file_secrets
from desk.store.migrate import migrate
from desk.store.pool import Store, open_store
from desk.turns.answering import Answering, Committed
from desk.turns.appending import Appending
from desk.turns.asking import Asking
from desk.turns.attachments import Attachments
from desk.turns.bot_client import BotClient, HttpBotClient
from desk.turns.loop import Turns
from desk.turns.side_jobs import SideJobs
from desk.turns.sweeps import SETTLE, Sweeps
from desk.turns.taps import Taps
from desk.turns.turn import Arriving, Turn
from desk.turns.typing import TypingBotClient

log = structlog.get_logger("worker")


def utc_now() -> datetime:
    """The present moment."""
    return datetime.now(UTC)


@dataclass(frozen=True, slots=True)
class Timings:
    """How patient each part is; tests are less so."""

    turn: TurnTiming = field(default_factory=TurnTiming)
    delivery: DeliveryTiming = field(default_factory=DeliveryTiming)
    breaker: BreakerTiming = field(default_factory=BreakerTiming)
    settle: float = SETTLE


class Worker:
    """All that runs in a worker process, built from its parts."""

    def __init__(
        self,
        store: Store,
        live: Live,
        city: City,
        catalog: Catalog,
        bot_client: BotClient,
        channels: Mapping[str, Channel],
        backends: Mapping[str, Backend],
        media_url: Callable[[str], str],
        clock: Clock = utc_now,
        timings: Timings | None = None,
        rates: RateLimits | None = None,
        arriving: Arriving | None = None,
        linking: Linking | None = None,
    ) -> None:
        timings = timings or Timings()
        self.metrics, self.liveness = Metrics(lambda: is_open(city, clock())), Liveness()
        writer = MessageWriter(city, catalog)
        news = News(store, live, city, writer, clock)
        self.filer = Filer(store, backends, news.tell, clock, media_url=media_url)
        self.follower = Follower(store, backends, clock)
        pushed = {name: channel for name, channel in channels.items() if channel.name not in PULLED}
        eligibility = Eligibility(store, city, channels, media_url, clock)
        self.breaker = CircuitBreaker(store, rates or RateLimits(None), channels, timings.breaker)
        undelivered = Undelivered(store, live, city, writer, clock)
        self.delivery = Delivery(
            store,
            live,
            pushed,
            eligibility,
            self.breaker,
            timings.delivery,
            self.metrics,
            undelivered,
            partial(self.liveness.beat, "delivery"),
        )
        answering = Answering(store, live, city, writer, clock, self._committed, lease=timings.turn.lease)
        capabilities = {name: channel.capabilities for name, channel in channels.items()}
        present = TypingBotClient(bot_client, store, channels)
        self.listeners = Listeners(store, Intake(store, live, undelivered), self.breaker, channels)
        appending = Appending(store, live, writer, capabilities, timings.turn.lease)
        asking = Asking(store, city, writer, present, clock, capabilities, self.metrics)
        turn = Turn(
            store, appending, asking, answering, clock, timings.turn, self.metrics, arriving, linking
        )  # fmt: skip
        self.turns = Turns(store, live, turn, timings.turn, partial(self.liveness.beat, "turns"))
        self.sweeps = Sweeps(store, self.turns, clock, settle=timings.settle)

    async def run(self, stop: asyncio.Event) -> None:
        """Work until `stop` is set. If one part breaks, all stop, and its error is raised."""
        parts: dict[str, Callable[[asyncio.Event], Coroutine[Any, Any, None]]] = {
            "turns": self.turns.run,
            "delivery": self.delivery.run,
            "filer": self.filer.run,
            "follower": self.follower.run,
            "sweeps": self.sweeps.run,
            "listeners": self.listeners.run,
        }
        async with asyncio.TaskGroup() as group:
            for name, run in parts.items():
                group.create_task(run(stop), name=name)

    def _committed(self, left: Committed) -> None:
        if left.requests:
            self.filer.wake()
        if left.items:
            self.delivery.wake()


async def serve(
    settings: DeskSettings,
    stop: asyncio.Event,
    environ: Mapping[str, str],
    channels: Mapping[str, Factory] = CHANNELS,
    clock: Clock = utc_now,
) -> None:
    """Build everything from the settings and work until `stop`; `channels` is the registry. Raises DeskError, CityError, BackendConfigError or
    LookupError with a sentence when something is missing."""
    city = load_city(settings.city)
    catalog = Catalog.load(settings.content, city)
    await migrate(settings.database_url)
    async with AsyncExitStack() as stack:
        store = await open_store(settings.database_url)
        stack.push_async_callback(store.close)
        live = Live(settings.redis_url)
        await live.start()
        stack.push_async_callback(live.stop)
        session = await stack.enter_async_context(aiohttp.ClientSession(trust_env=False))
        public_url = str(settings.public_url)
        redis: Redis = Redis.from_url(
            settings.redis_url, socket_timeout=0.5, socket_connect_timeout=0.5, retry=Retry(NoBackoff(), 0)
        )
        stack.push_async_callback(redis.aclose)
        quota = Quota(redis)
        opened = _channels(city, environ, public_url, session, quota, channels)
        files = MediaFiles(settings.media_dir)
        aside = SideJobs(
            Attachments(store, opened, files, Fetcher(settings.private_hosts)),
            name=ContactNames(store, live, opened, quota).unknown,
            tap=Taps(opened).heard,
        )
        stack.push_async_callback(aside.stop)
        worker = Worker(
            store,
            live,
            city,
            catalog,
            HttpBotClient(session, str(settings.bot_url), settings.bot_secret.get_secret_value(), clock),
            opened,
            _backends(city, session, environ, settings.private_hosts),
            media_links(public_url, settings.secret.get_secret_value(), clock),
            clock=clock,
            timings=Timings(turn=TurnTiming(at_once=settings.turns_at_once)),
            rates=RateLimits(redis),
            linking=Linking(store, settings.secret.get_secret_value(), utc_now),
            arriving=aside,
        )
        if settings.worker_port is not None:
            door = health_server(
                settings.worker_host, settings.worker_port, store, worker.metrics, worker.liveness
            )
            await stack.enter_async_context(door)
        log.info("worker_ready", city=city.name)
        await worker.run(stop)
    log.info("worker_stopped")


def _channels(
    city: City,
    environ: Mapping[str, str],
    public_url: str,
    session: aiohttp.ClientSession,
    allowance: Allowance,
    channels: Mapping[str, Factory],
) -> dict[str, Channel]:
    async def publish(_contact: str) -> None:
        """The web chat reads the log; nothing is sent to it from here."""

    setup = ChannelSetup(publish, public_url=public_url, http=session, allowance=allowance)
    return open_inboxes(city.inboxes, environ, setup, channels)


def _backends(
    city: City, session: aiohttp.ClientSession, environ: Mapping[str, str], private_hosts: tuple[str, ...]
) -> dict[str, Backend]:
    secrets = file_secrets(environ, [config.api_key_env for config in city.backends if config.api_key_env])
    environ = {**environ, **secrets}
    return {
        config.name: build_backend(
            config,
            session,
            environ.get(config.api_key_env or "") or None,
            url=environ.get(config.url_env or "") or None,
            zone=city.zone,
            private_hosts=private_hosts,
        )
        for config in city.backends
    }


async def _until_signal(settings: DeskSettings, channels: Mapping[str, Factory], clock: Clock) -> None:
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stop.set)
    work = asyncio.create_task(serve(settings, stop, os.environ, channels, clock))
    stopping = asyncio.create_task(stop.wait())
    # A stop while we still wait for the database must not wait with us.
    await asyncio.wait({work, stopping}, return_when=asyncio.FIRST_COMPLETED)
    if not work.done():
        await asyncio.wait({work}, timeout=14)
        work.cancel()
    stopping.cancel()
    try:
        await work
    except asyncio.CancelledError:
        log.warning("worker_cut_off")


def main(channels: Mapping[str, Factory] = CHANNELS, clock: Clock = utc_now) -> int:
    """`python -m desk.worker`. A composition root of its own may bring other channels or another clock."""
    configure_logs()
    try:
        with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
            runner.run(_until_signal(DeskSettings.read(), channels, clock))
    except (DeskError, CityError, BackendConfigError, LookupError) as error:
        print(error, file=sys.stderr)
        return 2
    return 0


if __name__ == "__main__":
    sys.exit(main())
