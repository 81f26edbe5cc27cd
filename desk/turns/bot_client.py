"""The client for the bot: signs each request, waits, and validates the answer strictly.

BotError
├── NotReady   the bot has not started yet: the message waits
└── Failed     it runs but gave no usable answer: apology and handoff
"""

import hashlib
import hmac
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from datetime import datetime
from typing import Annotated, Any, Protocol, runtime_checkable
from uuid import UUID

import aiohttp
import msgspec

from desk.model import (
    ChangeRequest,
    Clock,
    Directive,
    FileRequest,
    FollowRequest,
    Handoff,
    Reply,
    TurnAnswer,
    TurnRequest,
    WhileWaiting,
)
from desk.runtime.timing import BotTiming

ANSWER_BYTES = 262_144
REPLIES = 20


class BotError(Exception):
    """The bot did not answer this turn."""


class NotReady(BotError):
    """Nothing listens on the port yet, or the model is still loading."""


class Failed(BotError):
    """Two attempts produced no answer that conforms to the contract."""


class BotClient(Protocol):
    """Decides WHAT to say."""

    async def ask(self, request: TurnRequest) -> TurnAnswer:
        """The answer to one turn; the same message_id gives the same answer. Raises NotReady or Failed."""
        ...


@runtime_checkable
class Forgets(Protocol):
    """A bot that can take the words of deleted messages out of its dialogue."""

    async def forget(self, conversation_id: UUID, message_ids: Sequence[UUID]) -> None:
        """Raises NotReady or Failed."""
        ...


class HttpBotClient:
    """The bot over HTTP. `url` is the bot's base URL; the caller closes the session."""

    def __init__(
        self,
        session: aiohttp.ClientSession,
        url: str,
        secret: str,
        clock: Clock,
        timing: BotTiming | None = None,
    ) -> None:
        if not secret:
            raise ValueError("The bot's secret is empty. Set CIVICDESK_BOT_SECRET.")
        self._session = session
        self._url = f"{url.rstrip('/')}/webhooks/civicdesk"
        self._secret = secret.encode()
        self._clock = clock
        self._timing = timing or BotTiming()
        self._timeout = aiohttp.ClientTimeout(total=self._timing.one)

    async def ask(self, request: TurnRequest) -> TurnAnswer:
        """Call the bot, at most twice. Raises NotReady or Failed; their text is for the log."""
        body = msgspec.json.encode(asdict(request))
        reason = ""
        for _ in range(self._timing.tries):
            try:
                return _read(await self._post("turn", body), request.message_id)
            except _Again as error:
                reason = str(error)
            except TimeoutError:
                reason = f"no answer within {self._timeout.total:g} s"
            except aiohttp.ClientConnectorError as error:
                # Connection refused or name not resolved, on either attempt: the bot process is not running.
                raise NotReady(str(error)) from None
            except aiohttp.ClientError as error:
                reason = type(error).__name__
        raise Failed(reason)

    async def forget(self, conversation_id: UUID, message_ids: Sequence[UUID]) -> None:
        """One call. Raises NotReady or Failed; their text is for the log."""
        body = msgspec.json.encode({"conversation_id": conversation_id, "message_ids": list(message_ids)})
        try:
            await self._post("forget", body)
        except (_Again, TimeoutError, aiohttp.ClientError) as error:
            raise Failed(type(error).__name__) from None

    async def embed(self, texts: Sequence[str]) -> list[bytes]:
        """The vectors of at most 16 texts, as int8 values. One call. Raises NotReady or Failed."""
        try:
            content = await self._post("embed", msgspec.json.encode({"texts": list(texts)}))
            vectors = msgspec.json.decode(content, type=_Vectors).vectors
        except (_Again, TimeoutError, aiohttp.ClientError, msgspec.MsgspecError) as error:
            raise Failed(type(error).__name__) from None
        if len(vectors) != len(texts):
            raise Failed("there are not as many vectors as texts")
        return vectors

    async def _post(self, path: str, body: bytes) -> bytes:
        headers = {"Content-Type": "application/json", **sign(self._secret, body, self._clock())}
        async with self._session.post(
            f"{self._url}/{path}", data=body, headers=headers, timeout=self._timeout, allow_redirects=False
        ) as response:
            if response.status == 503:
                raise NotReady("the bot is loading its model")
            if response.status >= 500:
                raise _Again(f"the bot answered {response.status}")
            if response.status != 200:
                raise Failed(f"the bot answered {response.status}")
            content = await response.content.read(ANSWER_BYTES + 1)
            while len(content) <= ANSWER_BYTES and (more := await response.content.read(ANSWER_BYTES)):
                content += more
            if len(content) > ANSWER_BYTES:
                raise Failed("the answer is too large")
            return content


def sign(secret: bytes, body: bytes, now: datetime) -> dict[str, str]:
    """The two headers that prove that the desk sent this body at this time."""
    timestamp = str(int(now.timestamp()))
    digest = hmac.new(secret, timestamp.encode() + b"." + body, hashlib.sha256).hexdigest()
    return {"X-Civicdesk-Timestamp": timestamp, "X-Civicdesk-Signature": f"sha256={digest}"}


class _Again(Exception):
    """The call is worth a second attempt."""


class _Vectors(msgspec.Struct):
    vectors: list[bytes]


class _Parse(msgspec.Struct):
    intent: str | None = None
    confidence: float | None = None


class _Answer(msgspec.Struct):
    message_id: UUID
    replies: Annotated[tuple[Reply, ...], msgspec.Meta(max_length=REPLIES)]
    directives: Annotated[tuple[dict[str, Any], ...], msgspec.Meta(max_length=REPLIES)]
    parse: dict[str, Any] = {}
    language: str | None = None
    form: str | None = None


def _read(content: bytes, message_id: UUID) -> TurnAnswer:
    try:
        answer = msgspec.json.decode(content, type=_Answer)
        parse = msgspec.convert(answer.parse, _Parse)
        directives = tuple(_directive(raw) for raw in answer.directives)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError) as error:
        raise Failed(f"the answer violates the contract: {error}") from None
    if answer.message_id != message_id:
        raise Failed("the answer is to another message")
    replies = tuple(reply for reply in answer.replies if reply.response or reply.answer or reply.text.strip())
    if not replies and not any(isinstance(one, Handoff | WhileWaiting) for one in directives):
        raise Failed("the answer is empty")
    return TurnAnswer(
        message_id=message_id,
        replies=replies,
        directives=directives,
        language=answer.language,
        intent=parse.intent,
        confidence=parse.confidence,
        parse=answer.parse,
        form=answer.form,
    )


def _directive(raw: Mapping[str, Any]) -> Directive:
    fields = {key: value for key, value in raw.items() if key != "type"}
    if raw.get("type") == "handoff":
        return msgspec.convert(fields, Handoff)
    if raw.get("type") == "file_request":
        return msgspec.convert(fields, FileRequest)
    if raw.get("type") == "change_request":
        return msgspec.convert(fields, ChangeRequest)
    if raw.get("type") == "follow_request":
        return msgspec.convert(fields, FollowRequest)
    if raw.get("type") == "while_waiting":
        return msgspec.convert(fields, WhileWaiting)
    raise msgspec.ValidationError(f"there is no directive {raw.get('type')!r}")
