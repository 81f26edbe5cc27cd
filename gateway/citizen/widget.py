"""The web chat's endpoints under /chat/v1, as the docs and the widget specify them."""

import msgspec
from babel import Locale, UnknownLocaleError
from sanic import Blueprint, Request
from sanic.response import HTTPResponse, json

from channels.base import Inbound, MalformedPayload, Webhook
from channels.web.channel import BODY_BYTES, CONTACT_HEADER, TEXT_LENGTH
from channels.web.channel import MessageRefused as ChannelRefused
from desk.inbound.web_sessions import WebSession, ask_erasure, end_session, open_session, origin_of, token_key
from desk.model import Contact, Refused
from desk.routing.hours import is_open, next_opening
from gateway.citizen.contract import (
    AcceptedView,
    ConfigView,
    LanguageView,
    LimitsView,
    OfficeView,
    SessionView,
)
from gateway.citizen.media import PHOTO_BYTES
from gateway.citizen.stream import Window, poll, stream
from gateway.citizen.views import builtins_of
from gateway.deps import Deps, bearer, bearer_token, holder
from gateway.headers import client_address
from gateway.problems import Problem

LONGEST_WAIT = 25.0
HIGHEST_SEQ = 2**62
SESSION_BYTES = 4_096


class NewSession(msgspec.Struct):
    """`language`: the citizen's, if the city writes in it."""

    language: str | None = None


def widget_blueprint(deps: Deps) -> Blueprint:
    """Session, config, messages and stream endpoints."""
    blueprint = Blueprint("widget", url_prefix="/chat/v1")

    @blueprint.post("/session", ctx_body_bytes=SESSION_BYTES)
    async def session(request: Request) -> HTTPResponse:
        try:
            asked = msgspec.json.decode(request.body or b"{}", type=NewSession)
        except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
            raise Problem(400, "unreadable", "This request could not be read. Reload the page.") from None
        opened = await start_session(deps, request, asked.language)
        view = SessionView(opened.token, opened.expires_at.isoformat())
        return json(builtins_of(view), status=201)

    @blueprint.get("/config")
    async def config(request: Request) -> HTTPResponse:
        # Every site may read it: a widget on a site that is not allowed learns so here, and can tell the citizen.
        return json(
            builtins_of(config_view(deps, _origin_allowed(deps, request))),
            headers={
                "cache-control": "public, max-age=60",
                "access-control-allow-origin": "*",
                "cross-origin-resource-policy": "cross-origin",
                "vary": "Origin",
            },
        )

    @blueprint.get("/messages")
    async def messages(request: Request) -> HTTPResponse:
        window = await _window(deps, request)
        return json(await poll(deps, window, _after(request), _wait(request)))

    @blueprint.post("/messages")
    async def post(request: Request) -> HTTPResponse:
        contact = await bearer(deps, request)
        inbound = await post_message(deps, request, contact, request.body)
        client_id = inbound.external_id.partition(":")[2]
        return json(builtins_of(AcceptedView(client_id, accepted=True)), status=202)

    @blueprint.get("/stream")
    async def events(request: Request) -> None:
        window = await _window(deps, request)
        await stream(deps, request, window, _after(request))

    @blueprint.post("/end", ctx_body_bytes=SESSION_BYTES)
    async def end(request: Request) -> HTTPResponse:
        token = bearer_token(request)
        await holder(deps, request, token)
        await end_session(deps.store, deps.live, token)
        return HTTPResponse(status=204)

    @blueprint.post("/erase", ctx_body_bytes=SESSION_BYTES)
    async def erase(request: Request) -> HTTPResponse:
        contact = await bearer(deps, request)
        await deps.limits.check("post", session=str(contact.id), address=client_address(request))
        await ask_erasure(deps.store, deps.live, contact)
        return HTTPResponse(status=204)

    return blueprint


