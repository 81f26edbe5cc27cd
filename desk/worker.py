"""The composition root of the worker process: runs turns, delivery, filing and sweeps.

The parts are built in desk/building.py, the clients of other systems in desk/outside.py. One long file on purpose: what a worker runs
can be read in one place.
"""

import asyncio
import os
import signal
import sys
from collections.abc import Callable, Coroutine, Mapping
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import aiohttp
import structlog
import uvloop

from backends.geocoding.built import build_geocoder
from backends.registry import BackendConfigError
from channels.mail.reader import MailReader
from channels.registry import CHANNELS, Factory
from city import CityError, load_city
from city.routes import checked_routes
from city.services import load_services
from city.street_positions import load_street_positions
from desk.alerts.polling import AlertPolling
from desk.building import (
    Resources,
    build_common,
    build_inbound,
    build_knowledge,
    build_outbound,
    build_partners_side,
    build_requests,
    build_routing,
    build_rumours,
    build_staff_mails,
    build_turns,
)
from desk.conversations.handoff_limits import with_limits_scaled
from desk.conversations.holds import HoldDelivery
from desk.conversations.idle import IdleConversations
from desk.conversations.silences import Silences
from desk.incidents.delivery import IncidentDelivery
from desk.knowledge.answer_figures import FigureCounts
from desk.knowledge.catalogue import Catalog
from desk.knowledge.pages.fetching import PageFetcher
from desk.knowledge.publishing.published import PublishedAnswers
from desk.knowledge.publishing.recall_delivery import RecallDelivery
from desk.media.cleanup import Cleanup
from desk.media.decoder import PhotoDecoder
from desk.media.fetch import Fetcher
from desk.media.files import MediaFiles
from desk.media.links import media_links
from desk.media.quotas import PhotoQuotas
from desk.media.waiting_line import OF_A_WORKER, WaitingLine
from desk.model import Clock, DeskError
from desk.notices.delivery import NoticeDelivery
from desk.outbound.circuit_breaker import CircuitBreaker
from desk.outbound.rate_limits import RateLimits
from desk.outside import Outside, open_backends, open_bot, open_channels, open_redis, own_pages
from desk.partners.links import partner_link
from desk.partners.registry import build_partners
from desk.people.identity.codes import IdentityCodes
from desk.people.linking import Linking
from desk.people.names import ContactNames
from desk.push.building import build_push
from desk.replies.corrector import Corrector
from desk.replies.rules.running import Rules
from desk.replies.scheduler import Scheduler
from desk.routing.wait_scoring import WaitScoring
from desk.runtime.clock import utc_now
from desk.runtime.live import Live
from desk.runtime.liveness import health_server
from desk.runtime.logs import configure_logs
from desk.runtime.quota import Quota
from desk.runtime.timing import BreakerTiming, DeliveryTiming, TurnTiming
from desk.settings import DeskSettings
from desk.setup.city_now import CityNow
from desk.setup.seeding import seed_database
from desk.store.migrate import migrate
from desk.store.pool import open_store
from desk.surveys.answer_ratings import AnswerRatings
from desk.surveys.sending import Surveys
from desk.turns.answering import Committed
from desk.turns.attachments import Attachments
from desk.turns.side_jobs import SideJobs, Taps
from desk.turns.sweeps import SETTLE, Sweeps
from desk.turns.turn import Arriving

log = structlog.get_logger("worker")
Run = Callable[[asyncio.Event], Coroutine[Any, Any, None]]


