"""Parses what Telegram posts: one update, of which we read what a citizen may send in a private chat."""

import re
from dataclasses import replace

from channels.errors import MalformedPayload
from channels.kit.lenient import Lenient, Unreadable, digest
from channels.kit.moment import moment
from channels.kit.phrases import greeting, primary
from channels.kit.text import clean_name, clean_text
from channels.messages import Inbound, Location, MediaRef, Unshown
from channels.telegram.links import with_links
from channels.telegram.shapes import (
    FILES,
    NO_CONTENT,
    SERVICE,
    UNSHOWN,
    Callback,
    Chat,
    Fields,
    Message,
    Replied,
    Update,
    User,
    Venue,
)

UPDATES = ("message", "edited_message", "callback_query", "my_chat_member")
BLOCKED = frozenset({"kicked", "left"})  # ChatMember.status of the bot in a private chat
_START = re.compile(r"/start(?:@\w+)?(?:\s+(?P<payload>[A-Za-z0-9_-]{1,64}))?\s*")
LONGEST_PASSAGE = 300  # characters
NOT_TAKEN = "a message of a kind we do not take"

_DECODER = Lenient(Update)
_FIELDS = Lenient(Fields)


def read(body: bytes) -> Inbound:
    """Convert one update to an Inbound. Raises MalformedPayload."""
    try:
        update = _DECODER.decode(body)
    except Unreadable:
        raise MalformedPayload("this is no update of Telegram's") from None
    found = _inbound(update, str(update.update_id) if update.update_id is not None else digest(body))
    if found.reason == NOT_TAKEN and _is_content(body):
        return replace(found, kind="message", unshown=(Unshown("message"),))
    return found


def _is_content(body: bytes) -> bool:
    """Whether a message without any known field contains something that a citizen sent."""
    try:
        fields = _FIELDS.decode(body).message
    except Unreadable:
        return False
    # Words in a shape that we cannot read are words.
    odd = any(name in fields and bytes(fields[name])[:1] not in (b'"', b"n") for name in ("text", "caption"))
    return odd or bool(fields.keys() - NO_CONTENT - SERVICE)


def _inbound(update: Update, number: str) -> Inbound:
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


def _message(number: str, message: Message) -> Inbound:
    contact = str(message.chat.id)
    if message.migrate_to_chat_id is not None:
        return Inbound(number, contact, "contact", change="moved", moved_to=str(message.migrate_to_chat_id))
    if message.chat.type != "private":
        return _ignored(number, f"a message in a {message.chat.type}", contact)
    # In a private chat the sender's id is the chat's.
    sender, text, thread = message.sender or User(message.chat.id), message.text or message.caption, {}
    if message.text and (start := _START.fullmatch(message.text)):
        # Nobody typed this: the Start button and links to the bot send it.
        text = greeting(sender.language_code)
        thread = {"start": start["payload"]} if start["payload"] else {}
    elif text:
        text = with_links(text, message.entities if message.text else message.caption_entities)
    text = clean_text(text or _meant(message)) or None
    if message.media_group_id:
        thread = {"album": message.media_group_id}
    place, media, unshown = _place(message), _media(message), _unshown(message)
    if not (text or place or media or unshown):
        return _ignored(number, NOT_TAKEN, contact)
    card = message.contact
    return Inbound(
        external_id=number,
        contact=contact,
        kind="message",
        text=text,
        location=place,
        media=media,
        name=_name(sender),
        language=primary(sender.language_code),
        sent_at=moment(message.date),
        phone=_phone(card.phone_number) if card and card.user_id == sender.id else None,
        thread=thread,
        ref=_ref(message),
        quotes=_ref(message.reply_to_message, message.chat) if message.reply_to_message else None,
        note=_elsewhere(message),
        # A sticker with an emoji is the emoji.
        unshown=() if text and message.sticker else unshown,
        # The desk tells the sender that it cannot be read: silence would be the worst answer.
        reason=None if text or place or media else "a message without anything we can read",
    )


def _edited(number: str, message: Message) -> Inbound:
    found = _message(number, message)
    if found.kind != "message" or found.location or not found.text:
        # A live location moves every few seconds, each time as an edit.
        return _ignored(number, "an edit that changes no words", found.contact)
    return replace(found, edits=True, media=(), thread={}, unshown=())


def _tapped(number: str, tapped: Callback) -> Inbound:
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
        thread={"callback": tapped.id} if tapped.id else {},
    )


def _ignored(number: str, reason: str, contact: str = "") -> Inbound:
    return Inbound(number, contact, "ignored", reason=reason)


def _ref(message: Message | Replied, chat: Chat | None = None) -> str | None:
    # As `send` names a message of ours: Telegram counts messages for each chat.
    there = message.chat or chat
    return f"{there.id}:{message.message_id}" if there and message.message_id is not None else None


def _meant(message: Message) -> str:
    """The words of a message that has none of its own."""
    if message.sticker is not None:
        return message.sticker.emoji or ""
    if message.contact is not None:
        card = message.contact
        own = message.sender is not None and card.user_id == message.sender.id
        name = "" if own else f"{card.first_name} {card.last_name}".strip()
        return ", ".join(part for part in (name, card.phone_number) if part)
    # A place that is nowhere on Earth may still have a name.
    return _label(message.venue) if message.venue and not _place(message) else ""


def _phone(written: str) -> str | None:
    return f"+{digits}" if (digits := written.lstrip("+")).isdigit() else None


def _elsewhere(message: Message) -> str | None:
    """For an agent: what it answers, where that is in another chat."""
    if not bytes(message.external_reply) or message.reply_to_message is not None:
        return None
    passage = clean_text(message.quote.text)[:LONGEST_PASSAGE] if message.quote else ""
    return (
        f"It answers a message in another chat: “{passage}”."
        if passage
        else "It answers a message in another chat."
    )


def _place(message: Message) -> Location | None:
    point = (message.venue.location if message.venue else None) or message.location
    if point is None or point.latitude is None or point.longitude is None:
        return None
    return Location(point.latitude, point.longitude, _label(message.venue) if message.venue else None)


def _media(message: Message) -> tuple[MediaRef, ...]:
    if message.photo:
        largest = max(message.photo, key=lambda one: one.width * one.height)
        return (MediaRef(largest.file_id, "image/jpeg"),)
    files = ((getattr(message, field), kind) for field, kind in FILES.items())
    return tuple(MediaRef(one.file_id, one.mime_type or kind, one.file_name) for one, kind in files if one)


def _unshown(message: Message) -> tuple[Unshown, ...]:
    named = [kind for field, kind in UNSHOWN.items() if getattr(message, field, None)]
    if not named and message.contact and not _meant(message):
        named = ["contact"]
    return tuple(Unshown(kind) for kind in dict.fromkeys(named))


def _label(venue: Venue) -> str:
    return clean_text(", ".join(part for part in (venue.title, venue.address) if part))


def _name(user: User) -> str | None:
    return clean_name(f"{user.first_name} {user.last_name}")
