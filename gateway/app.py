"""The composition root: builds everything that faces the internet and passes it on as parameters. One long file on purpose: the wiring can be
read in one place."""

import asyncio
import secrets
from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from asyncpg import UndefinedTableError
from redis.asyncio import Redis
from redis.asyncio.retry import Retry
from redis.backoff import NoBackoff
from sanic import Request, Sanic
from sanic.log import logger as sanic_logger

from channels.base import Bills
from channels.registry import CHANNELS, ChannelSetup, Factory, open_inboxes
from channels.web.channel import WebChannel
from city import City
from city.boundary import Boundary
from city.hours import ZoneNow
from city.services import CityService, promised_at
from city.street_positions import load_street_positions
from console.app import console_blueprint
from console.deps import ConsoleDeps
from desk.assist.building import build_assistants
from desk.conversations.announcing import Announcer
from desk.conversations.handoffs import Handoffs
from desk.conversations.messages import MessageWriter
from desk.conversations.ownership import Ownership
from desk.inbound.intake import Intake
from desk.knowledge.catalogue import Catalog
from desk.knowledge.publishing.published import PublishedAnswers
from desk.media.decoder import PhotoDecoder
from desk.media.files import MediaFiles
from desk.media.links import media_links
from desk.media.quotas import PhotoQuotas
from desk.model import Clock
from desk.notices.current import CurrentNotices
from desk.notices.saying import say
from desk.official.checking import OfficialChecks
from desk.outbound.undelivered import build_undelivered
from desk.partners.outcomes import Outcomes
from desk.partners.registry import build_partners
from desk.people.devices import KnownDevices
from desk.push.subscribing import push_offer
from desk.requests.book import RequestBook
from desk.runtime.live import Live
from desk.runtime.viewers import RedisViewers
from desk.setup.city_now import CityNow
from desk.store.outbound import inbox_health as health
from desk.store.pool import UNREACHABLE, Store
from forms.memory import BodyMemory
from forms.request import BoundedRequest
from gateway.citizen.building import chat_blueprints
from gateway.citizen.log_positions import LogPositions
from gateway.citizen.open_waits import OF_AN_ADDRESS, Closing, OpenWaits
from gateway.deps import Deps
from gateway.georeport.photos import ReportPhotos
from gateway.georeport.request_pages import request_pages_blueprint
from gateway.georeport.server import Publisher, open311_blueprint
from gateway.headers import body_sender, client_address, install_headers
from gateway.limits import Limits
from gateway.notices.official import official_blueprint
from gateway.notices.rumours import rumours_blueprint
from gateway.notices.server import notices_blueprint
from gateway.ops.connection import HEADER_SECONDS, KEEP_ALIVE_SECONDS, REQUEST_SECONDS
from gateway.ops.health import Readiness, bot_is_ready, health_blueprint
from gateway.ops.metrics import GatewayMetrics
from gateway.ops.recent import Recent
from gateway.ops.write_check import WriteCheck
from gateway.problems import ErrorPages, unavailable
from gateway.settings import Settings
from gateway.static import StaticFiles, static_blueprint
from gateway.templating import ProblemPage, environment
from gateway.webhooks.endpoint import WEBHOOK_BYTES, webhooks_blueprint
from gateway.webhooks.partner_pages import partner_pages_blueprint
from gateway.webhooks.partners import partners_blueprint

WITHOUT_DATABASE = (
    "/live",
    "/ready",
    "/metrics",
    "/assets/",
    "/widget/",
    "/chat/chat.css",
    "/chat/v1/config",
    "/chat/v1/openapi.json",
)


