"""The console's dependencies, supplied by the application that mounts it; it builds nothing that outlives a
request."""

from collections.abc import Awaitable, Callable, Mapping
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from secrets import token_bytes
from typing import Protocol

from sanic import Request

from channels.base import Billing, Capabilities
from city import City
from city.street_positions import StreetPositions
from desk.assist.providers import Assistants
from desk.conversations.ownership import Ownership
from desk.knowledge.catalogue import Catalog
from desk.knowledge.publishing.published import PublishedAnswers
from desk.media.files import MediaFiles
from desk.media.quotas import PhotoQuotas
from desk.model import Clock
from desk.people.devices import KnownDevices
from desk.people.passwords import Passwords
from desk.people.sessions import IDLE
from desk.push.keys import PushKeys
from desk.push.subscribing import PushOffer
from desk.routing.team_directory import TeamDirectory
from desk.runtime.live import Live
from desk.runtime.viewers import NoViewers, Viewers
from desk.setup.city_now import CityNow
from desk.store.pool import Store


class Closing(Protocol):
    """Ends waits when the process shuts down, so that an open stream does not delay a restart."""

    closed: bool

    def waits(self) -> AbstractContextManager[None]:
        """A block that ends early, without an error, at shutdown."""
        ...


class NeverClosing:
    """For tests and applications without a shutdown phase."""

    closed = False

    def waits(self) -> AbstractContextManager[None]:
        """An ordinary block."""
        return nullcontext()


def _peer(request: Request) -> str:
    return str(request.client_ip or "unknown")


async def _at_once(_: Request) -> float:
    """Nobody has to wait."""
    return 0


def _uncounted(_: str) -> None:
    """Counts nothing."""


@dataclass(frozen=True, slots=True)
class ConsoleDeps:
    """`city_now` renews the city, `published` the answers, `city_file` is its seed; `secure_cookies` is false only if the public address is plain HTTP.
    `capabilities`, by inbox, determine what agents may send, and until when. `billing`, by inbox, is what
    paid inboxes may spend. `address` returns where a sign-in comes from (it knows which proxies to trust).
    `wait` returns the seconds until a client that is not signed in may load its next page.
    `viewers` says who has a conversation open. `assist`: the city's providers of translations and drafts, if any. `push`: how devices subscribe to notices.
    `devices` must sign with the same key in every gateway, and `secret` be the same: it encrypts what second factors need.
    What `previous_secret` has encrypted can still be read.
    `public_url` is where people reach the console. `environ` holds the secret of the city's own sign-in. `idle`: a session ends this long after a
    person's last input. `count_denied` is called with what was refused, `count_sign_in` with the result of
    a sign-in: signed_in, refused or slowed. `request_photo` returns the web address of a photo that our
    GeoReport server keeps. `widget_origins` are other sites that may use the chat. `streets` are drawn on the map of requests. The gateway serves web/dist/console/{console.js,console.css}
    under /assets/console/.
    """

    store: Store
    live: Live
    ownership: Ownership
    catalog: Catalog
    city: City
    clock: Clock
    media: MediaFiles
    photo_quotas: PhotoQuotas
    secure_cookies: bool = True
    city_now: CityNow | None = None
    published: PublishedAnswers | None = None
    city_file: Path = Path("city.yml")
    address: Callable[[Request], str] = _peer
    wait: Callable[[Request], Awaitable[float]] = _at_once
    capabilities: Mapping[str, Capabilities] = field(default_factory=dict)
    billing: Mapping[str, Billing] = field(default_factory=dict)
    closing: Closing = field(default_factory=NeverClosing)
    passwords: Passwords = field(default_factory=Passwords)
    devices: KnownDevices = field(default_factory=lambda: KnownDevices(token_bytes(32)))
    secret: bytes = field(default_factory=lambda: token_bytes(32))
    previous_secret: bytes = b""
    public_url: str = "http://localhost"
    environ: Mapping[str, str] = field(default_factory=dict)
    viewers: Viewers = field(default_factory=NoViewers)
    assist: Assistants = field(default_factory=Assistants)
    push: PushOffer = field(default_factory=lambda: PushOffer(PushKeys(token_bytes(32), "")))
    idle: timedelta = IDLE
    count_denied: Callable[[str], None] = _uncounted
    count_sign_in: Callable[[str], None] = _uncounted
    request_photo: Callable[[str], str] = str
    widget_origins: tuple[str, ...] = ()
    web_dir: Path = Path("web/dist")
    streets: StreetPositions = field(default_factory=StreetPositions)

    @property
    def teams(self) -> TeamDirectory:
        """The teams as they are now."""
        return self.ownership.handoffs.teams
