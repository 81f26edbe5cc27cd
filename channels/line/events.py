"""Parses LINE's webhooks: a batch of events, of which we read what a citizen may send in a private chat with
the city.
"""

import re
from typing import Annotated

import msgspec

from channels.errors import MalformedPayload
from channels.kit.lenient import Lenient, Unreadable, digest
from channels.kit.moment import moment
from channels.kit.text import clean_name, clean_text
from channels.line.stickers import meaning
from channels.messages import Inbound, Location, MediaRef, Unshown, UnshownKind
from city.coordinates import Latitude, Longitude

CONTENT_TYPES = {
    "image": "image/jpeg",
    "video": "video/mp4",
    "audio": "audio/mp4",
    "file": "application/octet-stream",
}
"""LINE gives no type; the real type is determined when a file is fetched."""

UNSHOWN: dict[str, UnshownKind] = {
    **{"image": "photo", "video": "video", "audio": "audio", "file": "document", "sticker": "sticker"},
}

USER_ID = re.compile(r"U[0-9a-f]{32}")

_Text = Annotated[str, msgspec.Meta(max_length=20_000)]
_Token = Annotated[str, msgspec.Meta(max_length=2_000)]
_MessageId = Annotated[str, msgspec.Meta(pattern=r"^[0-9A-Za-z]{1,100}$")]


class _Source(msgspec.Struct):
    type: str = ""
    user: Annotated[str, msgspec.Meta(pattern=f"^{USER_ID.pattern}$")] | None = msgspec.field(
        default=None, name="userId"
    )


class _Provider(msgspec.Struct):
    type: str = ""
    url: _Text | None = msgspec.field(default=None, name="originalContentUrl")


class _Album(msgspec.Struct):
    id: str


class _Message(msgspec.Struct):
    id: _MessageId | None = None
    type: str = ""
    text: _Text | None = None
    latitude: Latitude | None = None
    longitude: Longitude | None = None
    title: _Text | None = None
    address: _Text | None = None
    keywords: list[str] = []
    provider: _Provider | None = msgspec.field(default=None, name="contentProvider")
    file_name: _Text | None = msgspec.field(default=None, name="fileName")
    album: _Album | None = msgspec.field(default=None, name="imageSet")
    quoted: _MessageId | None = msgspec.field(default=None, name="quotedMessageId")
    read_token: _Token | None = msgspec.field(default=None, name="markAsReadToken")


class _Chosen(msgspec.Struct):
    menu: str | None = msgspec.field(default=None, name="newRichMenuAliasId")


class _Postback(msgspec.Struct):
    data: Annotated[str, msgspec.Meta(max_length=300)] = ""
    params: _Chosen | None = None


class _Unsend(msgspec.Struct):
    message_id: _MessageId | None = msgspec.field(default=None, name="messageId")


class _Event(msgspec.Struct):
    id: Annotated[str, msgspec.Meta(pattern=r"^[0-9A-Za-z]{1,64}$")] | None = msgspec.field(
        default=None, name="webhookEventId"
    )
    type: str = ""
    mode: str = "active"
    timestamp: int | float | str | None = None
    source: _Source | None = None
    reply_token: _Token | None = msgspec.field(default=None, name="replyToken")
    message: _Message | None = None
    postback: _Postback | None = None
    unsend: _Unsend | None = None


class _Batch(msgspec.Struct):
    events: list[msgspec.Raw]


_BATCH = Lenient(_Batch)
_EVENT = Lenient(_Event)


def read(body: bytes) -> list[Inbound]:
    """Every event of a batch; the console's Verify button sends none. Raises MalformedPayload.

    A repeated delivery has the same webhookEventId, so `isRedelivery` does not have to be checked.
    """
    try:
        return [_inbound(raw) for raw in _BATCH.decode(body).events]
    except Unreadable:
        raise MalformedPayload("this is no batch of LINE's events") from None


def _inbound(raw: msgspec.Raw) -> Inbound:
    try:
        event = _EVENT.decode(raw)
    except Unreadable:
        return _ignored(digest(raw), "unreadable")
    number = event.id or digest(raw)
    contact = event.source.user if event.source is not None else None
    if contact is None or event.source is None or event.source.type != "user":
        return _ignored(number, "an event that is not of a chat with us alone")
    if event.mode == "standby":
        return _ignored(number, "another channel of this account has the chat", contact)
    match event.type:
        case "message" | "messageEdited" if event.message is not None:
            return _message(event, number, event.message, contact)
        case "postback" if event.postback and event.postback.params and event.postback.params.menu:
            return _ignored(number, "another page of the account's menu", contact)
        case "postback" if event.postback is not None and event.postback.data:
            return Inbound(
                number,
                contact,
                "button",
                button=event.postback.data,
                sent_at=moment(event.timestamp),
                thread=_thread(event, None),
            )
        case "unsend" if event.unsend is not None and event.unsend.message_id:
            return Inbound(number, contact, "deletion", deletes=event.unsend.message_id)
        case "follow":
            return Inbound(number, contact, "contact", change="reachable", sent_at=moment(event.timestamp))
        case "unfollow":
            return Inbound(number, contact, "contact", change="unreachable", sent_at=moment(event.timestamp))
        case _:
            return _ignored(number, "an event of a kind we do not take", contact)


def _message(event: _Event, number: str, message: _Message, contact: str) -> Inbound:
    edits = event.type == "messageEdited"
    text = message.text or (meaning(message.keywords) if message.type == "sticker" else None)
    place: Location | None = None
    media: tuple[MediaRef, ...] = ()
    label = clean_text(", ".join(part for part in (message.title, message.address) if part))
    if message.latitude is not None and message.longitude is not None:
        place = Location(message.latitude, message.longitude, label or None)
    elif message.provider is not None and message.provider.type == "external":
        # Not on LINE's servers, so we do not fetch it; an agent may read the address.
        text = message.provider.url
    elif message.type in CONTENT_TYPES and message.id and not edits:
        media = (MediaRef(message.id, CONTENT_TYPES[message.type], message.file_name),)
    elif message.type == "location":
        text = label  # a place that is nowhere on Earth may still have a name
    text = clean_text(text or "") or None
    nothing = not (text or place or media)
    unshown = (Unshown(UNSHOWN.get(message.type, "message"), clean_name(message.file_name)),)
    return Inbound(
        external_id=number,
        contact=contact,
        kind="message",
        text=text,
        location=place,
        media=media,
        edits=edits,
        sent_at=moment(event.timestamp),
        thread=_thread(event, message),
        ref=message.id,
        quotes=message.quoted,
        # The desk tells the sender that it cannot be read: silence would be the worst answer.
        unshown=unshown if nothing and not edits else (),
        reason="a message without anything we can read" if nothing else None,
    )


def _thread(event: _Event, message: _Message | None) -> dict[str, str]:
    thread = {
        "reply_token": event.reply_token,
        "read_token": message and message.read_token,
        "album": message.album.id if message and message.album else None,
    }
    return {name: value for name, value in thread.items() if value}


def _ignored(number: str, reason: str, contact: str = "") -> Inbound:
    return Inbound(number, contact, "ignored", reason=reason)