async def create_app(
    settings: Settings,
    *,
    city: City,
    services: Mapping[str, CityService],
    catalog: Catalog,
    store: Store,
    readiness: Readiness,
    clock: Clock,
    environ: Mapping[str, str],
    channels: Mapping[str, Factory] = CHANNELS,
) -> "Sanic[Any, Any]":
    """The gateway as a Sanic app. Nothing is connected until it serves.

    `channels` is the registry and `environ` holds the channels' secrets. Raises LookupError with a sentence
    if the city file names an unknown channel, or if an inbox lacks a setting.
    """
    live = Live(settings.redis_url)
    redis: Redis = Redis.from_url(
        settings.redis_url, socket_timeout=0.5, socket_connect_timeout=0.5, retry=Retry(NoBackoff(), 0)
    )
    shared = ChannelSetup(_nobody, public_url=settings.public_url, calling_code=city.calling_code or "")
    built = open_inboxes(city.inboxes, environ, shared, channels)
    decoder = PhotoDecoder()
    city_now, published, notices = CityNow(city), PublishedAnswers(catalog), CurrentNotices(clock)
    metrics, closing = GatewayMetrics(inbox.name for inbox in city.inboxes), Closing()
    deps = Deps(
        settings=settings,
        city=city,
        catalog=catalog,
        store=store,
        live=live,
        intake=Intake(store, live, build_undelivered(store, live, city, MessageWriter(city, catalog), clock)),
        limits=Limits(redis, settings.secret, scale=settings.rate_scale),
        media=MediaFiles(settings.media_dir, decoder, scanner=settings.scanner()),
        photo_quotas=PhotoQuotas(store, clock, settings.secret, scale=settings.rate_scale),
        web=WebChannel(_nobody),
        web_inbox=next((inbox.name for inbox in city.inboxes if inbox.channel == "web"), "web"),
        channels={name: channel for name, channel in built.items() if channel.name != "web"},
        clock=clock,
        log_positions=LogPositions(store, clock),
        push=push_offer(settings.secret, settings.public_url, settings.push_hosts, settings.private_hosts),
        metrics=metrics,
        closing=closing,
        waits=OpenWaits(address=OF_AN_ADDRESS * settings.rate_scale),
    )
    templates = environment()
    templates.globals["notices_in"] = lambda language: [say(one, language, city) for one in notices.holding()]
    app: Sanic[Any, Any] = Sanic(
        # Several apps may exist in one process (as in the tests), and Sanic requires a unique name for each.
        f"civicdesk-{secrets.token_hex(4)}",
        env_prefix="",
        configure_logging=False,
        request_class=BoundedRequest,
        error_handler=ErrorPages(lambda error: isinstance(error, UNREACHABLE), ProblemPage(templates, city)),
    )
    _configure(app, settings)
    install_headers(
        app,
        https=settings.https,
        origins=settings.widget_origins,
        proxied=settings.trusted_proxies > 0,
        proxy_ids=settings.trusted_proxies > 0 and settings.proxy_request_ids,
        proxies=settings.proxy_networks,
        metrics=metrics,
    )

    async def wait_for_database(request: Request) -> None:
        if not readiness.ready and request.path != "/" and not request.path.startswith(WITHOUT_DATABASE):
            raise unavailable()

    stopping, app.ctx.live, app.ctx.waits = asyncio.Event(), live, deps.waits
    app.ctx.body_memory, app.ctx.body_sender = BodyMemory(), body_sender(settings.proxy_networks)

    async def start(_: object) -> None:
        await live.start()
        app.ctx.settings = asyncio.create_task(city_now.run(store, stopping, readiness.is_ready))
        app.ctx.answers = asyncio.create_task(published.run(store, stopping, readiness.is_ready))
        app.ctx.notices = asyncio.create_task(notices.run(store, stopping, readiness.is_ready))

    async def stop(_: object) -> None:
        closing.close()
        stopping.set()
        await asyncio.gather(app.ctx.settings, app.ctx.answers, app.ctx.notices)
        await live.stop()
        await redis.aclose()
        await decoder.close()

    app.register_middleware(wait_for_database, "request", priority=50)
    app.before_server_start(start)
    app.before_server_stop(stop)
    app.blueprint(
        health_blueprint(
            readiness=readiness,
            database=Recent(WriteCheck(store, readiness)),
            redis=lambda: live.connected,
            bot=Recent(lambda: bot_is_ready(settings.bot_url)),
            metrics=metrics,
            inboxes=lambda: _count_inboxes(store, city, metrics),
        )
    )
    for one in chat_blueprints(deps, templates):
        app.blueprint(one)
    app.blueprint(notices_blueprint(notices, templates, city, clock, settings.public_url))
    checks = OfficialChecks(store, city, catalog, notices, settings.public_url)
    app.blueprint(official_blueprint(checks, catalog, templates, city, deps.limits, settings.public_url))
    app.blueprint(rumours_blueprint(store, templates, city, deps.limits, clock, settings.public_url))
    app.blueprint(webhooks_blueprint(deps))
    partners = build_partners(city, environ, clock, settings.private_hosts)
    writer = MessageWriter(city, catalog)
    outcomes = Outcomes(
        store, city, writer, Handoffs(city, writer, clock), Announcer(store, live, writer), clock
    )
    app.blueprint(partners_blueprint(partners, outcomes))
    signing = (settings.secret, settings.previous_secret)
    app.blueprint(partner_pages_blueprint(partners, outcomes, templates, city, signing, clock))
    report_photos = ReportPhotos(store, deps.media, media_links(settings.public_url, settings.secret, clock))
    app.blueprint(request_pages_blueprint(deps, templates, services, report_photos.address))
    app.blueprint(
        console_blueprint(
            ConsoleDeps(
                store=store,
                live=live,
                ownership=Ownership(store, live, city, catalog, clock),
                catalog=catalog,
                city=city,
                city_now=city_now,
                city_file=settings.city,
                clock=clock,
                published=published,
                media=deps.media,
                photo_quotas=deps.photo_quotas,
                secure_cookies=settings.cookie_secure,
                address=client_address,
                wait=lambda request: deps.limits.take("page-by-address", client_address(request)),
                closing=closing,
                capabilities={name: channel.capabilities for name, channel in built.items()},
                billing={name: one.billing for name, one in built.items() if isinstance(one, Bills)},
                devices=KnownDevices(settings.secret.encode()),
                secret=settings.secret.encode(),
                previous_secret=settings.previous_secret.encode(),
                public_url=settings.public_url,
                environ=environ,
                viewers=RedisViewers(redis, clock),
                push=deps.push,
                assist=build_assistants(city, environ, settings.private_hosts),
                idle=timedelta(minutes=settings.console_idle_minutes),
                count_denied=metrics.access_denied,
                count_sign_in=metrics.sign_in,
                request_photo=report_photos.address,
                widget_origins=settings.widget_origins,
                web_dir=settings.web_dir,
                streets=load_street_positions(settings.content / "street_positions.csv"),
            )
        )
    )
    app.blueprint(
        open311_blueprint(
            RequestBook(store, clock),
            services,
            [settings.open311_key] if settings.open311_key else [],
            clock,
            jurisdiction=next((one.jurisdiction for one in city.backends if one.jurisdiction), None),
            publisher=lambda: Publisher(
                city.name, f"{city.phone}, {city.website}", city.website, city.public_places
            ),
            language=city.language,
            zone=ZoneNow(lambda: city.zone),
            public_url=settings.public_url,
            demo=city.demo,
            wait=lambda request: deps.limits.take("georeport-by-address", client_address(request)),
            photos=report_photos,
            address=client_address,
            promised=lambda service, at: promised_at(city, service, at),
            inside=lambda latitude, longitude: Boundary(city.boundary).contains(latitude, longitude),
        )
    )
    app.blueprint(static_blueprint(StaticFiles(settings.web_dir, lambda: page_values(city))))
    return app


