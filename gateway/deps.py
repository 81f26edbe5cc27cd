"""The dependencies shared by the gateway's modules. Built once, in app.py."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from sanic import Request

from channels.base import Channel
from channels.web.channel import WebChannel
from city import City
from desk.inbound.intake import Intake
from desk.inbound.web_sessions import contact_of
from desk.knowledge.catalogue import Catalog
from desk.media.files import MediaFiles
from desk.media.quotas import PhotoQuotas
from desk.model import Clock, Contact
from desk.push.subscribing import PushOffer
from desk.runtime.live import Live
from desk.store.pool import Store
from gateway.citizen.log_positions import LogPositions
from gateway.citizen.open_waits import Closing, OpenWaits
from gateway.limits import Limits
from gateway.ops.metrics import GatewayMetrics
from gateway.problems import session_over
from gateway.settings import Settings


@dataclass(frozen=True, slots=True)
class Deps:
    """`channels` holds the webhook channels by inbox name; `web_inbox` is the inbox of the web chat."""

    settings: Settings
    city: City
    catalog: Catalog
    store: Store
    live: Live
    intake: Intake
    limits: Limits
    media: MediaFiles
    photo_quotas: PhotoQuotas
    web: WebChannel
    web_inbox: str
    channels: Mapping[str, Channel]
    clock: Clock
    log_positions: LogPositions
    push: PushOffer
    metrics: GatewayMetrics = field(default_factory=GatewayMetrics)
    closing: Closing = field(default_factory=Closing)
    waits: OpenWaits = field(default_factory=OpenWaits)


async def bearer(deps: Deps, request: Request) -> Contact:
    """The contact whose token the request carries. Raises Problem 401."""
    return await holder(deps, request, bearer_token(request))


def bearer_token(request: Request) -> str:
    """The token in the Authorization header, unverified. Raises Problem 401 if there is none."""
    kind, _, token = request.headers.getone("authorization", "").partition(" ")
    if kind.lower() != "bearer":
        raise session_over()
    return str(token).strip()


async def holder(deps: Deps, request: Request, token: str) -> Contact:
    """The contact that this token belongs to. Raises Problem 401."""
    # A token in any other format was never issued by us, so no query is needed.
    if not (token.isascii() and 40 <= len(token) <= 64):
        raise session_over()
    contact = await contact_of(deps.store, token, deps.clock())
    if contact is None:
        raise session_over()
    request.ctx.contact_id = str(contact.id)
    return contact
