"""Telegram's side: a validator of calls and updates from the table of its API, and a strict fake of the Bot API."""

import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

import aiohttp
from aiohttp import web

from channels.base import Inbound, Outbound, Webhook
from channels.kit.setup import ChannelSetup
from channels.telegram.channel import SECRET_HEADER, TelegramChannel
from tests.support.described import description
from tests.support.sockets import running

TOKEN = "6200000001:AAHdqTcvCH1vGWJxfSeofSAs0K5PALDsaw0"
SECRET = "a_word-of_our-own"
CITIZEN = "71530042"
FIXTURES = Path(__file__).parents[2] / "fixtures" / "telegram"
NAMES = sorted(path.stem for path in FIXTURES.glob("*.json"))


def fixture(name: str) -> dict[str, Any]:
    update: dict[str, Any] = json.loads((FIXTURES / f"{name}.json").read_text("utf-8"))
    return update


def post(update: object, secret: str = SECRET) -> Webhook:
    """The update as Telegram posts it."""
    body = update if isinstance(update, bytes) else json.dumps(update).encode()
    return Webhook({"content-type": "application/json", SECRET_HEADER: secret}, body)


async def nobody(_: str) -> None: ...


def channel(http: aiohttp.ClientSession | None = None, **settings: str) -> TelegramChannel:
    given = {"token": TOKEN, "secret": SECRET, **settings}
    return TelegramChannel(ChannelSetup(nobody, given, "telegram", "https://desk.example", http))


@dataclass(frozen=True)
class Field:
    """What a field may hold (one of these types), and whether it must be there."""

    kinds: tuple[str, ...]
    required: bool


class Judge:
    """The table as a validator: a value must be one of the types that a field allows, and have no other field."""

    def __init__(self, table: dict[str, Any]) -> None:
        self._types = {name: fields(one) for name, one in table["types"].items() if isinstance(one, dict)}
        self._unions = {name: one for name, one in table["types"].items() if isinstance(one, list)}
        self._methods = {name: fields(one) for name, one in table["methods"].items()}

    def call(self, method: str, payload: dict[str, Any]) -> list[str]:
        """What is wrong with this call."""
        if method not in self._methods:
            return [f"there is no method {method}"]
        return self._object(method, self._methods[method], payload)

    def update(self, update: dict[str, Any]) -> list[str]:
        """What is wrong with this update."""
        return self._typed("Update", "Update", update)

    def _object(self, where: str, fields: dict[str, Field], value: dict[str, Any]) -> list[str]:
        wrong = [f"{where}.{name} is not known" for name in value if name not in fields]
        wrong += [
            f"{where}.{name} is missing" for name, one in fields.items() if one.required and name not in value
        ]
        for name in value.keys() & fields.keys():
            tries = [self._typed(f"{where}.{name}", kind, value[name]) for kind in fields[name].kinds]
            fewest = min(tries, key=len)
            wrong += fewest
        return wrong

    def _typed(self, where: str, kind: str, value: Any) -> list[str]:
        if kind.startswith("="):
            return [] if value == kind[1:] else [f"{where} is not {kind[1:]}"]
        if kind.startswith("Array of "):
            if not isinstance(value, list):
                return [f"{where} is no array"]
            return [wrong for one in value for wrong in self._typed(f"{where}[]", kind[9:], one)]
        plain = {"Integer": int, "String": str, "Boolean": bool, "Float": float | int}.get(kind)
        if plain is not None:
            fine = isinstance(value, plain) and (kind == "Boolean") == isinstance(value, bool)
            return [] if fine else [f"{where} is no {kind}"]
        if kind in self._unions:
            return min((self._typed(where, one, value) for one in self._unions[kind]), key=len)
        if not isinstance(value, dict):
            return [f"{where} is no {kind}"]
        return self._object(where, self._types[kind], value)


def fields(declared: dict[str, str]) -> dict[str, Field]:
    """The lines of a type or a method."""
    return {
        name.removesuffix("?"): Field(tuple(kinds.split(" or ")), not name.endswith("?"))
        for name, kinds in declared.items()
    }


