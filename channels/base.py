"""The channel protocol: three pure functions and one call, and optional abilities.

A channel declares an optional ability by having its method: the desk checks `isinstance(channel, Handshakes)`."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import ClassVar, Protocol, runtime_checkable

from channels.capabilities import Capabilities, TextUnit
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
    Unshown,
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
    "Changes",
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
    "Unshown",
    "Webhook",
    "WindowClosed",
    "Withholds",
]


class Channel(Protocol):
    """One kind of channel. Adding one takes one module, one registry line and fixtures."""

    name: ClassVar[str]
    capabilities: ClassVar[Capabilities]
    settings: ClassVar[tuple[Setting, ...]]

    def verify(self, request: Webhook) -> None:
        """Raises NotAuthentic. Uses only the bytes, headers and address; compares in constant time."""

    def parse(self, request: Webhook) -> list[Inbound]:
        """Every event of a verified request; unknown kinds become `ignored`. Raises MalformedPayload and
        nothing else."""
        ...

    def render(self, message: Outbound) -> list[Request]:
        """The calls that deliver this message, in order, within the provider's limits. Pure. Raises
        WindowClosed."""
        ...

    async def send(self, request: Request, key: str) -> Sent:
        """Make one call. `key` is the same for every attempt at the same part.

        Raises RetryLater, Undeliverable (or a subclass) or InboxBroken, and nothing else.
        """
        ...


@runtime_checkable
class Handshakes(Protocol):
    """The provider verifies the address with a GET first (Meta)."""

    def handshake(self, request: Webhook) -> str:
        """The text to answer with. Raises NotAuthentic."""
        ...


@runtime_checkable
class Acknowledges(Protocol):
    """The provider reads the body of our 2xx (Twilio interprets it as TwiML)."""

    acknowledgement: ClassVar[Acknowledgement]


@runtime_checkable
class ShowsTyping(Protocol):
    """Typing indicators and read marks. Best effort: errors are logged and otherwise ignored."""

    def typing(self, contact: str, last_external_id: str, thread: Mapping[str, str]) -> list[Request]:
        """The calls that mark the citizen's last message as read and show the typing indicator."""
        ...


@runtime_checkable
class Changes(Protocol):
    """Messages that were sent can be changed or withdrawn. `external_ids` are those that `send` returned, in order."""

    def changed(self, contact: str, external_ids: Sequence[str], text: str) -> list[Request]:
        """The calls that give the message this text. Raises Undeliverable if it cannot be done. Pure."""
        ...

    def withdrawn(self, contact: str, external_ids: Sequence[str]) -> list[Request]:
        """The calls that take the message back. Raises Undeliverable if it cannot be done. Pure."""
        ...


@runtime_checkable
class AnswersTaps(Protocol):
    """The app shows a spinner on a tapped button until we respond. Best effort, like presence."""

    def tapped(self, thread: Mapping[str, str]) -> list[Request]:
        """The calls that stop the spinner; `thread` is that of the tap."""
        ...


@runtime_checkable
class Fetches(Protocol):
    """A citizen's files have to be fetched from the provider."""

    async def media(self, ref: MediaRef) -> MediaSource:
        """Where to fetch it; may call the provider first. Raises RetryLater, or Undeliverable if it is gone."""
        ...


@runtime_checkable
class LooksUpNames(Protocol):
    """Messages arrive without a name, but the provider can be queried for it."""

    async def name_of(self, contact: str) -> str | None:
        """The contact's display name; None if there is none, or if lookups are disabled for the inbox.

        Raises what `send` raises, without consequences for the inbox: a name is never worth stopping it.
        """
        ...


@runtime_checkable
class Listens(Protocol):
    """Nothing is posted to us: we listen (IMAP). There is one listener per inbox across all workers."""

    async def listen(self, take: Callable[[Webhook], Awaitable[None]], tries: "Tries") -> None:
        """Runs until cancelled: counts each arrival with `tries`, reads it, passes it to `take`, which
        returns once it is committed, and then marks it as done at the provider.

        `take` raises NotAuthentic or MalformedPayload if the arrival must be set apart, RetryLater while
        nothing can be stored, and anything else if this arrival is at fault: it is retried, and set apart
        after a few attempts.
        """
        ...


class Tries(Protocol):
    """Counts the attempts at each arrival, stored so that the count survives a crash of the process. Raises
    RetryLater."""

    async def count(self, place: str) -> int:
        """Count one more attempt at the item at this place in the inbox; returns the total, this one
        included."""
        ...

    async def forget(self, place: str) -> None:
        """Delete the count: the item is finished."""
        ...


@runtime_checkable
class Withholds(Protocol):
    """Some messages must not go out, although nothing is wrong with them: automatic answers to a list."""

    def withholds(self, message: Outbound) -> bool:
        """Whether this message stays in the log and is not sent. Pure."""
        ...


@runtime_checkable
class Bills(Protocol):
    """Each message costs money, and strangers can make us send some, so the desk enforces these limits."""

    @property
    def billing(self) -> Billing:
        """What this inbox may spend."""
        ...

    def may_send_to(self, contact: str) -> bool:
        """Whether this inbox may send to this number."""
        ...

    def units(self, request: Request) -> int:
        """How many units the provider will bill for this call. Pure."""
        ...


@runtime_checkable
class Checks(Protocol):
    """The channel can tell the operator what is missing or wrong."""

    async def check(self, webhook_url: str) -> list[Finding]:
        """Check the token, account and webhook at the provider without changing anything. Raises nothing."""
        ...


@runtime_checkable
class Registers(Protocol):
    """The channel can set our webhook address at the provider."""

    async def register(self, webhook_url: str) -> list[Finding]:
        """Set the webhook and its subscriptions. Raises nothing."""
        ...
