"""`python -m bench.support.quick_bot`: a trivial bot that keeps the contract, for measuring everything except the bot."""

import asyncio
import hashlib
import hmac
import json
import os
import time

import uvloop
from aiohttp import web

from desk.settings import file_secrets

TOLERANCE = 300
PERSON = "talk to a person"
"""Whoever writes this is handed over."""


def app(secret: bytes) -> web.Application:
    """Answers every turn with one line, and checks signatures as strictly as the real bot."""

    async def ready(_: web.Request) -> web.Response:
        return web.json_response({"ready": True})

    async def turn(request: web.Request) -> web.Response:
        body = await request.read()
        stamp = request.headers.get("X-Civicdesk-Timestamp", "")
        expected = hmac.new(secret, stamp.encode() + b"." + body, hashlib.sha256).hexdigest()
        given = request.headers.get("X-Civicdesk-Signature", "")
        if not hmac.compare_digest(given, f"sha256={expected}") or abs(time.time() - int(stamp)) > TOLERANCE:
            return web.Response(status=401)
        asked = json.loads(body)
        parse = {"intent": "bench", "confidence": 0.9, "ranking": [], "entities": [], "scope": None}
        reply = {"text": "This is kept, and this is an answer of usual length: one sentence and a half."}
        person = {"type": "handoff", "reason": "asked", "summary": "Wants a person.", "urgency": None}
        asks = PERSON in (asked.get("text") or "")
        return web.json_response(
            {
                "message_id": asked["message_id"],
                "replies": [] if asks else [reply],
                "parse": parse,
                "language": "en",
                "directives": [person] if asks else [],
                "form": None,
            }
        )

    made = web.Application()
    made.add_routes([web.get("/webhooks/civicdesk/ready", ready), web.post("/webhooks/civicdesk/turn", turn)])
    return made


def main() -> None:
    """Listen on CIVICDESK_BOT_PORT until stopped."""
    environ = {**os.environ, **file_secrets(os.environ)}
    asyncio.set_event_loop_policy(uvloop.EventLoopPolicy())
    web.run_app(
        app(environ["CIVICDESK_BOT_SECRET"].encode()),
        host="127.0.0.1",
        port=int(environ["CIVICDESK_BOT_PORT"]),
        access_log=None,
        print=None,
    )


if __name__ == "__main__":
    main()
