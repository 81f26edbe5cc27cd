"""Parses WhatsApp webhooks. One may hold a thousand events of many people; one bad event never loses the
others.

A body that is not a WhatsApp webhook is malformed. A single unreadable event is not an error: Meta would send
the whole batch again for days. A message without readable content is passed on as such, and the desk tells
its author.
"""

import hashlib
import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime
from typing import Literal

import msgspec

from channels.errors import MalformedPayload
from channels.kit.text import clean_name, clean_text
from channels.messages import Inbound, Location, MediaRef
from channels.whatsapp.shapes import (
    Body,
    Change,
    Choice,
    Contact,
    Edited,
    Envelope,
    File,
    Head,
    Point,
    Status,
    System,
    Value,
)

STATUSES: Mapping[str, Literal["sent", "delivered", "read", "failed"]] = {
    "sent": "sent",
    "delivered": "delivered",
    "read": "read",
    "played": "read",
    "failed": "failed",
}
FILES = ("image", "document", "video", "audio")
# Events for which a citizen expects no answer.
SILENT = {"reaction": "a reaction", "revoke": "a deleted message"}
WINDOW_OVER = 131047  # WhatsApp first accepts such a message, and reports this in a status
MOVES = ("user_changed_number", "customer_changed_number", "user_changed_user_id")
_MOVED = re.compile(r".* changed from (\S+) to \S+", re.DOTALL)


def read(body: bytes, phone_number_id: str) -> list[Inbound]:
    """Every event of a webhook. Raises MalformedPayload."""
    try:
        envelope = _ENVELOPE.decode(body)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
        raise MalformedPayload("this is no webhook of WhatsApp's") from None
    return [
        inbound
        for entry in envelope.entry
        for change in entry.changes
        for inbound in _change(change, phone_number_id)
    ]


def _change(change: Change, phone_number_id: str) -> Iterator[Inbound]:
    if change.field != "messages":
        yield _ignored(change.value, f"the field {change.field[:60]}")
        return
    try:
        value = _VALUE.decode(change.value)
    except _UNREADABLE:
        yield _ignored(change.value, "unreadable")
        return
    if value.metadata.phone_number_id != phone_number_id:
        yield _ignored(change.value, "for another of the business's numbers")
        return
    for raw in value.messages:
        yield _message(raw, value.contacts)
    for raw in value.statuses:
        yield _status(raw)
    for raw in value.errors:
        yield _ignored(raw, "an error report")


def _message(raw: msgspec.Raw, contacts: Sequence[Contact]) -> Inbound:
    try:
        head = _HEAD.decode(raw)
    except _UNREADABLE:
        return _ignored(raw, "unreadable")
    person = _person(head, contacts)
    contact = head.from_user_id or person.user_id or head.phone or person.wa_id
    try:
        body = _BODY.decode(raw)
    except _UNREADABLE:
        body = Body()
    if head.type == "system":
        return _system(head, body.system or System())
    if head.group_id or not contact:
        return _ignored(raw, "a message in a group" if head.group_id else "nobody's message", head.id)
    if reason := SILENT.get(head.type):
        return _ignored(raw, reason, head.id)
    choice = _choice(body)
    edited = body.edit.message if body.edit else None
    file = next((one for one in (getattr(body, name) for name in FILES) if one), None)
    phone = head.phone or person.wa_id
    return Inbound(
        external_id=head.id,
        contact=contact,
        kind="button" if choice else "message",
        text=(_changed(edited) if edited else _text(body, file)) or None,
        edits=head.type == "edit",
        button=choice.id if choice else None,
        location=_location(body.location),
        media=(MediaRef(file.id, file.mime_type.partition(";")[0].strip(), file.filename),) if file else (),
        name=clean_name(person.profile.name),
        sent_at=_time(head.timestamp),
        phone=f"+{phone}" if phone and re.fullmatch(r"\d{6,15}", phone) else None,
        reason=None if head.type in _KNOWN else f"a message of the type {head.type[:60]}",
    )


