"""Parses what Telegram posts: one update, of which we read what a citizen may send in a private chat."""

import re
from dataclasses import replace
from datetime import UTC, datetime
from typing import Annotated

import msgspec

from channels.errors import MalformedPayload
from channels.kit.phrases import greeting, primary
from channels.kit.text import clean_name, clean_text
from channels.messages import Inbound, Location, MediaRef
from city.coordinates import Latitude, Longitude

UPDATES = ("message", "edited_message", "callback_query", "my_chat_member")
UNREAD = ("dice", "poll", "game", "story", "paid_media", "checklist")
BLOCKED = frozenset({"kicked", "left"})  # ChatMember.status of the bot in a private chat
_START = re.compile(r"/start(?:@\w+)?(?:\s+(?P<payload>[A-Za-z0-9_-]{1,64}))?\s*")

_Id = Annotated[int, msgspec.Meta(ge=-(2**53), le=2**53)]


class _User(msgspec.Struct):
    id: _Id
    first_name: str = ""
    last_name: str = ""
    language_code: str | None = None


class _Chat(msgspec.Struct):
    id: _Id
    type: str = "private"


class _File(msgspec.Struct):
    file_id: Annotated[str, msgspec.Meta(min_length=1, max_length=500)]
    mime_type: str = "application/octet-stream"
    file_name: str | None = None
    width: int = 0
    height: int = 0


class _Point(msgspec.Struct):
    latitude: Latitude
    longitude: Longitude


class _Venue(msgspec.Struct):
    location: _Point
    title: str = ""
    address: str = ""


class _Sticker(msgspec.Struct):
    emoji: str | None = None


class _Card(msgspec.Struct):
    phone_number: str
    user_id: int | None = None


class _Message(msgspec.Struct):
    chat: _Chat
    date: Annotated[int, msgspec.Meta(ge=0, le=253_402_300_799)] = 0
    sender: _User | None = msgspec.field(default=None, name="from")
    text: str | None = None
    caption: str | None = None
    photo: list[_File] = []
    document: _File | None = None
    video: _File | None = None
    video_note: _File | None = None
    audio: _File | None = None
    voice: _File | None = None
    location: _Point | None = None
    venue: _Venue | None = None
    sticker: _Sticker | None = None
    contact: _Card | None = None
    media_group_id: str | None = None
    # Content that a citizen can send and we cannot read. Other updates without text are Telegram's service
    # messages.
    dice: msgspec.Raw = msgspec.Raw()
    poll: msgspec.Raw = msgspec.Raw()
    game: msgspec.Raw = msgspec.Raw()
    story: msgspec.Raw = msgspec.Raw()
    paid_media: msgspec.Raw = msgspec.Raw()
    checklist: msgspec.Raw = msgspec.Raw()
    migrate_to_chat_id: _Id | None = None


class _Callback(msgspec.Struct):
    id: str
    sender: _User = msgspec.field(name="from")
    data: str | None = None
    message: _Message | None = None


class _Status(msgspec.Struct):
    status: str


class _Member(msgspec.Struct):
    chat: _Chat
    new_chat_member: _Status


class _Update(msgspec.Struct):
    update_id: _Id
    message: _Message | None = None
    callback_query: _Callback | None = None
    my_chat_member: _Member | None = None
    edited_message: _Message | None = None


_DECODER = msgspec.json.Decoder(_Update)


def read(body: bytes) -> Inbound:
    """Convert one update to an Inbound. Raises MalformedPayload."""
    try:
        return _inbound(_DECODER.decode(body))
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
        raise MalformedPayload("this is no update of Telegram's") from None


def _inbound(update: _Update) -> Inbound:
    number = str(update.update_id)
    if update.message is not None:
        return _message(number, update.message)
    if update.callback_query is not None:
        return _tapped(number, update.callback_query)
    if update.my_chat_member is not None and update.my_chat_member.chat.type == "private":
        gone = update.my_chat_member.new_chat_member.status in BLOCKED
        contact = str(update.my_chat_member.chat.id)
        return Inbound(number, contact, "contact", change="unreachable" if gone else "reachable")
    if update.edited_message is not None:
        return _edited(number, update.edited_message)
    return _ignored(number, "an update we did not ask for")


def _message(number: str, message: _Message) -> Inbound:
    contact = str(message.chat.id)
    if message.migrate_to_chat_id is not None:
        return Inbound(number, contact, "contact", change="moved", moved_to=str(message.migrate_to_chat_id))
    if message.chat.type != "private" or message.sender is None:
        return _ignored(number, f"a message in a {message.chat.type}", contact)
    sender, text, thread = message.sender, message.text or message.caption, {}
    if message.text and (start := _START.fullmatch(message.text)):
        # Nobody typed this: the Start button and links to the bot send it.
        text = greeting(sender.language_code)
        thread = {"start": start["payload"]} if start["payload"] else {}
    elif message.sticker is not None:
        text = message.sticker.emoji
    elif message.contact is not None:
        text = message.contact.phone_number
    if message.media_group_id:
        thread = {"album": message.media_group_id}
    place = message.venue.location if message.venue else message.location
    media = _media(message)
    text = clean_text(text or "") or None
    strange = message.sticker is not None or any(getattr(message, kind) for kind in UNREAD)
    if not (text or place or media or strange):
        return _ignored(number, "a message of a kind we do not take", contact)
    own = message.contact is not None and message.contact.user_id == sender.id
    return Inbound(
        external_id=number,
        contact=contact,
        kind="message",
        text=text,
        location=Location(place.latitude, place.longitude, _label(message.venue)) if place else None,
        media=media,
        name=_name(sender),
        language=primary(sender.language_code),
        sent_at=datetime.fromtimestamp(message.date, UTC),
        phone=message.contact.phone_number if message.contact and own else None,
        thread=thread,
        # The desk tells the sender that it cannot be read: silence would be the worst answer.
        reason=None if text or place or media else "a message without anything we can read",
    )


def _edited(number: str, message: _Message) -> Inbound:
    found = _message(number, message)
    if found.kind != "message" or found.location or not found.text:
        # A live location moves every few seconds, each time as an edit.
        return _ignored(number, "an edit that changes no words", found.contact)
    return replace(found, edits=True, media=(), thread={})


def _tapped(number: str, tapped: _Callback) -> Inbound:
    contact = str(tapped.sender.id)
    if not tapped.data or (tapped.message is not None and tapped.message.chat.type != "private"):
        return _ignored(number, "a button that is not ours", contact)
    return Inbound(
        external_id=number,
        contact=contact,
        kind="button",
        button=tapped.data,
        name=_name(tapped.sender),
        language=primary(tapped.sender.language_code),
        thread={"callback": tapped.id},
    )


def _ignored(number: str, reason: str, contact: str = "") -> Inbound:
    return Inbound(number, contact, "ignored", reason=reason)


def _media(message: _Message) -> tuple[MediaRef, ...]:
    if message.photo:
        largest = max(message.photo, key=lambda one: one.width * one.height)
        return (MediaRef(largest.file_id, "image/jpeg"),)
    files = (message.document, message.video, message.video_note, message.audio, message.voice)
    return tuple(MediaRef(one.file_id, one.mime_type, one.file_name) for one in files if one)


def _label(venue: _Venue | None) -> str | None:
    return clean_text(", ".join(part for part in (venue.title, venue.address) if part)) if venue else None


def _name(user: _User) -> str | None:
    return clean_name(f"{user.first_name} {user.last_name}")
