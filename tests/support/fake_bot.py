"""A bot over a real socket that keeps its side of the contract and is strict about ours."""

import asyncio
import hashlib
import hmac
import json
import time
from collections.abc import Awaitable, Callable
from typing import Any

from aiohttp import web

SECRET = "a secret between the worker and the bot"

Turn = dict[str, Any]
Behaviour = Callable[[Turn], Awaitable[web.StreamResponse]]


class FakeBot:
    """Answers as told. `asked` are the turns it saw, `forgot` what it was told to forget, `together` the most it saw at once of one conversation."""

    def __init__(self) -> None:
        self.asked: list[Turn] = []
        self.forgot: list[dict[str, Any]] = []
        self.together = 0
        self.behaviour: Behaviour = echo
        self._now: dict[str, int] = {}
        self._runner: web.AppRunner | None = None
        self._port = 0

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._port}"

    async def start(self) -> None:
        """Listen: on a new port at first, on the same one after a stop."""
        app = web.Application()
        app.router.add_post("/webhooks/civicdesk/turn", self._turn)
        app.router.add_post("/webhooks/civicdesk/forget", self._forget)
        self._runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1)
        await self._runner.setup()
        site = web.TCPSite(self._runner, "127.0.0.1", self._port, reuse_address=True)
        await site.start()
        self._port = self._runner.addresses[0][1]

    async def stop(self) -> None:
        if self._runner:
            await self._runner.cleanup()
            self._runner = None

    async def _forget(self, request: web.Request) -> web.StreamResponse:
        body = await request.read()
        if not _authentic(request, body):
            return web.Response(status=401)
        self.forgot.append(json.loads(body))
        return web.json_response({"forgotten": True})

    async def _turn(self, request: web.Request) -> web.StreamResponse:
        body = await request.read()
        if not _authentic(request, body):
            return web.Response(status=401)
        turn = json.loads(body)
        self.asked.append(turn)
        conversation = turn["conversation_id"]
        self._now[conversation] = self._now.get(conversation, 0) + 1
        self.together = max(self.together, self._now[conversation])
        try:
            return await self.behaviour(turn)
        finally:
            self._now[conversation] -= 1


def _authentic(request: web.Request, body: bytes) -> bool:
    timestamp = request.headers["X-Civicdesk-Timestamp"]
    expected = hmac.new(SECRET.encode(), timestamp.encode() + b"." + body, hashlib.sha256).hexdigest()
    signed = hmac.compare_digest(request.headers["X-Civicdesk-Signature"], f"sha256={expected}")
    return signed and abs(time.time() - int(timestamp)) <= 300


def answer(turn: Turn, *replies: dict[str, Any], **more: Any) -> web.Response:
    """A response that keeps the contract."""
    return web.json_response(
        {
            "message_id": turn["message_id"],
            "replies": list(replies),
            "parse": {"intent": "test", "confidence": 0.9, "ranking": [], "entities": [], "scope": None},
            "language": "en",
            "directives": [],
            "form": None,
            **more,
        }
    )


def says(*replies: dict[str, Any], **more: Any) -> Behaviour:
    """Always this."""

    async def behave(turn: Turn) -> web.StreamResponse:
        return answer(turn, *replies, **more)

    return behave


async def echo(turn: Turn) -> web.StreamResponse:
    """Says back what was said."""
    return answer(turn, {"text": f"You said: {turn['text'] or turn['intent']}"})


def hands_off(
    reason: str = "asked", summary: str = "Wants a person.", urgency: str | None = None, **more: Any
) -> Behaviour:
    """A handoff and nothing else."""
    directive = {"type": "handoff", "reason": reason, "summary": summary, "urgency": urgency}
    return says(directives=[directive], **more)


class WaitingBot:
    """Holds turns until it is opened; `reached` is set by the first that waits."""

    def __init__(self, then: Behaviour = echo) -> None:
        self.reached = asyncio.Event()
        self.opened = asyncio.Event()
        self._then = then

    async def __call__(self, turn: Turn) -> web.StreamResponse:
        self.reached.set()
        await self.opened.wait()
        return await self._then(turn)
