"""What every channel is: three pure functions and one call (DESIGN section 5), and what some can do besides.

A channel says what it can do besides by having the method: the desk asks `isinstance(channel, Handshakes)`.
"""

from collections.abc import Awaitable, Callable, Mapping
from typing import ClassVar, Protocol, runtime_checkable

from channels.errors import (
    ChannelError,
    InboxBroken,
    MalformedPayload,
    NotAuthentic,
    RetryLater,
    Undeliverable,
    Unreachable,
    WindowClosed,
)
from channels.messages import (
    Acknowledgement,
    Billing,
    Button,
    Capabilities,
    ContactChange,
    Finding,
    Inbound,
    Location,
    MediaRef,
    MediaSource,
    Outbound,
    Request,
    Sent,
    Setting,
    Template,
    TextUnit,
    Webhook,
)

__all__ = [
    "Acknowledgement",
    "Acknowledges",
    "AnswersTaps",
    "Billing",
    "Bills",
    "Button",
    "Capabilities",
    "Channel",
    "ChannelError",
    "Checks",
    "ContactChange",
    "Fetches",
    "Finding",
    "Handshakes",
    "Inbound",
    "InboxBroken",
    "Listens",
    "Location",
    "LooksUpNames",
    "MalformedPayload",
    "MediaRef",
    "MediaSource",
    "NotAuthentic",
    "Outbound",
    "Registers",
    "Request",
    "RetryLater",
    "Sent",
    "Setting",
    "ShowsTyping",
    "Template",
    "TextUnit",
    "Tries",
    "Undeliverable",
    "Unreachable",
    "Webhook",
    "WindowClosed",
]


class Channel(Protocol):
    """One kind of channel. A new one is one module, one registry line and fixtures."""

    name: ClassVar[str]
    capabilities: ClassVar[Capabilities]
    settings: ClassVar[tuple[Setting, ...]]

    def verify(self, request: Webhook) -> None:
        """Raises NotAuthentic. Looks at nothing but bytes, headers and address; compares in constant time."""

    def parse(self, request: Webhook) -> list[Inbound]:
        """Every event of a verified request, unknown kinds as `ignored`. Raises MalformedPayload and nothing else."""
        ...

    def render(self, message: Outbound) -> list[Request]:
        """The calls that deliver this message, in order, within the provider's limits. Pure. Raises WindowClosed."""
        ...

    async def send(self, request: Request, key: str) -> Sent:
        """Make one call. `key` is the same for every try of the same part.

        Raises RetryLater, Undeliverable (or its kinds) or InboxBroken, and nothing else."""
        ...


@runtime_checkable
class Handshakes(Protocol):
    """The provider proves the address with a GET first (Meta)."""

    def handshake(self, request: Webhook) -> str:
        """The text to answer with. Raises NotAuthentic."""
        ...


@runtime_checkable
class Acknowledges(Protocol):
    """The provider reads the body of our 2xx (Twilio takes it for TwiML)."""

    acknowledgement: ClassVar[Acknowledgement]


@runtime_checkable
class ShowsTyping(Protocol):
    """Typing and read marks. Best effort: what it raises is logged and forgotten."""

    def typing(self, contact: str, last_external_id: str, thread: Mapping[str, str]) -> list[Request]:
        """The calls that mark the citizen's last message as read and show that we are writing."""
        ...


@runtime_checkable
class AnswersTaps(Protocol):
    """The app turns a clock on a tapped button until it hears of us. Best effort, like presence."""

    def tapped(self, thread: Mapping[str, str]) -> list[Request]:
        """The calls that stop the clock; `thread` is the tap's own."""
        ...


@runtime_checkable
class Fetches(Protocol):
    """A citizen's files have to be fetched from the provider."""

    async def media(self, ref: MediaRef) -> MediaSource:
        """Where to fetch it; may ask the provider first. Raises RetryLater or Undeliverable (it is gone)."""
        ...


@runtime_checkable
class LooksUpNames(Protocol):
    """Messages come without a name, and the provider tells when asked."""

    async def name_of(self, contact: str) -> str | None:
        """What this contact calls itself; None where it does not say, or where the inbox is not to ask.

        Raises what `send` raises, which means nothing for the inbox: a name is never worth stopping for."""
        ...


@runtime_checkable
class Listens(Protocol):
    """Nothing is posted to us: we listen (IMAP). One listener per inbox over all workers."""

    async def listen(self, take: Callable[[Webhook], Awaitable[None]], tries: "Tries") -> None:
        """Until cancelled: count each arrival with `tries`, read it, hand it to `take`, which returns once it is
        committed, then tell the provider.

        `take` raises NotAuthentic or MalformedPayload for what must be set aside, RetryLater while nothing at all can be
        kept, and anything else where this arrival is at fault: it is tried again, and set aside after a few tries."""
        ...


class Tries(Protocol):
    """How often each arrival was tried, kept where a process that dies does not lose it. Raises RetryLater."""

    async def count(self, place: str) -> int:
        """One more try of what is at this place of the inbox: how many there were, this one included."""
        ...

    async def forget(self, place: str) -> None:
        """It is done with."""
        ...


@runtime_checkable
class Bills(Protocol):
    """Each message is paid for, and strangers can make us send some: the desk keeps to these limits."""

    @property
    def billing(self) -> Billing:
        """What this inbox may spend."""
        ...

    def may_send_to(self, contact: str) -> bool:
        """Whether this number is one that the inbox is for."""
        ...

    def units(self, request: Request) -> int:
        """How many units the provider will bill for this call. Pure."""
        ...


@runtime_checkable
class Checks(Protocol):
    """Can tell the operator what is missing or wrong."""

    async def check(self, webhook_url: str) -> list[Finding]:
        """Ask the provider about token, account and webhook; change nothing. Raises nothing."""
        ...


@runtime_checkable
class Registers(Protocol):
    """Can tell the provider where our webhook is."""

    async def register(self, webhook_url: str) -> list[Finding]:
        """Set the webhook and what it subscribes to. Raises nothing."""
        ...
