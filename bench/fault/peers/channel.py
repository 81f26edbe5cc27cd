"""Courier: a channel of the fault bench, over a real socket to a provider that is as strict as a commercial one.

It signs its webhooks (HMAC-SHA256 over time stamp and body), offers no idempotency, and sends receipts.
"""

import hashlib
import hmac
import json
import time
from collections.abc import Mapping
from typing import Any, ClassVar, Literal, cast

import aiohttp

from channels.base import (
    Capabilities,
    Inbound,
    MalformedPayload,
    NotAuthentic,
    Outbound,
    Request,
    RetryLater,
    Sent,
    Setting,
    Undeliverable,
    Webhook,
)

TOLERANCE = 1_800  # seconds that a signature is valid: longer than the clock's jump, which is meant to affect leases only
SEND_SECONDS = 4.0
TEXT_LENGTH = 4_000
BUSY = frozenset({429, 500, 502, 503})


class CourierChannel:
    """`url` is the provider's root; `secret` signs webhooks, `token` opens the provider."""

    name: ClassVar[str] = "courier"
    capabilities: ClassVar[Capabilities] = Capabilities(text_length=TEXT_LENGTH, receipts=True)
    settings: ClassVar[tuple[Setting, ...]] = ()

    def __init__(self, url: str, secret: str, token: str) -> None:
        if not secret or not token:
            raise LookupError("The courier inbox has no secret or no token. Set both.")
        self._url = url
        self._secret = secret.encode()
        self._token = token
        self._session: aiohttp.ClientSession | None = None

    def verify(self, request: Webhook) -> None:
        """Raises NotAuthentic."""
        stamp = request.headers.get("x-courier-time", "")
        given = request.headers.get("x-courier-signature", "")
        if not (stamp.isascii() and stamp.isdigit() and len(stamp) < 12 and given.isascii()):
            raise NotAuthentic("no signature")
        expected = signature(self._secret, stamp, request.body)
        if not hmac.compare_digest(expected, given) or abs(time.time() - int(stamp)) > TOLERANCE:
            raise NotAuthentic("wrong or old signature")

    def parse(self, request: Webhook) -> list[Inbound]:
        """Every event of the body, in order."""
        try:
            events = json.loads(request.body)["events"]
            return [_inbound(event) for event in events]
        except (ValueError, KeyError, TypeError, RecursionError):
            raise MalformedPayload("this is no list of events") from None

    def render(self, message: Outbound) -> list[Request]:
        """One call. Buttons become numbered lines."""
        lines = [message.text, *(f"{place}. {one.title}" for place, one in enumerate(message.buttons, 1))]
        text = "\n".join(lines)[:TEXT_LENGTH]
        return [Request("message", {"to": message.contact, "text": text})]

    async def send(self, request: Request, key: str) -> Sent:
        """Make the call. `key` is sent for the bench's records only: the provider accepts the same key twice."""
        if self._session is None:
            timeout = aiohttp.ClientTimeout(total=SEND_SECONDS)
            self._session = aiohttp.ClientSession(timeout=timeout, trust_env=False)
        headers = {"Authorization": f"Bearer {self._token}", "X-Reference": key}
        try:
            async with self._session.post(
                f"{self._url}/messages", json=dict(request.payload), headers=headers
            ) as response:
                if response.status in BUSY:
                    after = response.headers.get("Retry-After", "")
                    raise RetryLater(
                        f"the provider answered {response.status}", float(after) if after.isdigit() else None
                    )
                if response.status != 201:
                    raise Undeliverable(f"the provider answered {response.status}")
                return Sent(str((await response.json())["id"]))
        except aiohttp.ClientConnectorError as error:
            raise RetryLater(type(error).__name__) from None
        except (aiohttp.ClientError, TimeoutError, ValueError, KeyError) as error:
            raise RetryLater(type(error).__name__, accepted_unknown=True) from None


def signature(secret: bytes, stamp: str, body: bytes) -> str:
    """The value of the header X-Courier-Signature."""
    return hmac.new(secret, stamp.encode() + b"." + body, hashlib.sha256).hexdigest()


def _inbound(event: Mapping[str, Any]) -> Inbound:
    if event["kind"] == "receipt":
        status = cast(Literal["sent", "delivered", "read", "failed"], str(event["status"]))
        return Inbound(
            str(event["id"]), str(event["from"]), "receipt", receipt=(str(event["message"]), status)
        )
    return Inbound(str(event["id"]), str(event["from"]), "message", text=str(event["text"]))