@cache
def judge() -> Judge:
    return Judge(description("telegram"))


@dataclass
class BotApi:
    """What was called; `next` are the answers to give instead of the usual ones: a status and a document each."""

    url: str = ""
    calls: list[tuple[str, dict[str, Any]]] = field(default_factory=list)
    next: list[tuple[int, dict[str, Any]]] = field(default_factory=list)
    webhook: dict[str, Any] = field(default_factory=lambda: {"url": ""})

    @property
    def said(self) -> list[str]:
        """Every text that reached the citizen."""
        return [
            call.get("text") or call["caption"] for _, call in self.calls if {"text", "caption"} & call.keys()
        ]


@asynccontextmanager
async def bot_api() -> AsyncIterator[tuple[BotApi, aiohttp.ClientSession]]:
    """A Bot API that refuses what Telegram refuses, and what its own description does not allow."""
    fake = BotApi()

    async def handle(request: web.Request) -> web.Response:
        if request.match_info["token"] != TOKEN:
            return _error(401, "Unauthorized")
        method = request.match_info["method"]
        # Telegram takes forms as well, and clients that send them.
        call = (
            await request.json() if request.content_type == "application/json" else dict(await request.post())
        )
        if wrong := judge().call(method, call) + _limits(call):
            return _error(400, f"Bad Request: {'; '.join(wrong)}")
        if fake.next:
            status, document = fake.next.pop(0)
            return web.json_response(document, status=status)
        fake.calls.append((method, call))
        return web.json_response({"ok": True, "result": _result(fake, method, call)})

    async def serve_file(request: web.Request) -> web.Response:
        return web.Response(body=b"\xff\xd8\xff\xe0 a photo", content_type="application/octet-stream")

    app = web.Application()
    app.router.add_post("/bot{token}/{method}", handle)
    app.router.add_get("/file/bot{token}/{path:.*}", serve_file)
    async with running(app) as fake.url, aiohttp.ClientSession() as http:
        yield fake, http


def _error(code: int, description: str, **parameters: int) -> web.Response:
    return web.json_response(error(code, description, **parameters), status=code)


def error(code: int, description: str, **parameters: int) -> dict[str, Any]:
    """The document of a refusal."""
    more = {"parameters": parameters} if parameters else {}
    return {"ok": False, "error_code": code, "description": description, **more}


def _limits(call: dict[str, Any]) -> list[str]:
    wrong = []
    for name, most in (("text", 4096), ("caption", 1024)):
        if name in call and not 1 <= len(call[name].encode("utf-16-le")) // 2 <= most:
            wrong.append(f"{name} is empty or too long")
    for row in call.get("reply_markup", {}).get("inline_keyboard", []):
        for key in row:
            if not 1 <= len(key["callback_data"].encode()) <= 64:
                wrong.append("BUTTON_DATA_INVALID")
    return wrong


def _result(fake: BotApi, method: str, call: dict[str, Any]) -> object:
    match method:
        case "getMe":
            return {
                "id": 6200000001,
                "is_bot": True,
                "first_name": "Lindenport",
                "username": "lindenport_bot",
            }
        case "getWebhookInfo":
            return {"has_custom_certificate": False, "pending_update_count": 0, **fake.webhook}
        case "setWebhook":
            fake.webhook = {"url": call["url"], "allowed_updates": call["allowed_updates"]}
            return True
        case "getFile":
            return {
                "file_id": call["file_id"],
                "file_unique_id": "u",
                "file_size": 12,
                "file_path": "photos/file_7.jpg",
            }
        case "sendMessage" | "sendPhoto" | "sendDocument":
            chat = {"id": int(call["chat_id"]), "type": "private", "first_name": "A"}
            return {"message_id": len(fake.calls) + 1000, "date": 1795340000, "chat": chat}
        case _:
            return True


CHANNEL = channel()
SAY = Outbound("m1", CITIZEN, "Hello", "en")


def parse(name: str) -> Inbound:
    (inbound,) = CHANNEL.parse(post(fixture(name)))
    return inbound
