"""Parses LINE's webhooks: a batch of events, of which we read what a citizen may send in a private chat with
the city.
"""

import re
from datetime import UTC, datetime
from typing import Annotated

import msgspec

from channels.errors import MalformedPayload
from channels.kit.text import clean_text
from channels.messages import Inbound, Location, MediaRef
from city.coordinates import Latitude, Longitude

CONTENT_TYPES = {
    "image": "image/jpeg",
    "video": "video/mp4",
    "audio": "audio/mp4",
    "file": "application/octet-stream",
}
"""LINE gives no type; the real type is determined when a file is fetched."""

USER_ID = re.compile(r"U[0-9a-f]{32}")

_Text = Annotated[str, msgspec.Meta(max_length=20_000)]
_Token = Annotated[str, msgspec.Meta(max_length=2_000)]


class _Source(msgspec.Struct):
    type: str
    user: Annotated[str, msgspec.Meta(pattern=f"^{USER_ID.pattern}$")] | None = msgspec.field(
        default=None, name="userId"
    )


class _Provider(msgspec.Struct):
    type: str
    url: _Text | None = msgspec.field(default=None, name="originalContentUrl")


class _Album(msgspec.Struct):
    id: str


class _Message(msgspec.Struct):
    id: Annotated[str, msgspec.Meta(pattern=r"^[0-9A-Za-z]{1,100}$")]
    type: str
    text: _Text | None = None
    latitude: Latitude | None = None
    longitude: Longitude | None = None
    title: _Text | None = None
    address: _Text | None = None
    provider: _Provider | None = msgspec.field(default=None, name="contentProvider")
    file_name: _Text | None = msgspec.field(default=None, name="fileName")
    album: _Album | None = msgspec.field(default=None, name="imageSet")
    read_token: _Token | None = msgspec.field(default=None, name="markAsReadToken")


class _Postback(msgspec.Struct):
    data: Annotated[str, msgspec.Meta(max_length=300)]


class _Event(msgspec.Struct):
    id: Annotated[str, msgspec.Meta(pattern=r"^[0-9A-Za-z]{1,64}$")] = msgspec.field(name="webhookEventId")
    type: str
    mode: str
    timestamp: Annotated[int, msgspec.Meta(ge=0, le=253_402_300_799_000)]
    source: _Source | None = None
    reply_token: _Token | None = msgspec.field(default=None, name="replyToken")
    message: _Message | None = None
    postback: _Postback | None = None


class _Batch(msgspec.Struct):
    events: list[_Event]


_DECODER = msgspec.json.Decoder(_Batch)


def read(body: bytes) -> list[Inbound]:
    """Every event of a batch; the console's Verify button sends none. Raises MalformedPayload.

    A repeated delivery has the same webhookEventId, so `isRedelivery` does not have to be checked.
    """
    try:
        return [_inbound(event) for event in _DECODER.decode(body).events]
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
        raise MalformedPayload("this is no batch of LINE's events") from None


def _inbound(event: _Event) -> Inbound:
    contact = event.source.user if event.source is not None else None
    if contact is None or event.source is None or event.source.type != "user":
        return _ignored(event, "an event that is not of a chat with us alone")
    if event.mode != "active":
        return _ignored(event, "another channel of this account has the chat", contact)
    match event.type:
        case "message" if event.message is not None:
            return _message(event, event.message, contact)
        case "postback" if event.postback is not None:
            return Inbound(
                event.id,
                contact,
                "button",
                button=event.postback.data,
                sent_at=_time(event),
                thread=_thread(event, None),
            )
        case "follow":
            return Inbound(event.id, contact, "contact", change="reachable", sent_at=_time(event))
        case "unfollow":
            return Inbound(event.id, contact, "contact", change="unreachable", sent_at=_time(event))
        case _:
            return _ignored(event, "an event of a kind we do not take", contact)


def _message(event: _Event, message: _Message, contact: str) -> Inbound:
    text = message.text if message.type in ("text", "sticker") else None
    place: Location | None = None
    media: tuple[MediaRef, ...] = ()
    if message.latitude is not None and message.longitude is not None:
        label = clean_text(", ".join(part for part in (message.title, message.address) if part))
        place = Location(message.latitude, message.longitude, label or None)
    elif message.provider is not None and message.provider.type == "external":
        # Not on LINE's servers, so we do not fetch it; an agent may read the address.
        text = message.provider.url
    elif message.type in CONTENT_TYPES:
        media = (MediaRef(message.id, CONTENT_TYPES[message.type], message.file_name),)
    text = clean_text(text or "") or None
    return Inbound(
        external_id=event.id,
        contact=contact,
        kind="message",
        text=text,
        location=place,
        media=media,
        sent_at=_time(event),
        thread=_thread(event, message),
        # The desk tells the sender that it cannot be read: silence would be the worst answer.
        reason=None if text or place or media else "a message without anything we can read",
    )


def _thread(event: _Event, message: _Message | None) -> dict[str, str]:
    thread = {
        "reply_token": event.reply_token,
        "read_token": message and message.read_token,
        "album": message.album.id if message and message.album else None,
    }
    return {name: value for name, value in thread.items() if value}


def _time(event: _Event) -> datetime:
    return datetime.fromtimestamp(event.timestamp / 1000, UTC)


def _ignored(event: _Event, reason: str, contact: str = "") -> Inbound:
    return Inbound(event.id, contact, "ignored", reason=reason)
