"""The only way into the bot: POST /webhooks/civicdesk/turn, …/forget and …/embed, and GET …/ready.

The worker signs `<timestamp>.<raw body>` with the shared secret; all other requests are refused. A failure is
a 5xx with a code, never an empty 200:

    400 bad_request          the body is not a turn
    401 not_authentic        signature missing, wrong, or older or newer than five minutes
    500 failed               an internal error; nothing was stored
    502 actions_failed       a custom action gave no usable answer
    503 not_ready            the model, the actions or the database are not available (yet): try again later
    504 too_slow             no answer in time
"""

from __future__ import annotations

import asyncio
import base64
import hashlib
import hmac
import logging
import time
import traceback
from collections.abc import Awaitable, Callable
from typing import Any

import numpy as np
from rasa.core.channels.channel import InputChannel, UserMessage
from rasa.shared.exceptions import RasaException
from sanic import Blueprint
from sanic.request import Request
from sanic.response import HTTPResponse, json

from bot.encoders.shared import shared_encoder
from bot.rasa_patches.actions_endpoint import ActionFailed
from bot.settings import SettingError
from bot.turn.assistant import Assistant, NothingSaid
from bot.turn.request import BadTurn, Forget, TurnRequest, read_texts
from bot.turn.stores.tracker_rows import StoreUnavailable
from bot.turn.stores.tracker_store import Overtaken

logger = logging.getLogger(__name__)

TOLERANCE = 300  # seconds for which a signature is valid, in both directions
TURN_SECONDS = 9.0


class TurnChannel(InputChannel):
    """Serves one Assistant, which `app.ctx.assistant` holds once its model is loaded."""

    def __init__(self, key: str, clock: Callable[[], float] = time.time) -> None:
        if not key:
            raise SettingError("The bot's secret is empty. Set CIVICDESK_BOT_SECRET.")
        self._key = key.encode()
        self._clock = clock

    @classmethod
    def name(cls) -> str:
        return "civicdesk"

    @classmethod
    def from_credentials(cls, credentials: dict[str, Any] | None) -> TurnChannel:
        """Called by `rasa run`, which we refuse: its server loses errors and falls back to memory if the database is unavailable."""
        raise RasaException(
            "Start the bot with `python -m bot`: `rasa run` does not keep the promises of this channel."
        )

    def blueprint(self, on_new_message: Callable[[UserMessage], Awaitable[Any]]) -> Blueprint:
        routes = Blueprint("civicdesk")

        @routes.get("/ready")
        async def ready(request: Request) -> HTTPResponse:
            loaded = getattr(request.app.ctx, "assistant", None) is not None
            model = getattr(request.app.ctx, "model", None)
            return json({"ready": loaded, "model": model}, status=200 if loaded else 503)

        @routes.post("/turn")
        async def turn(request: Request) -> HTTPResponse:
            if not self._authentic(request):
                return _refuse(401, "not_authentic")
            try:
                asked = TurnRequest.read(request.body)
            except BadTurn as error:
                return _refuse(400, "bad_request", str(error))
            assistant = getattr(request.app.ctx, "assistant", None)
            if assistant is None:
                return _refuse(503, "not_ready")
            return await _take(assistant, asked)

        @routes.post("/forget")
        async def forget(request: Request) -> HTTPResponse:
            if not self._authentic(request):
                return _refuse(401, "not_authentic")
            try:
                asked = Forget.read(request.body)
            except BadTurn as error:
                return _refuse(400, "bad_request", str(error))
            assistant = getattr(request.app.ctx, "assistant", None)
            if assistant is None:
                return _refuse(503, "not_ready")
            try:
                return json({"forgotten": await assistant.forget(asked.conversation_id, asked.message_ids)})
            except (StoreUnavailable, Overtaken) as error:
                logger.error("forget %s: %s", asked.conversation_id, type(error).__name__)
                return _refuse(503, "not_ready")

        @routes.post("/embed")
        async def embed(request: Request) -> HTTPResponse:
            if not self._authentic(request):
                return _refuse(401, "not_authentic")
            try:
                texts = read_texts(request.body)
            except BadTurn as error:
                return _refuse(400, "bad_request", str(error))
            assistant = getattr(request.app.ctx, "assistant", None)
            if assistant is None:
                return _refuse(503, "not_ready")
            # In another thread: passages of pages are long, and turns must not wait for them.
            vectors = await asyncio.get_running_loop().run_in_executor(None, _vectors, texts)
            return json({"vectors": vectors})

        return routes

    def _authentic(self, request: Request) -> bool:
        stamp = request.headers.get("x-civicdesk-timestamp", "")
        given = request.headers.get("x-civicdesk-signature", "")
        if not (stamp.isascii() and stamp.isdigit() and len(stamp) < 12 and given.isascii()):
            return False
        expected = (
            "sha256=" + hmac.new(self._key, stamp.encode() + b"." + request.body, hashlib.sha256).hexdigest()
        )
        return hmac.compare_digest(expected, given) and abs(self._clock() - int(stamp)) <= TOLERANCE


async def _take(assistant: Assistant, asked: TurnRequest) -> HTTPResponse:
    """Logs name the message, the trace and the kind of error: never what a citizen wrote."""
    named = f"turn {asked.message_id} trace {asked.metadata.get('trace_id')}"
    try:
        return json(await asyncio.wait_for(assistant.take(asked), TURN_SECONDS))
    except ActionFailed as error:
        logger.error("%s: %s", named, error)
        return _refuse(503, "not_ready") if error.refused else _refuse(502, "actions_failed")
    except (StoreUnavailable, Overtaken) as error:
        logger.error("%s: %s", named, type(error).__name__)
        return _refuse(503, "not_ready")
    except asyncio.TimeoutError:
        logger.error("%s: no answer within %s s", named, TURN_SECONDS)
        return _refuse(504, "too_slow")
    except NothingSaid as error:
        logger.error("%s: nothing was said %s", named, error)
        return _refuse(500, "failed")
    except Exception as error:
        frames = "".join(traceback.format_tb(error.__traceback__))
        logger.error("%s: %s\n%s", named, type(error).__name__, frames)
        return _refuse(500, "failed")


def _vectors(texts: list[str]) -> list[str]:
    """Each text's vector as base64 of int8 values; their scale differs, so only angles between them mean something."""
    rows = shared_encoder().encode(texts)
    scaled = np.rint(rows * (127 / np.maximum(np.abs(rows).max(axis=1, keepdims=True), 1e-9)))
    return [base64.b64encode(row.tobytes()).decode() for row in scaled.astype(np.int8)]


def _refuse(status: int, code: str, sentence: str | None = None) -> HTTPResponse:
    return json({"error": code} if sentence is None else {"error": code, "message": sentence}, status=status)