async def _window(deps: Deps, request: Request) -> Window:
    token, address = bearer_token(request), client_address(request)
    await deps.limits.check("read", address=address)  # before a token is looked up, which anybody can make up
    contact = await holder(deps, request, token)
    await deps.limits.check("read", session=str(contact.id))
    return Window(contact, token_key(token), address)


async def start_session(deps: Deps, request: Request, language: str | None) -> WebSession:
    """Create a new web chat contact. A language that the city does not offer is ignored."""
    await deps.limits.check("session", address=client_address(request))
    language = language if language in deps.city.languages else None
    origin = origin_of(deps.settings.secret, client_address(request))
    return await open_session(deps.store, deps.web_inbox, language, deps.clock(), origin)


async def post_message(deps: Deps, request: Request, contact: Contact, body: bytes) -> Inbound:
    """Accept one message from this contact; it is committed when this returns. Raises Problem."""
    if len(body) > BODY_BYTES:
        raise Problem(413, "too_long", f"Your message is too long. Shorten it to {TEXT_LENGTH:,} characters.")
    await deps.limits.check("post", session=str(contact.id), address=client_address(request))
    webhook = Webhook(headers={CONTACT_HEADER: str(contact.id)}, body=body, path=request.path)
    try:
        deps.web.verify(webhook)
        (inbound,) = deps.web.parse(webhook)
        if inbound.chosen_language is not None and inbound.chosen_language not in deps.city.languages:
            raise Problem(422, "language", "The city does not write in this language. Choose another one.")
        received = await deps.intake.receive_from(contact, inbound, trace_id=request.ctx.request_id)
    except (ChannelRefused, Refused) as refusal:
        raise Problem(422, refusal.code, str(refusal)) from None
    except MalformedPayload as error:
        raise Problem(400, "unreadable", str(error)) from None
    if received.new:
        deps.metrics.messages.labels(deps.web_inbox).inc()
    return inbound


def _origin_allowed(deps: Deps, request: Request) -> bool:
    """Whether pages of the site that asks may send messages. Browsers send no Origin from our own pages."""
    origin = request.headers.getone("origin", "")
    allowed = (deps.settings.public_url, *deps.settings.widget_origins)
    return not origin or origin in allowed or origin.partition("://")[2] == request.headers.getone("host", "")


def config_view(deps: Deps, origin_allowed: bool) -> ConfigView:
    """The configuration that the widget needs before the conversation starts."""
    city, now = deps.city, deps.clock()
    opens_at = next_opening(city, now)
    return ConfigView(
        city=city.name,
        demo=city.demo,
        languages=[LanguageView(code, language_name(code)) for code in city.offered_languages],
        limits=LimitsView(TEXT_LENGTH, PHOTO_BYTES),
        emergency_number=city.emergency_number,
        office=OfficeView(is_open(city, now), opens_at.isoformat() if opens_at else None),
        origin_allowed=origin_allowed,
        map_credit=city.map.credit if city.map else None,
        greetings={
            code: text for code in city.languages if (text := deps.catalog.greeting(deps.web_inbox, code))
        },
    )


def language_name(code: str) -> str:
    """The language's own name, which its speakers look for: Español, not Spanish."""
    try:
        name = Locale.parse(code).get_display_name(code) or code
    except (UnknownLocaleError, ValueError):
        return code
    return name[:1].upper() + name[1:]


def _after(request: Request) -> int:
    given = str(request.args.get("after") or request.headers.getone("last-event-id", "") or "0")
    if not (given.isascii() and given.isdigit()) or len(given) > 19 or int(given) > HIGHEST_SEQ:
        raise Problem(400, "unreadable", "'after' must be the number of the last message you have.")
    return int(given)


def _wait(request: Request) -> float:
    given = str(request.args.get("wait") or "0")
    if not (given.isascii() and given.isdigit()) or len(given) > 6:
        raise Problem(400, "unreadable", "'wait' must be a number of seconds from 0 to 25.")
    return min(float(given), LONGEST_WAIT)