def _configure(app: "Sanic[Any, Any]", settings: Settings) -> None:
    app.config.update(
        {
            "REQUEST_MAX_SIZE": WEBHOOK_BYTES,  # the largest of any route; forms.request enforces each route's own
            "REQUEST_TIMEOUT": HEADER_SECONDS,
            "RESPONSE_TIMEOUT": REQUEST_SECONDS,
            "KEEP_ALIVE_TIMEOUT": KEEP_ALIVE_SECONDS,
            "ACCESS_LOG": False,
            "MOTD": False,
            "AUTO_EXTEND": False,
            "FALLBACK_ERROR_FORMAT": "json",
            "PROXIES_COUNT": settings.trusted_proxies or None,
        }
    )
    sanic_logger.setLevel("WARNING")


def page_values(city: City) -> dict[str, str]:
    """What a page of the site may name."""
    return {
        "city": city.name,
        "name": city.name,
        "language": city.language,
        "languages": ",".join(city.offered_languages),
        "website": city.website,
        "phone": city.phone,
        "emergency_number": city.emergency_number,
        "office_address": city.office_address,
        "demo": "true" if city.demo else "",
    }


async def _count_inboxes(store: Store, city: City, metrics: GatewayMetrics) -> None:
    try:
        known = await health.list_health(store.pool)
    except (*UNREACHABLE, UndefinedTableError):
        return  # /metrics still answers while the database is unavailable or not migrated yet
    for inbox in city.inboxes:
        metrics.inbox(inbox.name, known.get(inbox.name, health.Health(inbox.name)))


async def _nobody(_: str) -> None:
    """The worker delivers messages, not the gateway."""
