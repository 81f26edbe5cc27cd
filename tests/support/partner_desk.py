"""A partner's desk on a real socket. It checks everything that a careful partner would, with code of its own, and it can be
slow, be down, or lie."""

import hashlib
import hmac
import json
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

import msgspec
from aiohttp import web
from aiohttp.test_utils import TestServer

from city import City
from city.partners.model import PartnerConfig
from desk.model import Clock
from desk.partners.registry import Partner, build_partners

SECRET = "the-secret-of-both-desks"
PATH = "/intake/civicdesk"
FIELDS = {
    "transfer",
    "from",
    "note",
    "language",
    "topic",
    "consented_at",
    "answer_by",
    "contact",
    "messages",
    "left_out",
}
Says = Callable[[web.Request], Awaitable[web.StreamResponse]]


def signed(secret: str, method: str, path: str, body: bytes, at: float) -> dict[str, str]:
    """The headers, as the documentation describes them."""
    stamp = str(int(at))
    text = b".".join([stamp.encode(), method.encode(), path.encode(), body])
    return {
        "Civicdesk-Timestamp": stamp,
        "Civicdesk-Signature": "sha256=" + hmac.new(secret.encode(), text, hashlib.sha256).hexdigest(),
    }


@dataclass
class PartnerDesk:
    """`taken` has what was accepted, by key; `calls` counts all calls, `flaws` says what was wrong with some. `says`
    replaces the usual answer, after the transfer was taken; `now` is the partner's clock."""

    url: str = ""
    says: Says | None = None
    now: Callable[[], float] = time.time
    taken: dict[str, dict[str, Any]] = field(default_factory=dict)
    calls: int = 0
    flaws: list[str] = field(default_factory=list)

    async def take(self, request: web.Request) -> web.StreamResponse:
        """POST of a transfer."""
        self.calls += 1
        body = await request.read()
        wanted = signed(SECRET, "POST", PATH, body, float(request.headers.get("Civicdesk-Timestamp", "0")))
        if request.headers.get("Civicdesk-Signature") != wanted["Civicdesk-Signature"]:
            return self._refuse(401, "signature")
        if abs(self.now() - float(request.headers["Civicdesk-Timestamp"])) > 300:
            return self._refuse(401, "old")
        said = json.loads(body)
        key = request.headers.get("Idempotency-Key", "")
        if set(said) != FIELDS or str(UUID(key)) != said["transfer"] or not said["consented_at"]:
            return self._refuse(422, "shape")
        if key in self.taken:
            return web.json_response({"state": "pending"})
        self.taken[key] = said
        return await self.says(request) if self.says else web.json_response({"state": "pending"}, status=202)

    def _refuse(self, status: int, flaw: str) -> web.Response:
        self.flaws.append(flaw)
        return web.json_response({}, status=status)


def fixed(body: str, status: int = 200, headers: dict[str, str] | None = None) -> Says:
    """Exactly this."""

    async def answer(_: web.Request) -> web.StreamResponse:
        return web.Response(text=body, status=status, headers=headers)

    return answer


@asynccontextmanager
async def partner_desk(now: Callable[[], float] = time.time) -> AsyncIterator[PartnerDesk]:
    """One that listens on loopback."""
    desk = PartnerDesk(now=now)
    app = web.Application()
    app.router.add_post(PATH, desk.take)
    async with TestServer(app, host="127.0.0.1") as server:
        desk.url = str(server.make_url(PATH))
        yield desk


def with_partner(city: City, url: str, **more: Any) -> City:
    """The city with the county's benefits office as its partner."""
    config = PartnerConfig(
        name="benefits",
        title="Benefits office",
        url=url,
        secret_env="BENEFITS_SECRET",
        languages=("en", "es"),
        **more,
    )
    return msgspec.structs.replace(city, partners=(config,))


def known(city: City, clock: Clock) -> dict[str, Partner]:
    """The partners with their secret."""
    return build_partners(city, {"BENEFITS_SECRET": SECRET}, clock, ("127.0.0.1",))
