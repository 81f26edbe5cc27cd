"""A fake of Telegram's Bot API on a loopback port, as strict as its documentation, and updates as Telegram posts them."""

import asyncio
import time
from collections import defaultdict
from itertools import count
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from aiohttp import web

from bench.support.inbox import write_open_city
from bench.support.processes import BenchError, free_port

TOKEN, SECRET = "6200000001:AAHdqTcvCH1vGWJxfSeofSAs0K5PALDsaw0", "a_word-of_our-own"
SECRET_HEADER = "X-Telegram-Bot-Api-Secret-Token"
FIRST_PORT = 17440
LONGEST = 4_096  # UTF-16 units
WITHOUT_TEXT = frozenset({"sendChatAction", "setWebhook", "getMe", "getWebhookInfo", "answerCallbackQuery"})


class Telegram:
    """`environ` is what every process of the product needs for the inbox. `told` has the texts of each chat, and
    `refused` what the Bot API would not have taken."""

    def __init__(self, folder: Path) -> None:
        self._port = free_port(FIRST_PORT)
        self._runner: web.AppRunner | None = None
        self._numbers = count(1)
        self._news: dict[int, asyncio.Event] = defaultdict(asyncio.Event)
        self.told: dict[int, list[str]] = defaultdict(list)
        self.refused: list[str] = []
        path = write_open_city(folder, "telegram")
        self.environ = {
            "CIVICDESK_CITY": str(path),
            "CIVICDESK_INBOX_TELEGRAM_TOKEN": TOKEN,
            "CIVICDESK_INBOX_TELEGRAM_SECRET": SECRET,
            "CIVICDESK_INBOX_TELEGRAM_API_URL": f"http://127.0.0.1:{self._port}",
        }

    async def __aenter__(self) -> Self:
        app = web.Application()
        app.router.add_post(f"/bot{TOKEN}/{{method}}", self._take)
        self._runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1)
        await self._runner.setup()
        await web.TCPSite(self._runner, "127.0.0.1", self._port).start()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._runner is not None:
            await self._runner.cleanup()

    def update(self, chat: int, text: str) -> dict[str, Any]:
        """A text message of this person."""
        number = next(self._numbers)
        person = {"id": chat, "is_bot": False, "first_name": f"Citizen {chat}"}
        message = {
            "message_id": number,
            "date": int(time.time()),
            "from": person,
            "chat": {"id": chat, "type": "private"},
            "text": text,
        }
        return {"update_id": number, "message": message}

    async def until(self, chat: int, words: str, seconds: float) -> None:
        """Wait until this chat was sent a text with these words. Raises BenchError."""
        try:
            async with asyncio.timeout(seconds):
                while not any(words in text for text in self.told[chat]):
                    self._news[chat].clear()
                    await self._news[chat].wait()
        except TimeoutError:
            raise BenchError(f"Chat {chat} was not told '{words}' within {seconds:.0f} s.") from None

    async def _take(self, request: web.Request) -> web.Response:
        method, call = request.match_info["method"], await request.json()
        if method in WITHOUT_TEXT:
            return web.json_response({"ok": True, "result": True})
        text, chat = call.get("text"), call.get("chat_id")
        fits = isinstance(text, str) and 0 < len(text.encode("utf-16-le")) // 2 <= LONGEST
        if method != "sendMessage" or not fits or not isinstance(chat, int) or "parse_mode" in call:
            self.refused.append(f"{method}: {sorted(call)}")
            description = "Bad Request: not what the documents say"
            return web.json_response({"ok": False, "error_code": 400, "description": description}, status=400)
        self.told[chat].append(text)
        self._news[chat].set()
        result = {"message_id": next(self._numbers), "date": int(time.time())}
        return web.json_response({"ok": True, "result": result})
