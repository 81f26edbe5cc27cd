"""LINE, as far as a conversation needs it. Strict: what breaks a limit is refused, and a key is taken once."""

import itertools
import re
from collections.abc import Mapping
from typing import Any
from uuid import UUID

from aiohttp import web

from channels.base import Request
from tests.e2e.channels.platform import Platform, Seen
from tests.support.specimens import line
from tests.support.specimens.line import SPECIMEN, TOKEN, deliver

PIN = (41.0531, -73.5387)
OPERATIONS = {
    "/v2/bot/message/push": "push",
    "/v2/bot/chat/loading/start": "loading",
    "/v2/bot/chat/markAsRead": "read",
}


class Line(Platform):
    """The Messaging API."""

    channel = "line"
    called = "Lina of LINE"

    def __init__(self) -> None:
        super().__init__()
        self._photos: dict[str, bytes] = {}
        self._keys: set[UUID] = set()
        self._numbers = itertools.count(1)

    @property
    def settings(self) -> Mapping[str, str]:
        return {**SPECIMEN.settings, "api_url": self.url, "data_url": self.url}

    async def answer(self, request: web.Request) -> web.StreamResponse:
        if request.headers.get("Authorization") != f"Bearer {TOKEN}":
            return web.json_response({"message": "Authentication failed."}, status=401)
        if request.path.endswith("/content"):
            return web.Response(body=self._photos[request.path.split("/")[-2]], content_type="image/jpeg")
        if request.method == "GET" and request.path == f"/v2/bot/profile/{SPECIMEN.contact}":
            return web.json_response({"displayName": self.called, "userId": SPECIMEN.contact})
        call = await request.json()
        try:
            SPECIMEN.within(Request(OPERATIONS[request.path], call))
        except (AssertionError, KeyError, TypeError) as error:
            self.refused.append(f"{error!r}: {request.path} {call}")
            return web.json_response({"message": "The request body has 1 error(s)"}, status=400)
        if OPERATIONS[request.path] != "push":
            return web.json_response({}, status=202)
        key = UUID(request.headers["X-Line-Retry-Key"])
        if key in self._keys:
            return web.json_response({"message": "The retry key is already accepted"}, status=409)
        self._keys.add(key)
        self.seen += [_seen(message) for message in call["messages"]]
        return web.json_response(
            {"sentMessages": [{"id": str(next(self._numbers))} for _ in call["messages"]]}
        )

    def _post(self, kind: str, **content: Any) -> None:
        self.deliver(deliver(line.batch(line.event(next(self._numbers), kind, replyToken="r", **content))))

    def _message(self, kind: str, **content: Any) -> None:
        content = {"id": str(next(self._numbers)), **content}
        self._post("message", message={"type": kind, **content})

    def say(self, text: str) -> None:
        self._message("text", text=text, quoteToken="q", markAsReadToken="m")

    def press(self, title: str) -> None:
        self._post("postback", postback={"data": self.tapped(title)})

    def send_photo(self, photo: bytes) -> None:
        number = f"9{next(self._numbers)}"
        self._photos[number] = photo
        self._message("image", id=number, quoteToken="q", contentProvider={"type": "line"})

    def tell_where(self) -> str:
        self.wait(lambda: self.seen and self.seen[-1].asks_location, "LINE's own button was not used")
        self._message("location", latitude=PIN[0], longitude=PIN[1])
        return self.confirm_where()


def _seen(message: Any) -> Seen:
    actions = [item["action"] for item in message.get("quickReply", {"items": []})["items"]]
    taps = tuple((one["data"], one["displayText"]) for one in actions if one["type"] == "postback")
    text = message.get("text", "")
    # LINE shows images from https:// alone; from this machine they come as an address.
    files = tuple(re.findall(r"http://127\.0\.0\.1:\d+/media/\S+", text))
    return Seen(text, taps, any(one["type"] == "location" for one in actions), files)
