"""The composition root of the worker process: builds and runs turns, delivery, filing and sweeps."""

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
from channels.base import Bills, Channel
from channels.kit.allowance import Allowance
from channels.mail.reader import MailReader
from channels.registry import CHANNELS, ChannelSetup, Factory, open_inboxes
from city import City, CityError, load_city
from city.routes import Routes
from city.services import CityService, load_services
from desk.conversations.announcing import Announcer
from desk.conversations.handoff_limits import with_limits_scaled
from desk.conversations.handoffs import Handoffs
from desk.conversations.messages import PULLED, MessageWriter
from desk.conversations.silences import Silences
from desk.inbound.intake import Intake
from desk.inbound.listeners import Listeners
from desk.knowledge.catalogue import Catalog
from desk.media.cleanup import Cleanup
from desk.media.decoder import PhotoDecoder
from desk.media.fetch import Fetcher
from desk.media.files import MediaFiles
from desk.media.links import media_links
from desk.media.quotas import PhotoQuotas
from desk.media.waiting_line import WaitingLine
from desk.model import Clock, DeskError
from desk.outbound.circuit_breaker import CircuitBreaker
from desk.outbound.delivery import Delivery
from desk.outbound.eligibility import Eligibility
from desk.outbound.rate_limits import RateLimits
from desk.outbound.undelivered import Undelivered
from desk.people.linking import Linking
from desk.people.names import ContactNames
from desk.requests.change_news import ChangeNews
from desk.requests.changing import Changer
from desk.requests.filing import Filer
from desk.requests.news import News
from desk.requests.status import Follower
from desk.routing.absences import Absences
from desk.routing.alarms import Alarms
from desk.routing.capacity import measure_of, slow_inboxes
from desk.routing.hours import is_open
from desk.routing.offers import OfferTimes
from desk.routing.presence import Presences
from desk.routing.pushing import Pushing
from desk.routing.returning import Returning
from desk.routing.team_directory import seed_teams
from desk.routing.upkeep import Upkeep
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
from desk.turns.waiting import Waiting

log = structlog.get_logger("worker")

PHOTOS_WAITING = 256
"""Photos that may wait for the decoder; each belongs to a turn that waits for it and has its own timeout."""


def utc_now() -> datetime:
    """The current time, in UTC."""
    return datetime.now(UTC)


@dataclass(frozen=True, slots=True)
class Timings:
    """Timeouts, leases and intervals of each part; tests use shorter ones."""

    turn: TurnTiming = field(default_factory=TurnTiming)
    delivery: DeliveryTiming = field(default_factory=DeliveryTiming)
    breaker: BreakerTiming = field(default_factory=BreakerTiming)
    settle: float = SETTLE


@dataclass(frozen=True, slots=True)
class Resources:
    """What every part of the worker uses."""

    store: Store
    live: Live
    city: City
    catalog: Catalog
    clock: Clock = utc_now


@dataclass(frozen=True, slots=True)
class Outside:
    """The systems that the worker calls. `channels` are keyed by inbox, `backends` by their names in
    city.yml; `routes` maps a service to its back end; `services` have their names. `media_url` makes a link from which they can fetch one
    of our files."""

    bot_client: BotClient
    channels: Mapping[str, Channel]
    backends: Mapping[str, Backend]
    routes: Routes
    media_url: Callable[[str], str]
    rates: RateLimits = field(default_factory=lambda: RateLimits(None))
    services: Mapping[str, CityService] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Common:
    """Objects that several parts share, built from the resources."""

    writer: MessageWriter
    handoffs: Handoffs
    announcer: Announcer
    undelivered: Undelivered
    metrics: Metrics
    liveness: Liveness


def build_common(desk: Resources) -> Common:
    """Build the parts that write into conversations, and the metrics."""
    writer = MessageWriter(desk.city, desk.catalog)
    handoffs = Handoffs(desk.city, writer, desk.clock)
    announcer = Announcer(desk.store, desk.live, writer)
    undelivered = Undelivered(handoffs, announcer, desk.clock)
    metrics = Metrics(lambda: is_open(desk.city, desk.clock()))
    return Common(writer, handoffs, announcer, undelivered, metrics, Liveness())


def build_inbound(desk: Resources, outside: Outside, common: Common, breaker: CircuitBreaker) -> Listeners:
    """Build the mailbox listeners; webhooks come in through the gateway."""
    intake = Intake(desk.store, desk.live, common.undelivered)
    return Listeners(desk.store, intake, breaker, outside.channels)


