"""What every channel is: three pure functions and one call (DESIGN section 5).

ChannelError
├── NotAuthentic        the request was not made by the provider      -> 403, nothing is parsed
├── MalformedPayload    authentic, but not what the provider documents -> 400
├── RetryLater          the provider asked us to wait, or did not answer
└── Undeliverable       the provider refused for good                  -> dead letter
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import ClassVar, Literal, Protocol


class ChannelError(Exception):
    """Base of everything a channel raises."""


class NotAuthentic(ChannelError):
    """The signature or token is missing, stale or wrong."""


class MalformedPayload(ChannelError):
    """The body is not what this provider documents."""


class RetryLater(ChannelError):
    """Try the same request again.

    `after` is the provider's Retry-After in seconds, None where it gave none.
    `accepted_unknown` is true where the provider may have taken the message (a time-out after
    the request was written): the desk then never re-sends blindly.
    """

    def __init__(self, reason: str, after: float | None = None, *, accepted_unknown: bool = False) -> None:
        super().__init__(reason)
        self.after = after
        self.accepted_unknown = accepted_unknown


class Undeliverable(ChannelError):
    """The provider refused this message and will refuse it again."""


@dataclass(frozen=True, slots=True)
class Capabilities:
    """What a channel can show. The desk and `render` degrade to it."""

    text_length: int
    buttons: int = 0
    list_rows: int = 0
    images: bool = False
    location: bool = False
    receipts: bool = False
    reply_window_hours: int | None = None


@dataclass(frozen=True, slots=True)
class Webhook:
    """A request as it arrived. `body` is the raw bytes; header names are lower case."""

    headers: Mapping[str, str]
    body: bytes
    path: str = ""
    query: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Location:
    """A point (WGS 84 degrees) with the provider's label, if it gave one."""

    latitude: float
    longitude: float
    label: str | None = None


@dataclass(frozen=True, slots=True)
class MediaRef:
    """A file: `id` is ours once stored, the provider's handle before."""

    id: str
    content_type: str
    name: str | None = None


@dataclass(frozen=True, slots=True)
class Inbound:
    """One event from a provider. `external_id` is the provider's, unique within the inbox."""

    external_id: str
    contact: str
    kind: Literal["message", "button", "receipt", "ignored"]
    text: str | None = None
    button: str | None = None
    location: Location | None = None
    media: tuple[MediaRef, ...] = ()
    name: str | None = None
    language: str | None = None
    receipt: tuple[str, Literal["sent", "delivered", "read", "failed"]] | None = None


@dataclass(frozen=True, slots=True)
class Button:
    """`id` is opaque and was made by the desk for this conversation."""

    id: str
    title: str


@dataclass(frozen=True, slots=True)
class Outbound:
    """A message to deliver. `contact` is the provider's id of the citizen."""

    message_id: str
    contact: str
    text: str
    language: str
    buttons: tuple[Button, ...] = ()
    media: tuple[MediaRef, ...] = ()


@dataclass(frozen=True, slots=True)
class Request:
    """One call to the provider, as `render` built it: `payload` is JSON-able."""

    operation: str
    payload: Mapping[str, object]


@dataclass(frozen=True, slots=True)
class Sent:
    """The provider took it. `external_id` is None where it gives no id."""

    external_id: str | None = None


class Channel(Protocol):
    """One kind of channel. A new one is one module, one registry line and fixtures."""

    name: ClassVar[str]
    capabilities: ClassVar[Capabilities]

    def verify(self, request: Webhook) -> None: ...

    def parse(self, request: Webhook) -> list[Inbound]: ...

    def render(self, message: Outbound) -> list[Request]: ...

    async def send(self, request: Request, key: str) -> Sent: ...
