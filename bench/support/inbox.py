"""A WhatsApp inbox for a benchmark: webhooks signed as Meta signs them, and a fake of Meta's API on a loopback port."""

import asyncio
import hashlib
import hmac
import json
import time
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Any, Self
from urllib.parse import urlsplit
from uuid import uuid4

import yaml
from aiohttp import web

from bench.support.processes import free_port

SECRET = "a secret of the benchmark"
NUMBER = "106540352242922"
FIRST_PORT = 17340


@dataclass(frozen=True)
class Signed:
    """A webhook, ready to post."""

    url: str
    body: bytes
    headers: dict[str, str]


class Inbox:
    """`environ` holds the variables that every process of the product needs for it. Inside `async with inbox`, its provider accepts messages.

    `taken` counts them; the provider answers at once and sends no receipts."""

    def __init__(self, folder: Path) -> None:
        self._port = free_port(FIRST_PORT)
        self._runner: web.AppRunner | None = None
        self.taken = 0
        path = write_open_city(folder, "whatsapp")
        own = {
            "phone_number_id": NUMBER,
            "token": "none",
            "app_secret": SECRET,
            "verify_token": "none",
            "api_url": f"http://127.0.0.1:{self._port}",
        }
        self.environ = {"CIVICDESK_CITY": str(path)} | {
            f"CIVICDESK_INBOX_WHATSAPP_{name.upper()}": value for name, value in own.items()
        }

    async def __aenter__(self) -> Self:
        app = web.Application()
        app.router.add_post("/{path:.*}", self._take)
        self._runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1)
        await self._runner.setup()
        await web.TCPSite(self._runner, "127.0.0.1", self._port).start()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._runner is not None:
            await self._runner.cleanup()

    def message(self, gateway: str, key: str, citizen: str, text: str) -> Signed:
        """A citizen's text message. `key` is the provider's id of it, `citizen` a telephone number."""
        value = {
            "messaging_product": "whatsapp",
            "metadata": {"display_phone_number": "15550783881", "phone_number_id": NUMBER},
            "contacts": [{"profile": {"name": "Ana Diaz"}, "wa_id": citizen}],
            "messages": [
                {
                    "id": key,
                    "from": citizen,
                    "timestamp": str(int(time.time())),
                    "type": "text",
                    "text": {"body": text},
                }
            ],
        }
        entry = {"id": "102290129340398", "changes": [{"field": "messages", "value": value}]}
        body = json.dumps({"object": "whatsapp_business_account", "entry": [entry]}).encode()
        signature = hmac.new(SECRET.encode(), body, hashlib.sha256).hexdigest()
        headers = {"Content-Type": "application/json", "X-Hub-Signature-256": f"sha256={signature}"}
        return Signed(f"{gateway}/webhooks/whatsapp", body, headers)

    async def _take(self, request: web.Request) -> web.Response:
        sent: dict[str, Any] = json.loads(await request.read())
        if urlsplit(str(request.url)).path.endswith("/messages") and sent.get("type"):
            self.taken += 1
            return web.json_response({"messages": [{"id": f"wamid.{uuid4().hex}"}]})
        await asyncio.sleep(0)
        return web.json_response({"success": True})


_DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")


def write_open_city(folder: Path, channel: str) -> Path:
    """The demo city with one more inbox, named like its channel, and an office that never closes: a bench may run at
    night."""
    city = yaml.safe_load(Path("city.yml").read_text(encoding="utf-8"))
    city["inboxes"].append({"name": channel, "channel": channel})
    city["office_hours"] = {day: ["00:00-24:00"] for day in _DAYS}
    city["holidays"] = []
    for name in ("services", "gazetteer"):
        city[name] = str(Path(city[name]).absolute())
    path = folder / "city.yml"
    path.write_text(yaml.safe_dump(city, sort_keys=False), encoding="utf-8")
    return path