def build_turns(
    desk: Resources,
    outside: Outside,
    common: Common,
    timing: TurnTiming,
    committed: Callable[[Committed], None],
    *,
    arriving: Arriving | None = None,
    linking: Linking | None = None,
) -> Turns:
    """Build what turns an accepted event into an answer. `committed` is called after each commit with the
    work it left."""
    capabilities = {name: channel.capabilities for name, channel in outside.channels.items()}
    returning = Returning(common.handoffs, measure_of(desk.city))
    appending = Appending(desk.store, desk.live, common.writer, capabilities, timing.lease, returning)
    asking = Asking(
        desk.store,
        desk.city,
        common.writer,
        TypingBotClient(outside.bot_client, desk.store, outside.channels),
        desk.clock,
        capabilities,
        common.metrics,
    )
    answering = Answering(
        desk.store,
        desk.live,
        desk.city,
        outside.routes,
        common.writer,
        common.handoffs,
        desk.clock,
        committed,
        lease=timing.lease,
    )
    waiting = Waiting(
        desk.store, desk.live, desk.city, common.writer, common.handoffs, asking, answering, desk.clock
    )
    turn = Turn(
        desk.store,
        appending,
        asking,
        answering,
        waiting,
        desk.clock,
        timing,
        common.metrics,
        arriving,
        linking,
    )
    return Turns(desk.store, desk.live, turn, timing, partial(common.liveness.beat, "turns"))


def build_outbound(
    desk: Resources, outside: Outside, common: Common, breaker: CircuitBreaker, timing: DeliveryTiming
) -> Delivery:
    """Build what delivers outbox items to the providers."""
    pushed = {name: one for name, one in outside.channels.items() if one.name not in PULLED}
    for name, one in pushed.items():
        if isinstance(one, Bills):
            common.metrics.paid_inbox(name)
    return Delivery(
        desk.store,
        desk.live,
        pushed,
        Eligibility(desk.store, desk.city, outside.channels, outside.media_url, desk.clock),
        breaker,
        timing,
        common.metrics,
        common.undelivered,
        partial(common.liveness.beat, "delivery"),
    )


def build_requests(desk: Resources, outside: Outside, common: Common) -> tuple[Filer, Changer, Follower]:
    """Build what files requests with the back ends, what changes them, and what follows their status
    afterwards."""
    news = News(common.writer, common.handoffs, common.announcer)
    filer = Filer(
        desk.store, outside.backends, outside.routes, news.tell, desk.clock, media_url=outside.media_url
    )
    changes = ChangeNews(common.writer, common.handoffs, common.announcer, outside.services)
    changer = Changer(desk.store, outside.backends, changes, desk.clock, media_url=outside.media_url)
    return filer, changer, Follower(desk.store, outside.backends, desk.clock)


def build_routing(desk: Resources, common: Common, settle: float) -> Upkeep:
    """Build what offers conversations to agents, and what follows when nobody acts."""
    store, announcer, teams = desk.store, common.announcer, common.handoffs.teams
    measure = measure_of(desk.city)
    return Upkeep(
        store,
        desk.live,
        Presences(store, desk.live, measure),
        Pushing(store, announcer, teams, measure, desk.clock),
        OfferTimes(store, announcer, desk.clock),
        Absences(store, common.handoffs, announcer, slow_inboxes(desk.city), desk.clock),
        Alarms(store, announcer, teams, desk.clock),
        desk.clock,
        settle=settle,
        liveness=partial(common.liveness.beat, "routing"),
    )


