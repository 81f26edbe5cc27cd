"""Telegram, as far as a conversation needs it. Strict: what breaks a limit is refused."""

import itertools
from collections.abc import Mapping
from typing import Any

from aiohttp import web

from channels.base import Request
from tests.e2e.channels.platform import Platform, Seen
from tests.support.specimens import telegram
from tests.support.specimens.telegram import PERSON, SPECIMEN, TOKEN, deliver

PIN = (41.0531, -73.5387)
WHO = {
    "id": PERSON,
    "is_bot": False,
    "first_name": "Tilda",
    "last_name": "of Telegram",
    "language_code": "en",
}


class Telegram(Platform):
    """The Bot API."""

    channel = "telegram"
    called = "Tilda of Telegram"

    def __init__(self) -> None:
        super().__init__()
        self.answered: list[str] = []
        self._photos: dict[str, bytes] = {}
        self._numbers = itertools.count(1)

    @property
    def settings(self) -> Mapping[str, str]:
        return {**SPECIMEN.settings, "api_url": self.url}

    async def answer(self, request: web.Request) -> web.StreamResponse:
        path = request.path.lstrip("/")
        if path.startswith(f"file/bot{TOKEN}/"):
            return web.Response(
                body=self._photos[path.rpartition("/")[2]], content_type="application/octet-stream"
            )
        if not path.startswith(f"bot{TOKEN}/"):
            return self._no(401, "Unauthorized")
        method, call = path.rpartition("/")[2], await request.json()
        if method == "getFile":
            return self._yes({"file_id": call["file_id"], "file_path": f"photos/{call['file_id']}.jpg"})
        person = str(call.get("chat_id"))
        if person in self.crowd:
            call["chat_id"] = PERSON
        try:
            SPECIMEN.within(Request(method, call))
        except (AssertionError, KeyError, TypeError) as error:
            self.refused.append(f"{error!r}: {method} {call}")
            return self._no(400, "Bad Request: it breaks a limit")
        if method == "answerCallbackQuery":
            self.answered.append(call["callback_query_id"])
        if method in ("sendChatAction", "answerCallbackQuery"):
            return self._yes(True)
        markup = call.get("reply_markup", {})
        taps = [
            (key["callback_data"], key["text"]) for row in markup.get("inline_keyboard", []) for key in row
        ]
        asks = any(key.get("request_location") for row in markup.get("keyboard", []) for key in row)
        files = (call["photo"],) if "photo" in call else ()
        text = call.get("text") or call.get("caption") or ""
        if person in self.crowd:
            self.crowd[person].append(text)
        else:
            self.seen.append(Seen(text, tuple(taps), asks, files))
        return self._yes({"message_id": next(self._numbers), "date": 1795363200, "chat": {"id": PERSON}})

    def _yes(self, result: object) -> web.Response:
        return web.json_response({"ok": True, "result": result})

    def _no(self, code: int, description: str) -> web.Response:
        return web.json_response({"ok": False, "error_code": code, "description": description}, status=code)

    def _post(self, **content: Any) -> None:
        self.deliver(deliver(telegram.update(next(self._numbers), **content)))

    def _message(self, **content: Any) -> None:
        chat = {"id": PERSON, "type": "private"}
        common = {"message_id": next(self._numbers), "date": 1795363200, "from": WHO, "chat": chat}
        self._post(message={**common, **content})

    def say(self, text: str) -> None:
        self._message(text=text)

    def say_as(self, person: str, text: str) -> None:
        self.crowd.setdefault(person, [])
        who = {"id": int(person), "is_bot": False, "first_name": "One of many", "language_code": "en"}
        chat = {"id": int(person), "type": "private"}
        self._post(
            message={
                "message_id": next(self._numbers),
                "date": 1795363200,
                "from": who,
                "chat": chat,
                "text": text,
            }
        )

    def press(self, title: str) -> None:
        tap = f"tap{next(self._numbers)}"
        self._post(callback_query={"id": tap, "from": WHO, "chat_instance": "1", "data": self.tapped(title)})
        self.wait(lambda: tap in self.answered, "the tapped button still shows a clock")

    def send_photo(self, photo: bytes) -> None:
        name = f"photo{next(self._numbers)}"
        self._photos[f"{name}.jpg"] = photo
        sizes = [
            {"file_id": f"{name}-s", "width": 90, "height": 67},
            {"file_id": name, "width": 640, "height": 480},
        ]
        self._message(photo=[{**size, "file_unique_id": str(size["file_id"])} for size in sizes])

    def tell_where(self) -> str:
        self.wait(lambda: self.seen and self.seen[-1].asks_location, "Telegram's own key was not used")
        self._message(location={"latitude": PIN[0], "longitude": PIN[1]})
        return self.confirm_where()
