"""Servers of translations and drafts on real sockets, which validate requests as strictly as their documentation demands."""

import json
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

from aiohttp import web
from aiohttp.test_utils import TestServer

from tests.support.waiting import forever

Answer = Callable[[web.Request], Awaitable[web.StreamResponse]]
LANGUAGES = {"en", "es", "fr", "pt", "uk"}


def fixed(body: str | bytes, status: int = 200, headers: dict[str, str] | None = None) -> Answer:
    """Exactly this, to every call."""
    data = body.encode() if isinstance(body, str) else body

    async def answer(_: web.Request) -> web.StreamResponse:
        return web.Response(body=data, status=status, headers=headers or {"Content-Type": "application/json"})

    return answer


async def silence(_: web.Request) -> web.StreamResponse:
    """Nothing, until the client leaves."""
    await forever()


async def trickle(request: web.Request) -> web.StreamResponse:
    """A document that never ends."""
    response = web.StreamResponse()
    await response.prepare(request)
    await response.write(b'{"translatedText": "')
    await forever()


@dataclass
class AssistServer:
    """`says` replaces the usual answer; `calls` are the bodies that were accepted, `flaws` what was wrong in others."""

    url: str = ""
    key: str | None = None
    says: Answer | None = None
    translations: dict[str, str] = field(default_factory=dict)
    detected: str = "uk"
    written: str = "A draft."
    calls: list[dict[str, Any]] = field(default_factory=list)
    flaws: list[str] = field(default_factory=list)

    async def translate(self, request: web.Request) -> web.StreamResponse:
        """LibreTranslate's POST /translate."""
        body = await self._body(request)
        wanted = {"q", "source", "target", "format"} | ({"api_key"} if self.key else set())
        if set(body) != wanted or body["format"] != "text" or not isinstance(body["q"], str):
            return self._refuse(400, f"Invalid request: {sorted(body)}")
        if body.get("api_key") != self.key:
            return self._refuse(403, "Invalid API key")
        if body["source"] not in LANGUAGES | {"auto"} or body["target"] not in LANGUAGES:
            return self._refuse(400, f"{body['target']} is not supported")
        self.calls.append(body)
        if self.says:
            return await self.says(request)
        answer: dict[str, Any] = {
            "translatedText": self.translations.get(body["q"], f"[{body['target']}] {body['q']}")
        }
        if body["source"] == "auto":
            answer["detectedLanguage"] = {"confidence": 83.0, "language": self.detected}
        return web.json_response(answer)

    async def complete(self, request: web.Request) -> web.StreamResponse:
        """The OpenAI-compatible POST /v1/chat/completions."""
        body = await self._body(request)
        if self.key and request.headers.get("Authorization") != f"Bearer {self.key}":
            return self._refuse(401, "Incorrect API key provided")
        roles = [one.get("role") for one in body.get("messages", ())]
        if not isinstance(body.get("model"), str) or roles != ["system", "user"]:
            return self._refuse(400, "Invalid request")
        if any(set(one) != {"role", "content"} or not one["content"] for one in body["messages"]):
            return self._refuse(400, "Invalid message")
        if body.get("stream") is not False or not 0 <= body.get("temperature", 1) <= 2:
            return self._refuse(400, "Invalid option")
        self.calls.append(body)
        if self.says:
            return await self.says(request)
        message = {"role": "assistant", "content": self.written}
        return web.json_response(
            {
                "id": "chatcmpl-1",
                "object": "chat.completion",
                "created": 1,
                "model": body["model"],
                "choices": [{"index": 0, "message": message, "finish_reason": "stop"}],
                "usage": {"prompt_tokens": 1, "completion_tokens": 1, "total_tokens": 2},
            }
        )

    async def _body(self, request: web.Request) -> dict[str, Any]:
        assert request.content_type == "application/json", request.content_type
        assert not request.query_string, "a text or a key in an address is in every log"
        found = json.loads(await request.read())
        assert isinstance(found, dict)
        return found

    def _refuse(self, status: int, error: str) -> web.StreamResponse:
        self.flaws.append(error)
        return web.json_response({"error": error}, status=status)


@asynccontextmanager
async def assist_server(key: str | None = None) -> AsyncIterator[AssistServer]:
    """Both services under one address; drafts are under `url`/v1."""
    server = AssistServer(key=key)
    app = web.Application()
    app.router.add_post("/translate", server.translate)
    app.router.add_post("/v1/chat/completions", server.complete)
    listening = TestServer(app)
    await listening.start_server()
    server.url = f"http://127.0.0.1:{listening.port}"
    try:
        yield server
    finally:
        await listening.close()