class Worker:
    """Everything that runs in a worker process."""

    def __init__(
        self,
        desk: Resources,
        outside: Outside,
        timings: Timings | None = None,
        *,
        arriving: Arriving | None = None,
        linking: Linking | None = None,
        cleanup: Cleanup | None = None,
    ) -> None:
        timings = timings or Timings()
        common = build_common(desk)
        self.metrics, self.liveness = common.metrics, common.liveness
        self.breaker = CircuitBreaker(desk.store, outside.rates, outside.channels, timings.breaker)
        self.filer, self.changer, self.follower = build_requests(desk, outside, common)
        self.delivery = build_outbound(desk, outside, common, self.breaker, timings.delivery)
        self.listeners = build_inbound(desk, outside, common, self.breaker)
        self.turns = build_turns(
            desk, outside, common, timings.turn, self._committed, arriving=arriving, linking=linking
        )
        silences = Silences(desk.store, common.handoffs, common.announcer)
        self.sweeps = Sweeps(desk.store, self.turns, desk.clock, settle=timings.settle, silences=silences)
        self.routing = build_routing(desk, common, timings.settle)
        self.cleanup = cleanup

    async def run(self, stop: asyncio.Event) -> None:
        """Run until `stop` is set. If one part fails, all parts stop and its error is raised."""
        parts: dict[str, Callable[[asyncio.Event], Coroutine[Any, Any, None]]] = {
            "turns": self.turns.run,
            "delivery": self.delivery.run,
            "filer": self.filer.run,
            "changer": self.changer.run,
            "follower": self.follower.run,
            "sweeps": self.sweeps.run,
            "routing": self.routing.run,
            "listeners": self.listeners.run,
        }
        if self.cleanup is not None:
            parts["cleanup"] = self.cleanup.run
        async with asyncio.TaskGroup() as group:
            for name, run in parts.items():
                group.create_task(run(stop), name=name)

    def _committed(self, left: Committed) -> None:
        if left.requests:
            self.filer.wake()
            self.changer.wake()
        if left.items:
            self.delivery.wake()


async def serve(
    settings: DeskSettings,
    stop: asyncio.Event,
    environ: Mapping[str, str],
    channels: Mapping[str, Factory] = CHANNELS,
    clock: Clock = utc_now,
) -> None:
    """Build everything from the settings and run until `stop` is set; `channels` is the registry.

    Raises DeskError, CityError, BackendConfigError or LookupError, with a readable message, if something is
    missing."""
    city = with_limits_scaled(load_city(settings.city), settings.rate_scale)
    services = load_services(city.services)
    routes = Routes(city, services)
    catalog = Catalog.load(settings.content, city)
    await migrate(settings.database_url)
    async with AsyncExitStack() as stack:
        store = await open_store(settings.database_url)
        stack.push_async_callback(store.close)
        await seed_teams(store.pool, city)
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
        mail_reader = MailReader()
        stack.push_async_callback(mail_reader.close)
        opened = _channels(city, environ, public_url, session, quota, mail_reader, channels)
        decoder = PhotoDecoder(WaitingLine(most=PHOTOS_WAITING))
        stack.push_async_callback(decoder.close)
        files = MediaFiles(settings.media_dir, decoder)
        photo_quotas = PhotoQuotas(store, clock, settings.secret.get_secret_value())
        side_jobs = SideJobs(
            Attachments(store, opened, files, Fetcher(settings.private_hosts), photo_quotas),
            name=ContactNames(store, live, opened, quota).unknown,
            tap=Taps(opened).heard,
        )
        stack.push_async_callback(side_jobs.stop)
        worker = Worker(
            Resources(store, live, city, catalog, clock),
            Outside(
                HttpBotClient(session, str(settings.bot_url), settings.bot_secret.get_secret_value(), clock),
                opened,
                _backends(city, session, environ, settings.private_hosts),
                routes,
                media_links(public_url, settings.secret.get_secret_value(), clock),
                RateLimits(redis),
                services,
            ),
            Timings(turn=TurnTiming(at_once=settings.turns_at_once)),
            linking=Linking(store, settings.secret.get_secret_value(), utc_now),
            arriving=side_jobs,
            cleanup=Cleanup(store, files, photo_quotas),
        )
        if settings.worker_port is not None:
            server = health_server(
                settings.worker_host, settings.worker_port, store, worker.metrics, worker.liveness
            )
            await stack.enter_async_context(server)
        log.info("worker_ready", city=city.name)
        await worker.run(stop)
    log.info("worker_stopped")


def _channels(
    city: City,
    environ: Mapping[str, str],
    public_url: str,
    session: aiohttp.ClientSession,
    allowance: Allowance,
    mail_reader: MailReader,
    channels: Mapping[str, Factory],
) -> dict[str, Channel]:
    async def publish(_contact: str) -> None:
        """Do nothing: the web chat reads the log itself, so nothing is sent to it from here."""

    setup = ChannelSetup(
        publish,
        public_url=public_url,
        http=session,
        allowance=allowance,
        calling_code=city.calling_code or "",
        mail_reader=mail_reader,
    )
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
    # A stop signal must take effect even while `serve` is still waiting for the database.
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
    """`python -m desk.worker`. Another composition root may pass its own channels or clock."""
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
