"""Provider-independent types for everything that passes through a channel."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal


@dataclass(frozen=True, slots=True)
class Webhook:
    """A request as it arrived. `body` is the raw bytes; header names are lower case.

    `url` is the address configured at the provider (from our settings, never from Host), query included.
    """

    headers: Mapping[str, str]
    body: bytes
    path: str = ""
    query: Mapping[str, str] = field(default_factory=dict)
    url: str = ""
    method: Literal["GET", "POST"] = "POST"


@dataclass(frozen=True, slots=True)
class Location:
    """A point (WGS 84 degrees) with the provider's label, if it gave one."""

    latitude: float
    longitude: float
    label: str | None = None


@dataclass(frozen=True, slots=True)
class MediaRef:
    """A file: `id` is ours once stored, the provider's before that. `url` is where the provider can fetch our
    file."""

    id: str
    content_type: str
    name: str | None = None
    url: str | None = None


ContactChange = Literal[
    "opted_out", "opted_in", "unreachable", "reachable", "moved", "routed_away", "routed_here"
]
"""What a provider reports about a contact. `moved`: its id is now `Inbound.moved_to`. `routed_away` /
`routed_here`: another app took over, or gave back, the thread (Meta's Conversation Routing).
"""


UnshownKind = Literal[
    "photo",
    "more_photos",
    "video",
    "audio",
    "document",
    "contact",
    "sticker",
    "poll",
    "story",
    "post",
    "gift",
    "order",
    "calendar",
    "payment",
    "signed",
    "message",
]
"""Content that we cannot show. `more_photos` are those beyond what one message may bring; `message` is anything without a name of its own."""


@dataclass(frozen=True, slots=True)
class Unshown:
    """One thing in a message that we cannot show: its author is told, and an agent reads its kind and `name`."""

    kind: UnshownKind
    name: str | None = None


@dataclass(frozen=True, slots=True)
class Inbound:
    """One event from a provider. `external_id` is the provider's, unique within the inbox.

    The kinds: `message` and `button` are what a citizen says. `deletion`: the citizen took back the message `deletes`.
    `staff`: somebody of the city answered in another app (`text`); the bot stays silent for a while. `receipt` and
    `contact` report about a message of ours and about the contact. `ignored` is only logged.

    `sent_at` is the provider's time, UTC. `thread` is what a reply needs in addition to the contact (an
    e-mail's message id and subject, a reply token): it is stored with the message and returned in
    `Outbound.thread`. `phone` and `email` are set only if the provider vouches for them: the desk stores them
    with the contact. `proven` is false if nothing vouches that this contact wrote it (a mail's From can be
    forged): it may be answered, and proves nothing. `note` tells an agent, in one or two sentences, what in
    the message could not be read. `edits`: an earlier message was changed to this text; it is shown, but does
    not answer any question. `ref` is the provider's id of the message, where that is not `external_id`; an edit has the
    one of the message that it changes. `quotes` and `deletes` are such ids of earlier messages, ours or the citizen's.
    `unshown` is further content that we cannot show. `silence` is how many minutes the bot stays silent after `staff`. `stops`: these words end all messages
    from us, and nobody has confirmed that yet. `chosen_language` is a code that the citizen picked from a menu of
    languages, which is all of the message. `receipt` names the message by the external id that `send` returned, or by our
    own key if `send` passed one. An `ignored` event may have the fields of a message: an agent can still take it.
    `thread["quiet"]` is set if no automatic answer may be sent (Withholds).
    """

    external_id: str
    contact: str
    kind: Literal["message", "button", "deletion", "staff", "receipt", "contact", "ignored"]
    text: str | None = None
    button: str | None = None
    location: Location | None = None
    media: tuple[MediaRef, ...] = ()
    name: str | None = None
    language: str | None = None
    receipt: tuple[str, Literal["sent", "delivered", "read", "failed"]] | None = None
    sent_at: datetime | None = None
    phone: str | None = None
    email: str | None = None
    thread: Mapping[str, str] = field(default_factory=dict)
    change: ContactChange | None = None
    moved_to: str | None = None
    edits: bool = False
    proven: bool = True
    note: str | None = None
    chosen_language: str | None = None
    ref: str | None = None
    quotes: str | None = None
    deletes: str | None = None
    unshown: tuple[Unshown, ...] = ()
    silence: int = 0
    stops: bool = False
    shut: bool = False  # of a failed receipt: it came after the reply window
    reason: str | None = None  # of a failed receipt or an ignored event, for the log: never citizen text
    evidence: Mapping[str, str] = field(default_factory=dict)  # the headers that decided an ignored event
    raw: str | None = None  # how an event begins that could not be read or has no author, as text for agents


@dataclass(frozen=True, slots=True)
class Button:
    """`id` is opaque and was made by the desk for this conversation."""

    id: str
    title: str


@dataclass(frozen=True, slots=True)
class Template:
    """A message that the provider approved in advance, for a contact whose reply window is closed. `values`
    fill it in order."""

    name: str
    language: str
    values: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Outbound:
    """A message to deliver. `contact` is the provider's id of the citizen.

    `window_open` is false if the channel's reply window is known to be over. `human` is true for an agent's
    own words. `takes_thread`: another app owns the thread, and an agent takes it over with this message.
    `passes_thread`: an agent passes it to the other app after this message.
    """

    message_id: str
    contact: str
    text: str
    language: str
    buttons: tuple[Button, ...] = ()
    media: tuple[MediaRef, ...] = ()
    asks_location: bool = False
    human: bool = False
    window_open: bool = True
    takes_thread: bool = False
    passes_thread: bool = False
    template: Template | None = None
    thread: Mapping[str, str] = field(default_factory=dict)
    subject: str | None = None


@dataclass(frozen=True, slots=True)
class Request:
    """One call to the provider, as `render` built it: `payload` is JSON-serialisable."""

    operation: str
    payload: Mapping[str, object]


@dataclass(frozen=True, slots=True)
class Sent:
    """The provider accepted it. `external_id` is None if it gives no id. `units` is how many it bills: one
    text may be several SMS."""

    external_id: str | None = None
    units: int = 1


@dataclass(frozen=True, slots=True)
class Billing:
    """What an inbox may spend: in units as the provider bills them, in any hour, and only to numbers of
    `prefixes`."""

    prefixes: tuple[str, ...]
    inbox_per_hour: int
    contact_per_hour: int


@dataclass(frozen=True, slots=True)
class Acknowledgement:
    """The body of the 2xx after the commit, for providers that read it."""

    body: str = "ok"
    content_type: str = "text/plain; charset=utf-8"


@dataclass(frozen=True, slots=True)
class MediaSource:
    """Where a citizen's file can be fetched: only from `hosts` (exact names, or ".suffix"), with these
    headers.

    Its address and headers contain the account's token (Telegram's and Meta's do), so neither is ever shown.
    """

    url: str = field(repr=False)
    hosts: tuple[str, ...]
    headers: Mapping[str, str] = field(default_factory=dict, repr=False)
    content: bytes | None = field(default=None, repr=False)  # loaded already (e-mail): nothing is fetched


@dataclass(frozen=True, slots=True)
class Setting:
    """One setting of an inbox. Secrets come from the environment or a file; the rest may be in city.yml.

    `help` says in one sentence what it is and where the operator finds it.
    """

    name: str
    help: str
    secret: bool = False
    required: bool = True
    default: str = ""


@dataclass(frozen=True, slots=True)
class Finding:
    """One line of `make inbox-check`: what was checked, whether it is fine, and what to do if not."""

    what: str
    fine: bool
    todo: str = ""
