"""Twilio, as far as a conversation by SMS needs it. Strict: what breaks a limit is refused."""

import itertools
from collections.abc import Mapping
from typing import Any

import aiohttp
from aiohttp import web

from channels.base import Request
from tests.e2e.channels.platform import Platform, Seen
from tests.support.specimens import sms
from tests.support.twilio_side import SID, TOKEN, fixture, post

MESSAGES = f"/2010-04-01/Accounts/{SID}/Messages"


class Sms(Platform):
    """The Messages API."""

    channel = "sms"
    called = "Report"  # nobody tells a name by SMS: the subject is the heading

    def __init__(self) -> None:
        super().__init__()
        self._photos: dict[str, bytes] = {}
        self._numbers = itertools.count(1)

    @property
    def settings(self) -> Mapping[str, str]:
        return {**sms.SPECIMEN.settings, "api_url": self.url}

    async def answer(self, request: web.Request) -> web.StreamResponse:
        if request.headers.get("Authorization") != aiohttp.encode_basic_auth(SID, TOKEN):
            return web.json_response({"code": 20003}, status=401)
        if request.path in self._photos:
            return web.Response(body=self._photos[request.path], content_type="image/jpeg")
        form = await request.post()
        call: dict[str, Any] = {name: str(value) for name, value in form.items() if name != "MediaUrl"}
        if pictures := form.getall("MediaUrl", []):
            call["MediaUrl"] = [str(one) for one in pictures]
        try:
            assert request.path == f"{MESSAGES}.json"
            assert call["StatusCallback"] == self._webhook
            sms.SPECIMEN.within(Request("message", {**call, "StatusCallback": sms.URL}))
        except (AssertionError, KeyError) as error:
            self.refused.append(f"{error!r}: {request.path} {call}")
            return web.json_response({"code": 21617}, status=400)
        self.seen.append(Seen(call.get("Body", ""), files=tuple(call.get("MediaUrl", ()))))
        return web.json_response({"sid": f"SM{next(self._numbers):032x}", "status": "queued"}, status=201)

    @property
    def _webhook(self) -> str:
        return f"{self.gateway}/webhooks/sms"

    def _post(self, **fields: str) -> None:
        sid = f"MM{next(self._numbers):032x}"
        self.deliver(post(fixture("text", MessageSid=sid, SmsSid=sid, **fields), url=self._webhook))

    def say(self, text: str) -> None:
        self._post(Body=text)

    def press(self, title: str) -> None:
        self.say(self.tapped(title))

    def send_photo(self, photo: bytes) -> None:
        path = f"{MESSAGES}/MM1/Media/ME{next(self._numbers):032x}"
        self._photos[path] = photo
        self._post(Body="", NumMedia="1", MediaUrl0=self.url + path, MediaContentType0="image/jpeg")

    def tell_where(self) -> str:
        # A telephone has no pin to send by SMS: the address is typed.
        self.say("12 Elm Street")
        return "12 Elm Street"
