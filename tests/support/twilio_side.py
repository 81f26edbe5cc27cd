"""Twilio's side of the SMS tests: its library signs, a strict fake of its API answers over a real socket."""

import base64
import json
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import aiohttp
from aiohttp import web
from twilio.request_validator import RequestValidator

from channels.base import Outbound, Request, Webhook
from channels.kit.setup import ChannelSetup
from channels.sms.channel import SmsChannel
from tests.support.sockets import running

TOKEN = "0123456789abcdef0123456789abcdef"
SID = "AC" + "0" * 31 + "1"
NUMBER = "+15550100100"
CITIZEN = "+15550123456"
SENT = "SM" + "f" * 32
PUBLIC = "https://desk.example"
URL = f"{PUBLIC}/webhooks/sms"
FORM = "application/x-www-form-urlencoded; charset=UTF-8"
FIXTURES = Path(__file__).parents[1] / "fixtures" / "sms"


def fixture(name: str, **changed: str) -> dict[str, str]:
    """The fields of a post as Twilio sends it."""
    return {**json.loads((FIXTURES / f"{name}.json").read_text("utf-8")), **changed}


def post(fields: Mapping[str, str], *, url: str = URL, token: str = TOKEN, **headers: str) -> Webhook:
    """The post, signed by Twilio's own library."""
    signature = RequestValidator(token).compute_signature(url, dict(fields))
    return Webhook(
        headers={"x-twilio-signature": signature, "content-type": FORM, **headers},
        body=urlencode(fields).encode("ascii"),
        url=url,
    )


async def nobody(_: str) -> None: ...


def channel(
    http: aiohttp.ClientSession | None = None, *, public_url: str = PUBLIC, **settings: str
) -> SmsChannel:
    """An SMS inbox named "sms"."""
    given = {"account_sid": SID, "auth_token": TOKEN, "number": NUMBER, **settings}
    return SmsChannel(ChannelSetup(nobody, given, "sms", public_url, http, calling_code="+1"))


@dataclass
class Twilio:
    """What arrived, and what to answer next: a status with a body, or None for the usual 201."""

    base: str = ""
    messages: list[list[tuple[str, str]]] = field(default_factory=list)
    webhook: str = "https://demo.twilio.com/welcome/sms/reply/"
    refuse: tuple[int, object] | None = None
    retry_after: str | None = None


@asynccontextmanager
async def twilio() -> AsyncIterator[tuple[Twilio, aiohttp.ClientSession]]:
    """A Twilio that refuses what Twilio refuses: no password, JSON, no text, 1,601 characters, eleven pictures."""
    fake = Twilio()
    password = "Basic " + base64.b64encode(f"{SID}:{TOKEN}".encode()).decode()

    def refused(request: web.Request) -> web.Response | None:
        if request.headers.get("Authorization") != password:
            return web.json_response({"code": 20003, "message": "Authenticate", "status": 401}, status=401)
        if fake.refuse:
            status, document = fake.refuse
            headers = {"Retry-After": fake.retry_after} if fake.retry_after else {}
            return web.json_response(document, status=status, headers=headers)
        return None

    async def create(request: web.Request) -> web.Response:
        if no := refused(request):
            return no
        if request.content_type != "application/x-www-form-urlencoded":
            return web.json_response({"code": 20001, "message": "no form", "status": 400}, status=400)
        form = [(name, str(value)) for name, value in (await request.post()).items()]
        given = dict(form)
        pictures = [value for name, value in form if name == "MediaUrl"]
        code = None
        if not given.get("To"):
            code = 21604
        elif not given.get("From") and not given.get("MessagingServiceSid"):
            code = 21603
        elif not given.get("Body") and not pictures:
            code = 21619
        elif len(given.get("Body", "")) > 1600:
            code = 21617
        elif len(pictures) > 10:
            code = 21623
        if code:
            return web.json_response({"code": code, "message": "refused", "status": 400}, status=400)
        fake.messages.append(form)
        return web.json_response({"sid": SENT, "status": "queued", "error_code": None}, status=201)

    async def account(request: web.Request) -> web.Response:
        return refused(request) or web.json_response({"sid": SID, "status": "active"})

    async def numbers(request: web.Request) -> web.Response:
        number = {
            "sid": "PN1",
            "phone_number": NUMBER,
            "sms_url": fake.webhook,
            "sms_method": "POST",
            "capabilities": {"sms": True},
        }
        asked = request.query.get("PhoneNumber", "")
        longer = {**number, "sid": "PN0", "phone_number": NUMBER + "9"}
        return refused(request) or web.json_response(
            {"incoming_phone_numbers": [longer, number] if asked in NUMBER else []}
        )

    async def update(request: web.Request) -> web.Response:
        if no := refused(request):
            return no
        form = await request.post()
        assert form["SmsMethod"] == "POST"
        fake.webhook = str(form["SmsUrl"])
        return web.json_response({"sid": "PN1"})

    app = web.Application()
    root = f"/2010-04-01/Accounts/{SID}"
    app.router.add_post(f"{root}/Messages.json", create)
    app.router.add_get(f"{root}.json", account)
    app.router.add_get(f"{root}/IncomingPhoneNumbers.json", numbers)
    app.router.add_post(f"{root}/IncomingPhoneNumbers/PN1.json", update)
    async with running(app) as fake.base, aiohttp.ClientSession() as http:
        yield fake, http


SMS = channel()


def outbound(text: str = "Hello", **more: Any) -> Outbound:
    return Outbound("m1", CITIZEN, text, "en", **more)


def bodies(requests: list[Request]) -> list[str]:
    return [str(request.payload.get("Body", "")) for request in requests]