def _person(head: Head, contacts: Sequence[Contact]) -> Contact:
    for one in contacts:
        if (head.from_user_id and one.user_id == head.from_user_id) or (
            head.phone and one.wa_id == head.phone
        ):
            return one
    # With two or more we would be guessing, and a wrong guess merges two strangers.
    return contacts[0] if len(contacts) == 1 else Contact()


def _choice(body: Body) -> Choice | None:
    if body.interactive:
        return body.interactive.button_reply or body.interactive.list_reply
    return Choice(body.button.payload, body.button.text) if body.button and body.button.payload else None


def _text(body: Body, file: File | None) -> str:
    if body.text:
        return clean_text(body.text.body)
    if choice := _choice(body):
        return clean_text(choice.title)
    return clean_text(file.caption) if file else clean_text(body.button.text) if body.button else ""


def _changed(edited: Edited) -> str:
    if edited.text:
        return clean_text(edited.text.body)
    captioned = edited.image or edited.document or edited.video
    return clean_text(captioned.caption) if captioned else ""


def _location(point: Point | None) -> Location | None:
    if point is None:
        return None
    label = clean_text(", ".join(part for part in (point.name, point.address) if part))
    return Location(point.latitude, point.longitude, label or None)


def _system(head: Head, system: System) -> Inbound:
    """A new number, or a new id for our business (both follow a change of number): the contact moves to it."""
    moved = _MOVED.fullmatch(system.body)
    old_id = system.previous_user_id or head.from_user_id or (moved[1] if moved else None)
    if system.type == "user_changed_user_id":
        old, new = old_id, system.user_id
    else:
        old, new = head.from_user_id or head.phone, system.user_id or system.wa_id
    if system.type not in MOVES or not old or not new or old == new:
        return Inbound(head.id, "", "ignored", reason=f"the system event {system.type[:60]}")
    phone = f"+{system.wa_id}" if system.wa_id and system.wa_id.isdigit() else None
    return Inbound(
        head.id, old, "contact", change="moved", moved_to=new, phone=phone, sent_at=_time(head.timestamp)
    )


def _status(raw: msgspec.Raw) -> Inbound:
    try:
        status = _STATUS.decode(raw)
    except _UNREADABLE:
        return _ignored(raw, "unreadable")
    known = STATUSES.get(status.status)
    if known is None:
        return _ignored(raw, f"the status {status.status[:60]}")
    codes = ", ".join(str(one.code) for one in status.errors)
    return Inbound(
        external_id=f"{status.id}:{status.status}",
        contact=status.recipient_user_id or status.recipient_id or "",
        kind="receipt",
        # Our own key first: if the answer to our call was lost, the provider's id is unknown.
        receipt=(status.biz_opaque_callback_data or status.id, known),
        sent_at=_time(status.timestamp),
        shut=known == "failed" and any(one.code == WINDOW_OVER for one in status.errors),
        reason=f"code {codes}" if codes else None,
    )


def _ignored(raw: msgspec.Raw, reason: str, external_id: str | None = None) -> Inbound:
    # Without an id for deduplication, identical bytes count as the same event.
    return Inbound(external_id or f"sha256:{hashlib.sha256(raw).hexdigest()}", "", "ignored", reason=reason)


def _time(seconds: str) -> datetime | None:
    return datetime.fromtimestamp(int(seconds), UTC) if re.fullmatch(r"\d{1,11}", seconds) else None


_UNREADABLE = (msgspec.MsgspecError, UnicodeDecodeError, RecursionError)
_KNOWN = frozenset({"text", "location", "interactive", "button", "edit", *FILES})
_ENVELOPE = msgspec.json.Decoder(Envelope)
_VALUE = msgspec.json.Decoder(Value)
_HEAD = msgspec.json.Decoder(Head)
_BODY = msgspec.json.Decoder(Body)
_STATUS = msgspec.json.Decoder(Status)
