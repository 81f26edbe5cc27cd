"""LINE's side: a validator of its events, and a strict fake that checks keys and tokens."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from functools import cache
from typing import Any

import aiohttp
import jsonschema
from aiohttp import web

from channels.base import Button, Inbound, MediaRef, Request
from channels.line.channel import LineChannel
from tests.support.described import validator
from tests.support.sockets import serving
from tests.support.specimens.line import PERSON, SPECIMEN, TOKEN, deliver


def channel(http: aiohttp.ClientSession | None = None, **settings: str) -> LineChannel:
    opened = SPECIMEN.open(http, **settings)
    assert isinstance(opened, LineChannel)
    return opened


@cache
def events() -> jsonschema.Draft202012Validator:
    """Judges the body of a webhook."""
    return validator("line_webhook")


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
    """A fake LINE that accepts a retry key once, a reply token once, and no call without the token."""
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
