"""Parses Messenger and Instagram webhooks: events of pages and accounts, for us or for another app to answer.

A body that is not a webhook of theirs is malformed. A single unreadable event is not an error: Meta would
send the batch again, and removes the webhook after an hour of refusals.
"""

import hashlib
import re
from collections.abc import Iterator
from datetime import UTC, datetime

import msgspec

from channels.errors import MalformedPayload
from channels.kit.phrases import greeting
from channels.kit.text import clean_text
from channels.messages import Inbound, Location, MediaRef
from channels.meta.shapes import (
    Control,
    Edit,
    Entry,
    Envelope,
    Event,
    Message,
    Payload,
    Postback,
    Unread,
)

FILES = {
    "image": "image/jpeg",
    "video": "video/mp4",
    "audio": "audio/mp4",
    "file": "application/octet-stream",
}
"""Assumed content types until a file is fetched: Meta gives no type."""

THUMBS = frozenset({369239263222822, 369239343222814, 369239383222810})  # the Like, in three sizes
GET_STARTED = frozenset({"GET_STARTED", "GET_STARTED_PAYLOAD", "<GET_STARTED_PAYLOAD>"})
# Instagram creates these itself when somebody mentions or shares us; nobody expects an answer.
NOT_TO_US = frozenset({"story_mention"})
AS_CHANGES = frozenset({"messages", "messaging_postbacks"})
OUR_KEY = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}:\d{1,4}")


def read(body: bytes, kind: str, account: str, app_id: str) -> list[Inbound]:
    """Every event of a webhook. `account` is the page or account that is ours, "" for any. Raises MalformedPayload."""
    try:
        envelope = _ENVELOPE.decode(body)
    except _UNREADABLE:
        raise MalformedPayload("this is no webhook of Meta's") from None
    if envelope.object != kind:
        raise MalformedPayload(f"this webhook is not of the kind {kind}")
    return [inbound for entry in envelope.entry for inbound in _entry(entry, account, app_id)]


def _entry(entry: Entry, account: str, app_id: str) -> Iterator[Inbound]:
    if account and entry.id != account:
        for raw in (*entry.messaging, *entry.standby, *(one.value for one in entry.changes)):
            yield _ignored(raw, "for another page or account")
        return
    for raw in entry.messaging:
        yield from _event(raw, entry.id, app_id, standby=False)
    for raw in entry.standby:
        yield from _event(raw, entry.id, app_id, standby=True)
    for change in entry.changes:
        if change.field in AS_CHANGES:
            yield from _event(change.value, entry.id, app_id, standby=False)
        else:
            yield _ignored(change.value, f"the field {change.field[:60]}")


def _event(raw: msgspec.Raw, account: str, app_id: str, *, standby: bool) -> Iterator[Inbound]:
    try:
        event = _EVENT.decode(raw)
    except _UNREADABLE:
        yield from _unread(raw, account, standby=standby)
        return
    if event.message:
        if event.message.is_echo or event.sender.id == account:
            yield _echo(event.message, app_id)
        elif event.message.is_deleted:
            yield _ignored(raw, "a deleted message", f"{event.message.mid}:deleted")
        elif any(one.type in NOT_TO_US for one in event.message.attachments):
            yield _ignored(raw, "a mention in a story", event.message.mid)
        else:
            yield from _to_us(_message(event, event.message), standby=standby)
    elif event.message_edit:
        if event.sender.id == account:
            yield _ignored(raw, "what the page itself edited")
        else:
            yield from _to_us(_edited(event, event.message_edit), standby=standby)
    elif event.postback:
        yield from _to_us(_postback(raw, event, event.postback), standby=standby)
    elif event.delivery and event.delivery.mids:
        for mid in event.delivery.mids:
            yield _receipt(event, mid, "delivered")
    elif event.read and event.read.mid:
        yield _receipt(event, event.read.mid, "read")
    elif control := event.pass_thread_control or event.take_thread_control:
        yield _routed(raw, event, control, account, app_id)
    else:
        yield _ignored(raw, "an event we do not take")


def _to_us(inbound: Inbound, *, standby: bool) -> Iterator[Inbound]:
    """Which app owns the thread is certain only from an event's place in the webhook: ownership also expires
    silently."""
    yield Inbound(
        f"{inbound.external_id}:owner",
        inbound.contact,
        "contact",
        change="routed_away" if standby else "routed_here",
        sent_at=inbound.sent_at,
    )
    yield inbound


