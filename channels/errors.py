"""Exceptions that channels raise. Whether to retry is expressed by the type, never by a string.

ChannelError
├── NotAuthentic        the request was not made by the provider       -> 403, nothing is parsed
├── MalformedPayload    authentic, but not what the provider documents -> 400
├── RetryLater          the provider told us to wait, or did not answer
├── Undeliverable       the provider refused this message permanently  -> dead letter
│   ├── WindowClosed    the reply window is over: send a template, or wait for the citizen
│   └── Unreachable     the contact blocked us, opted out or is gone   -> the contact is marked
└── InboxBroken         the account itself is refused (token, ban)     -> the inbox stops, the operator is told
"""

from typing import Literal


class ChannelError(Exception):
    """Base class of every error a channel raises."""


class NotAuthentic(ChannelError):
    """The signature or token is missing, stale or wrong."""


class MalformedPayload(ChannelError):
    """The body is not what this provider documents."""


class RetryLater(ChannelError):
    """Retry the same request.

    `after` is the provider's Retry-After in seconds, None if it gave none. `accepted_unknown` is true if the
    provider may have accepted the message (a time-out after the request was written): the desk then never
    re-sends blindly. `scope` says what must wait: this contact's messages, or the whole inbox. `most` is the
    number of attempts that makes sense for this reason, None for the desk's default.
    """

    def __init__(
        self,
        reason: str,
        after: float | None = None,
        *,
        accepted_unknown: bool = False,
        scope: Literal["contact", "inbox"] = "contact",
        most: int | None = None,
    ) -> None:
        super().__init__(reason)
        self.after = after
        self.accepted_unknown = accepted_unknown
        self.scope = scope
        self.most = most


class Undeliverable(ChannelError):
    """The provider refused this message and will refuse it again. `code` is the provider's."""

    def __init__(self, reason: str, code: str | None = None) -> None:
        super().__init__(reason)
        self.code = code


class WindowClosed(Undeliverable):
    """Too long since the citizen wrote: only a template, or a message with a human agent tag, is allowed now."""


class Unreachable(Undeliverable):
    """The contact blocked us, opted out or no longer exists."""


class InboxBroken(ChannelError):
    """The provider refuses the account: nothing can be sent until the operator fixes it. `code` is the
    provider's."""

    def __init__(self, reason: str, code: str | None = None) -> None:
        super().__init__(reason)
        self.code = code