@dataclass(frozen=True, slots=True)
class Timings:
    """Timeouts, leases and intervals of each part; tests use shorter ones."""

    turn: TurnTiming = field(default_factory=TurnTiming)
    delivery: DeliveryTiming = field(default_factory=DeliveryTiming)
    breaker: BreakerTiming = field(default_factory=BreakerTiming)
    settle: float = SETTLE


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
        beside: Mapping[str, Run] | None = None,
        public_url: str = "",
    ) -> None:
        timings = timings or Timings()
        common = build_common(desk)
        self.metrics, self.liveness = common.metrics, common.liveness
        self.breaker = CircuitBreaker(desk.store, outside.rates, outside.channels, timings.breaker)
        self.filer, self.changer, self.follower = build_requests(desk, outside, common)
        self.delivery = build_outbound(desk, outside, common, self.breaker, timings.delivery)
        self.listeners = build_inbound(desk, outside, common, self.breaker)
        self.turns = build_turns(
            desk,
            outside,
            common,
            timings.turn,
            self._committed,
            arriving=arriving,
            linking=linking,
            public_url=public_url,
        )
        silences = Silences(desk.store, common.handoffs, common.announcer)
        self.corrector = Corrector(desk.store, desk.live, outside.channels, desk.clock)
        self.scheduler = Scheduler(desk.store, common.writer, common.announcer, desk.clock)
        self.recalls = RecallDelivery(desk.store, common.writer, common.announcer, desk.clock)
        capabilities = {name: channel.capabilities for name, channel in outside.channels.items()}
        self.notices = NoticeDelivery(
            desk.store, desk.city, common.writer, common.announcer, capabilities, desk.clock
        )
        self.incidents = IncidentDelivery(desk.store, desk.city, common.writer, common.announcer, desk.clock)
        self.current_notices = common.notices
        self.claims, self.verdicts = build_rumours(desk, outside, common)
        self._store = desk.store
        self.rules = Rules(desk.store, desk.city, common.announcer, desk.clock)
        holds = HoldDelivery(desk.store, common.writer, common.holds, common.announcer, desk.clock)
        waits = WaitScoring(desk.store, desk.city, desk.clock, self.metrics.waits)
        self.partners, partner_outcomes = build_partners_side(desk, outside, common)
        self.sweeps = Sweeps(
            desk.store,
            self.turns,
            desk.clock,
            settle=timings.settle,
            silences=silences,
            waits=waits,
            holds=holds,
            idle=IdleConversations(desk.store, desk.city, common.writer, common.announcer),
            surveys=Surveys(desk.store, desk.city, common.writer, common.announcer, capabilities, desk.clock),
            ratings=AnswerRatings(desk.store, common.writer, common.announcer, capabilities, desk.clock),
            partners=partner_outcomes,
        )
        self.routing = build_routing(desk, common, timings.settle)
        self.staff_mails = build_staff_mails(desk, outside, common, f"{public_url.rstrip('/')}/console")
        self._figures, self._beside = FigureCounts(desk.store, desk.city, desk.clock), beside or {}

    async def run(self, stop: asyncio.Event) -> None:
        """Run until `stop` is set. If one part fails, all parts stop and its error is raised."""
        parts: dict[str, Run] = {
            "turns": self.turns.run,
            "delivery": self.delivery.run,
            "filer": self.filer.run,
            "changer": self.changer.run,
            "follower": self.follower.run,
            "sweeps": self.sweeps.run,
            "scheduler": self.scheduler.run,
            "corrector": self.corrector.run,
            "recalls": self.recalls.run,
            "notices": self.notices.run,
            "incidents": self.incidents.run,
            "claims": self.claims.run,
            "verdicts": self.verdicts.run,
            "current_notices": lambda stop: self.current_notices.run(self._store, stop),
            "rules": self.rules.run,
            "routing": self.routing.run,
            "staff_mails": self.staff_mails.run,
            "partners": self.partners.run,
            "listeners": self.listeners.run,
            "answer_figures": self._figures.run,
            **self._beside,
        }
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

    Raises DeskError, CityError, BackendConfigError or LookupError, with a readable message."""
    seed_city = load_city(settings.city)
    city = with_limits_scaled(seed_city, settings.rate_scale)
    city_now = CityNow(city, seed_city, lambda fresh: with_limits_scaled(fresh, settings.rate_scale))
    services = load_services(city.services)
    routes = checked_routes(city, services)
    catalog = Catalog.load(settings.content, city)
    published = PublishedAnswers(catalog)
    await migrate(settings.database_url)
    async with AsyncExitStack() as stack:
        store = await open_store(settings.database_url)
        stack.push_async_callback(store.close)
        await seed_database(store, Path(settings.content), catalog, city, seed_city, clock())
        await city_now.read(store.pool)
        await published.read(store.pool)
        live = Live(settings.redis_url)
        await live.start()
        stack.push_async_callback(live.stop)
        session = await stack.enter_async_context(aiohttp.ClientSession(trust_env=False))
        public_url = str(settings.public_url)
        redis = open_redis(settings.redis_url)
        stack.push_async_callback(redis.aclose)
        quota = Quota(redis)
        mail_reader = MailReader()
        stack.push_async_callback(mail_reader.close)
        opened = open_channels(city, environ, public_url, session, quota, mail_reader, channels)
        decoder = PhotoDecoder(WaitingLine(most=OF_A_WORKER))
        stack.push_async_callback(decoder.close)
        files = MediaFiles(settings.media_dir, decoder)
        photo_quotas = PhotoQuotas(store, clock, settings.secret.get_secret_value())
        side_jobs = SideJobs(
            Attachments(store, opened, files, Fetcher(settings.private_hosts), photo_quotas),
            name=ContactNames(store, live, opened, quota).unknown,
            tap=Taps(opened).acknowledge,
        )
        stack.push_async_callback(side_jobs.stop)
        bot_client = open_bot(settings, session, clock)
        worker = Worker(
            Resources(store, live, city, catalog, clock, city_now.changed),
            Outside(
                bot_client,
                opened,
                open_backends(city, session, environ, settings.private_hosts),
                routes,
                media_links(public_url, settings.secret.get_secret_value(), clock),
                RateLimits(redis),
                services,
                IdentityCodes(settings.secret.get_secret_value().encode()),
                build_partners(city, environ, clock, settings.private_hosts),
                settings.private_hosts,
                own_pages(public_url, city.backends),
                partner_link(public_url, settings.secret.get_secret_value()),
                build_geocoder(
                    city,
                    load_street_positions(Path(settings.content) / "street_positions.csv"),
                    session,
                    environ,
                ),
            ),
            Timings(turn=TurnTiming(at_once=settings.turns_at_once)),
            linking=Linking(store, settings.secret.get_secret_value(), clock),
            arriving=side_jobs,
            beside={
                "cleanup": Cleanup(store, files, photo_quotas).run,
                **{name: one.run for name, one in build_push(store, city, settings, clock).items()},
                **build_knowledge(store, city, catalog, settings, bot_client, clock),
                "alerts": AlertPolling(
                    store, city, PageFetcher(city.website, settings.private_hosts), clock
                ).run,
            },
            public_url=public_url,
        )
        if settings.worker_port is not None:
            server = health_server(
                settings.worker_host, settings.worker_port, store, worker.metrics, worker.liveness
            )
            await stack.enter_async_context(server)
        log.info("worker_ready", city=city.name)
        async with asyncio.TaskGroup() as group:
            group.create_task(city_now.run(store, stop), name="settings")
            group.create_task(published.run(store, stop), name="answers")
            await worker.run(stop)
    log.info("worker_stopped")


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
