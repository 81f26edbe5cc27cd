"""LINE's side: its description as a judge of calls and events, and a strict fake that knows keys and tokens."""

import copy
from collections.abc import AsyncIterator, Collection, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from functools import cache
from types import MappingProxyType
from typing import Any

import aiohttp
import jsonschema
from aiohttp import web

from channels.base import Button, Inbound, MediaRef, Request
from channels.line.channel import LineChannel
from tests.channels.sockets import serving
from tests.channels.specimens.line import PERSON, SPECIMEN, TOKEN, deliver
from tests.channels.vendors import cut, description

PATHS = (
    *(
        "/v2/bot/message/push",
        "/v2/bot/message/reply",
        "/v2/bot/chat/loading/start",
        "/v2/bot/chat/markAsRead",
    ),
    *("/v2/bot/info", "/v2/bot/channel/webhook/endpoint", "/v2/bot/channel/webhook/test"),
    *("/v2/bot/message/quota", "/v2/bot/message/quota/consumption", "/v2/bot/profile/{userId}"),
)

OURS = {"Message": ("text", "image"), "Action": ("postback", "location"), "SubstitutionObject": ()}


def channel(http: aiohttp.ClientSession | None = None, **settings: str) -> LineChannel:
    opened = SPECIMEN.open(http, **settings)
    assert isinstance(opened, LineChannel)
    return opened


@cache
def calls() -> Any:
    """What Prism serves: the calls we make."""
    return cut(exact(description("line.yml"), OURS), PATHS)


@cache
def events() -> jsonschema.Draft202012Validator:
    """Judges the body of a webhook."""
    whole = exact(description("line-webhook.yml"))
    schema = {"$ref": "#/components/schemas/CallbackRequest", "components": whole["components"]}
    return jsonschema.Draft202012Validator(schema)


def exact(described: Any, kinds: Mapping[str, Collection[str]] = MappingProxyType({})) -> Any:
    """The description in which a discriminator decides, as LINE means it. Validators look at the base alone otherwise:
    to them every message is fine that has a type. `kinds` leaves out the others, which take Prism long to read."""
    whole = copy.deepcopy(described)
    schemas = whole["components"]["schemas"]
    deciding = {name: one["discriminator"] for name, one in schemas.items() if "discriminator" in one}
    _redirect(
        whole, {f"#/components/schemas/{name}": f"#/components/schemas/Exact{name}" for name in deciding}
    )
    for name, decides in deciding.items():
        key = decides["propertyName"]
        schemas[name].pop("discriminator")
        schemas[f"Exact{name}"] = {
            "oneOf": [
                {
                    "allOf": [
                        {"$ref": kind},
                        {"type": "object", "required": [key], "properties": {key: {"enum": [value]}}},
                    ]
                }
                for value, kind in decides["mapping"].items()
                if value in kinds.get(name, decides["mapping"])
            ]
        }
    return whole


def _redirect(node: Any, exact_names: dict[str, str], inside: str = "") -> None:
    """Point each use at the exact schema; a kind's own `allOf` keeps the base it extends."""
    if isinstance(node, dict):
        if inside != "allOf" and node.get("$ref") in exact_names:
            node["$ref"] = exact_names[node["$ref"]]
        for key, child in node.items():
            if key != "discriminator":
                _redirect(child, exact_names, key)
    elif isinstance(node, list):
        for child in node:
            _redirect(child, exact_names, inside)


@dataclass
class Line:
    """What a citizen got, and what to answer next: a status and a document, or None for no answer at all."""

    url: str = ""
    seen: list[dict[str, Any]] = field(default_factory=list)
    calls: list[tuple[str, dict[str, Any]]] = field(default_factory=list)
    reply_tokens: set[str] = field(default_factory=set)
    next: list[tuple[int, Any] | None] = field(default_factory=list)
    keys: dict[str, list[dict[str, str]]] = field(default_factory=dict)

    @property
    def said(self) -> list[str]:
        """Every text that reached the citizen."""
        return [message["text"] for message in self.seen if message["type"] == "text"]


@asynccontextmanager
async def line() -> AsyncIterator[tuple[Line, aiohttp.ClientSession]]:
    """A LINE that takes a retry key once, a reply token once, and nobody without the token."""
    fake = Line()

    async def handle(request: web.Request) -> web.StreamResponse:
        if request.headers.get("Authorization") != f"Bearer {TOKEN}":
            return web.json_response({"message": "Authentication failed."}, status=401)
        if request.path.endswith("/content"):
            return web.Response(body=b"\xff\xd8\xff a photo", content_type="image/jpeg")
        call = await request.json()
        fake.calls.append((request.path, call))
        wanted = fake.next.pop(0) if fake.next else (200, None)
        if wanted is not None and wanted[1] is not None:
            return web.json_response(wanted[1], status=wanted[0])
        answer = _take(fake, request, call)
        if wanted is None:
            # It took the message, and the answer is lost.
            assert request.transport is not None
            request.transport.close()
        return answer

    async with serving(handle) as fake.url, aiohttp.ClientSession() as http:
        yield fake, http


def _take(fake: Line, request: web.Request, call: Any) -> web.Response:
    match request.path.rpartition("/")[2]:
        case "push":
            if call["to"] != PERSON:
                return web.json_response({"message": "Failed to send messages"}, status=400)
            key = request.headers["X-Line-Retry-Key"]
            status = 409 if key in fake.keys else 200
            sent = fake.keys.setdefault(key, _numbers(fake, call))
            if status == 200:
                fake.seen += call["messages"]
            return web.json_response({"sentMessages": sent}, status=status)
        case "reply":
            if call["replyToken"] not in fake.reply_tokens:
                return web.json_response({"message": "Invalid reply token"}, status=400)
            fake.reply_tokens.remove(call["replyToken"])
            sent = _numbers(fake, call)
            fake.seen += call["messages"]
            return web.json_response({"sentMessages": sent})
        case _:
            return web.json_response({}, status=202)


def _numbers(fake: Line, call: Any) -> list[dict[str, str]]:
    return [{"id": f"46123{len(fake.seen) + place}"} for place, _ in enumerate(call["messages"])]


FIXTURES = SPECIMEN.fixtures()
KEY = "4b6f3d0e-0000-4000-8000-000000000001:0"
CHOICES = tuple(Button(f"b{number}", f"Choice number {number}") for number in range(1, 15))
PHOTO = MediaRef("m1", "image/jpeg", None, "https://desk.example/media/m1")
REPLY = {"reply_token": "nHuyWiB7yP5Zw52FIkcQobQuGDXCTA01"}


def parse(name: str) -> list[Inbound]:
    return channel().parse(deliver(FIXTURES[name]))


def only(name: str) -> Inbound:
    (inbound,) = parse(name)
    return inbound


def messages(request: Request) -> list[dict[str, Any]]:
    found: Any = request.payload["messages"]
    return list(found)