def _message(event: Event, message: Message) -> Inbound:
    button = message.quick_reply.payload if message.quick_reply else None
    payloads = [one.payload or Payload() for one in message.attachments]
    place = next((one for one in payloads if one.coordinates), None)
    text = clean_text(message.text)
    if not text and any(one.sticker_id in THUMBS for one in payloads):
        text = "👍"
    elif not text:
        # The address of a shared link is found only here.
        shared = [one.payload for one in message.attachments if one.type == "fallback" and one.payload]
        text = clean_text(" ".join(part for one in shared for part in (one.title, one.url or "") if part))
    media = tuple(
        MediaRef(one.payload.url, FILES[one.type])
        for one in message.attachments
        if one.type in FILES and one.payload and one.payload.url and one.payload.sticker_id is None
    )
    return Inbound(
        external_id=message.mid,
        contact=event.sender.id,
        kind="button" if button else "message",
        text=text or None,
        button=button or None,
        location=_location(place),
        media=media,
        sent_at=_time(event.timestamp),
        reason=None if text or media or place or button else "a message without anything we can read",
    )


def _edited(event: Event, edit: Edit) -> Inbound:
    return Inbound(
        external_id=f"{edit.mid}:edit:{edit.num_edit}",
        contact=event.sender.id,
        kind="message",
        text=clean_text(edit.text) or None,
        edits=True,
        sent_at=_time(event.timestamp),
    )


def _postback(raw: msgspec.Raw, event: Event, postback: Postback) -> Inbound:
    started = postback.payload in GET_STARTED
    return Inbound(
        external_id=postback.mid or _digest(raw),
        contact=event.sender.id,
        # In standby Meta leaves the payload out.
        kind="button" if postback.payload and not started else "message",
        text=greeting(None) if started else clean_text(postback.title) or None,
        button=None if started else postback.payload or None,
        sent_at=_time(event.timestamp),
    )


def _echo(message: Message, app_id: str) -> Inbound:
    """A message written by the page itself, never by a citizen; if it holds our key, Meta has accepted our
    message."""
    if str(message.app_id) == app_id and OUR_KEY.fullmatch(message.metadata):
        return Inbound(f"{message.mid}:echo", "", "receipt", receipt=(message.metadata, "sent"))
    return Inbound(f"{message.mid}:echo", "", "ignored", reason="what the page wrote itself")


def _receipt(event: Event, mid: str, status: str) -> Inbound:
    return Inbound(
        external_id=f"{mid}:{status}",
        contact=event.sender.id,
        kind="receipt",
        receipt=(mid, "read" if status == "read" else "delivered"),
        sent_at=_time(event.timestamp),
    )


def _routed(raw: msgspec.Raw, event: Event, control: Control, account: str, app_id: str) -> Inbound:
    # Which of the two is the citizen has varied between kinds of event and over the years.
    people = [one.id for one in (event.sender, event.recipient) if one and one.id != account]
    owner = str(control.new_owner_app_id) if control.new_owner_app_id is not None else None
    lost = owner is None and str(control.previous_owner_app_id) == app_id
    if not people or (owner is None and not lost):
        return _ignored(raw, "a change of routing that does not say whose the thread is")
    return Inbound(
        _digest(raw),
        people[0],
        "contact",
        change="routed_here" if owner == app_id else "routed_away",
        sent_at=_time(event.timestamp),
    )


def _unread(raw: msgspec.Raw, account: str, *, standby: bool) -> Iterator[Inbound]:
    try:
        left = _UNREAD.decode(raw)
    except _UNREADABLE:
        left = None
    if left is None or left.sender.id == account:
        yield _ignored(raw, "unreadable")
    else:
        yield from _to_us(
            Inbound(left.message.mid, left.sender.id, "message", reason="unreadable"), standby=standby
        )


def _location(place: Payload | None) -> Location | None:
    if place is None or place.coordinates is None:
        return None
    return Location(place.coordinates.lat, place.coordinates.long, clean_text(place.title) or None)


def _ignored(raw: msgspec.Raw, reason: str, external_id: str | None = None) -> Inbound:
    return Inbound(external_id or _digest(raw), "", "ignored", reason=reason)


def _digest(raw: msgspec.Raw) -> str:
    # Without an id for deduplication, identical bytes count as the same event.
    return f"sha256:{hashlib.sha256(raw).hexdigest()}"


def _time(milliseconds: int) -> datetime | None:
    return (
        datetime.fromtimestamp(milliseconds / 1000, UTC) if 0 < milliseconds < 253_402_300_799_000 else None
    )


_UNREADABLE = (msgspec.MsgspecError, UnicodeDecodeError, RecursionError)
_ENVELOPE = msgspec.json.Decoder(Envelope)
_EVENT = msgspec.json.Decoder(Event)
_UNREAD = msgspec.json.Decoder(Unread)
