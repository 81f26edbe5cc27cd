"""The systems outside the desk that the worker calls: the bot, the channels' providers, the back ends."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from secrets import token_bytes
from urllib.parse import quote

import aiohttp
from redis.asyncio import Redis
from redis.asyncio.retry import Retry
from redis.backoff import NoBackoff

from backends.base import Backend
from backends.geocoding.base import Geocoder
from backends.geocoding.gazetteer import Gazetteer
from backends.registry import build_backend
from channels.base import Channel
from channels.kit.allowance import Allowance
from channels.mail.reader import MailReader
from channels.registry import ChannelSetup, Factory, open_inboxes
from city import BackendConfig, City
from city.hours import ZoneNow
from city.routes import Routes
from city.services import CityService
from city.street_positions import StreetPositions
from desk.model import Clock
from desk.outbound.rate_limits import RateLimits
from desk.partners.links import PartnerLink, no_link
from desk.partners.registry import Partner
from desk.people.identity.codes import IdentityCodes
from desk.requests.news import StatusPage, no_page
from desk.settings import DeskSettings, file_secrets
from desk.turns.bot_client import BotClient, HttpBotClient


@dataclass(frozen=True, slots=True)
class Outside:
    """The systems that the worker calls. `channels` are keyed by inbox, `backends` by their names in
    city.yml; `routes` maps a service to its back end; `services` have their names. `media_url` makes a link from which they can fetch one
    of our files. `partners` are partner desks by name. `codes` are those of identity checks. `status_page` is the public page of a
    request. `partner_link` makes the address on which a partner that gets mails answers. `geocoder` knows where
    a corrected address is."""

    bot_client: BotClient
    channels: Mapping[str, Channel]
    backends: Mapping[str, Backend]
    routes: Routes
    media_url: Callable[[str], str]
    rates: RateLimits = field(default_factory=lambda: RateLimits(None))
    services: Mapping[str, CityService] = field(default_factory=dict)
    codes: IdentityCodes = field(default_factory=lambda: IdentityCodes(token_bytes(32)))
    partners: Mapping[str, Partner] = field(default_factory=dict)
    private_hosts: tuple[str, ...] = ()
    status_page: StatusPage = no_page
    partner_link: PartnerLink = no_link
    geocoder: Geocoder = field(default_factory=lambda: Gazetteer(StreetPositions()))


def open_channels(
    city: City,
    environ: Mapping[str, str],
    public_url: str,
    session: aiohttp.ClientSession,
    allowance: Allowance,
    mail_reader: MailReader,
    channels: Mapping[str, Factory],
) -> dict[str, Channel]:
    """The channel of each inbox in city.yml. `channels` is the registry. Raises LookupError for a missing setting."""

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


def open_backends(
    city: City, session: aiohttp.ClientSession, environ: Mapping[str, str], private_hosts: tuple[str, ...]
) -> dict[str, Backend]:
    """The client of each back end in city.yml, by name. Raises BackendConfigError."""
    secrets = file_secrets(environ, [config.api_key_env for config in city.backends if config.api_key_env])
    environ = {**environ, **secrets}
    return {
        config.name: build_backend(
            config,
            session,
            environ.get(config.api_key_env or "") or None,
            url=environ.get(config.url_env or "") or None,
            zone=ZoneNow(lambda: city.zone),
            private_hosts=private_hosts,
        )
        for config in city.backends
    }


def own_pages(public_url: str, backends: Iterable[BackendConfig]) -> StatusPage:
    """The pages of our own request book (gateway/georeport/request_pages.py)."""
    ours = {one.name for one in backends if one.kind == "reference"}

    def page(backend: str, reference: str, language: str) -> str | None:
        number = quote(reference, safe="")
        return f"{public_url.rstrip('/')}/requests/{number}?language={language}" if backend in ours else None

    return page


def open_bot(settings: DeskSettings, session: aiohttp.ClientSession, clock: Clock) -> HttpBotClient:
    """The bot over HTTP."""
    return HttpBotClient(session, str(settings.bot_url), settings.bot_secret.get_secret_value(), clock)


def open_redis(url: str) -> Redis:
    """A client that gives up at once: everything works without Redis, only later."""
    client: Redis = Redis.from_url(
        url, socket_timeout=0.5, socket_connect_timeout=0.5, retry=Retry(NoBackoff(), 0)
    )
    return client
