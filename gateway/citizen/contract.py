"""The web chat's API under /chat/v1 as types: answers are built from them, and its OpenAPI description too."""

from typing import Annotated, Literal

import msgspec

Language = Annotated[str, msgspec.Meta(description="Language code, such as en.")]
Moment = Annotated[str, msgspec.Meta(description="ISO 8601 in UTC.")]


class ButtonView(msgspec.Struct, frozen=True):
    """Send its id back as `button`."""

    id: str
    title: str


class AttachmentView(msgspec.Struct, frozen=True):
    """A photo, or a PDF (application/pdf): GET /chat/v1/media/{id}."""

    id: str
    content_type: str
    alt: str | None


class LocationView(msgspec.Struct, frozen=True):
    """Degrees."""

    latitude: float
    longitude: float
    label: str | None


class SourceView(msgspec.Struct, frozen=True):
    """Where an answer comes from. `stale`: it is past its review date."""

    title: str
    url: str | None
    reviewed_on: str
    stale: bool


class ReportAnswerView(msgspec.Struct, frozen=True):
    """One answer: `part` is service, description, location, photo, contact or the code of the service's own question,
    which is the `title`."""

    part: str
    text: str
    title: str | None


class ReportControlView(msgspec.Struct, frozen=True):
    """Send its id as `button`. `does`: back, later, continue, send, stop, or the part whose answer it changes."""

    id: str
    title: str
    does: str


class ReportProgressView(msgspec.Struct, frozen=True):
    """The message asks the question `step` of `steps` of a report. `answers` are given at its end, to be checked."""

    step: int
    steps: int
    paused: bool
    answers: list[ReportAnswerView]
    controls: list[ReportControlView]


class MessageView(msgspec.Struct, frozen=True):
    """One message of the log. `seq` counts up; `client_id` is the client's own id of a message it sent. `corrected`: an
    agent changed it, or took it back."""

    seq: int
    id: str
    client_id: str | None
    author: Literal["contact", "bot", "agent", "system"]
    agent_name: str | None
    text: str | None
    language: Language | None
    buttons: list[ButtonView]
    attachments: list[AttachmentView]
    location: LocationView | None
    source: SourceView | None
    created_at: Moment
    status: str
    corrected: Literal["edited", "withdrawn"] | None = None
    report: ReportProgressView | None = None


class WaitView(msgspec.Struct, frozen=True):
    """Minutes: at least and at most, from now."""

    low: int
    high: int


class StateView(msgspec.Struct, frozen=True):
    """Who answers now. `position` is 1 for the next in the queue. `wait`: what is left of the wait that the citizen was
    told."""

    owner: Literal["bot", "queued", "agent", "none"]
    position: int | None
    agent_name: str | None
    office_open: bool
    opens_at: Moment | None
    language: Language
    typing: bool
    wait: WaitView | None = None


class PageView(msgspec.Struct, frozen=True):
    """Messages after the number that was asked for, oldest first. `corrected`: earlier ones as they are now. `more`: ask
    again at once."""

    messages: list[MessageView]
    corrected: list[MessageView]
    state: StateView
    last_seq: int
    more: bool


class LanguageView(msgspec.Struct, frozen=True):
    """A language with its own name."""

    code: Language
    name: str


class LimitsView(msgspec.Struct, frozen=True):
    """Characters of a text, bytes of a photo."""

    text: int
    photo_bytes: int


class OfficeView(msgspec.Struct, frozen=True):
    """Whether people answer now."""

    open: bool
    opens_at: Moment | None


class ConfigView(msgspec.Struct, frozen=True):
    """What a client needs before the conversation. `origin_allowed`: whether pages of the asking site may write.
    `map_credit`: who made the maps, None where there are none. `greetings`: the words above a new conversation by
    language, where the city has its own."""

    city: str
    demo: bool
    languages: list[LanguageView]
    limits: LimitsView
    emergency_number: str
    office: OfficeView
    origin_allowed: bool
    map_credit: str | None
    greetings: dict[str, str]


class SessionView(msgspec.Struct, frozen=True):
    """Keep the token secret: anybody who has it can read the conversation. Use extends it."""

    token: str
    expires_at: Moment


class AcceptedView(msgspec.Struct, frozen=True):
    """The message is stored. Its answer comes with the log."""

    client_id: str
    accepted: Literal[True]


class MediaView(msgspec.Struct, frozen=True):
    """The photo or PDF is stored. Send its id within 24 hours as `media`."""

    media: str
    content_type: str


class PartView(msgspec.Struct, frozen=True):
    """How many bytes of the photo have arrived: the next part begins there."""

    received: int


class PushKeyView(msgspec.Struct, frozen=True):
    """The key with which a browser subscribes to notices of this desk (web push), in base64url."""

    key: str


class AddressView(msgspec.Struct, frozen=True):
    """An address of the city. Degrees only with a house number."""

    label: str
    latitude: float | None
    longitude: float | None


class AddressesView(msgspec.Struct, frozen=True):
    """At most five, the likeliest first."""

    addresses: list[AddressView]


class ErrorView(msgspec.Struct, frozen=True):
    """`code` is stable, `message` is for people, `reference` finds the request in the logs."""

    code: str
    message: str
    reference: str


class Refusal(msgspec.Struct, frozen=True):
    """Every answer of 400 and above."""

    error: ErrorView
