"""/chat/v1/push: a citizen's browser subscribes to notices of an agent's reply while no page of the chat is open (web push)."""

from typing import TypeVar

import msgspec
from sanic import Blueprint, Request
from sanic.response import HTTPResponse, json

from desk.inbound.web_sessions import token_key
from desk.model import Contact, Refused
from desk.push.kinds import MOST_BROWSERS
from desk.push.subscribing import Subscription, new_contact_device
from desk.store.inbound import contact_devices
from gateway.citizen.contract import PushKeyView
from gateway.citizen.views import builtins_of
from gateway.deps import Deps, bearer, bearer_token
from gateway.headers import client_address
from gateway.problems import Problem

BODY_BYTES = 4_096


class PushEnd(msgspec.Struct):
    """The browser's subscription that has ended."""

    endpoint: str


class PushSubscription(msgspec.Struct):
    """As the browser's script gives it; `p256dh` and `auth` in base64url."""

    endpoint: str
    p256dh: str
    auth: str


Asked = TypeVar("Asked", PushSubscription, PushEnd)


def push_blueprint(deps: Deps) -> Blueprint:
    """The three endpoints."""
    blueprint = Blueprint("push", url_prefix="/chat/v1/push")

    @blueprint.get("")
    async def key(_: Request) -> HTTPResponse:
        view = PushKeyView(deps.push.keys.public)
        return json(builtins_of(view), headers={"cache-control": "public, max-age=300"})

    @blueprint.post("", ctx_body_bytes=BODY_BYTES)
    async def begin(request: Request) -> HTTPResponse:
        contact = await _contact(deps, request)
        asked = _read(request, PushSubscription)
        given = Subscription(asked.endpoint, asked.p256dh, asked.auth)
        try:
            new = new_contact_device(
                deps.push, given, contact_id=contact.id, token_hash=token_key(bearer_token(request))
            )
        except Refused as refusal:
            raise Problem(422, refusal.code, str(refusal)) from None
        async with deps.store.transaction() as transaction:
            kept = await contact_devices.add_device(transaction, new, MOST_BROWSERS, deps.clock())
        if not kept:
            raise Problem(
                422,
                "too_many",
                f"This conversation has notices on {MOST_BROWSERS} devices. Nothing was turned on.",
            )
        return HTTPResponse(status=204)

    @blueprint.post("/end", ctx_body_bytes=BODY_BYTES)
    async def end(request: Request) -> HTTPResponse:
        contact = await _contact(deps, request)
        endpoint = _read(request, PushEnd).endpoint
        if endpoint.isascii() and endpoint.isprintable():  # no other is kept
            await contact_devices.delete_device(deps.store.pool, contact.id, endpoint)
        return HTTPResponse(status=204)

    return blueprint


async def _contact(deps: Deps, request: Request) -> Contact:
    contact = await bearer(deps, request)
    await deps.limits.check("post", session=str(contact.id), address=client_address(request))
    return contact


def _read(request: Request, kind: type[Asked]) -> Asked:
    try:
        return msgspec.json.decode(request.body or b"", type=kind)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
        raise Problem(400, "unreadable", "This request could not be read. Reload the page.") from None
