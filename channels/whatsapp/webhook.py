"""Parses WhatsApp webhooks. One may hold a thousand events of many people; one bad event never loses the
others.

A body that is not a WhatsApp webhook is malformed. A single unreadable event is not an error: Meta would send
the whole batch again for days. A message without readable content is passed on as such, and the desk tells
its author.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Literal

import msgspec

from channels.errors import MalformedPayload
from channels.kit.lenient import Lenient, Unreadable, digest
from channels.kit.moment import moment
from channels.kit.phrases import greeting
from channels.kit.text import clean_name
from channels.messages import Inbound
from channels.whatsapp.content import (
    FILES,
    choice_of,
    location_of,
    media_of,
    phone_of,
    text_of,
    unshown_of,
    words_of,
)
from channels.whatsapp.echoes import FIELD, staff_line
from channels.whatsapp.shapes import (
    Body,
    Change,
    Contact,
    Entry,
    Envelope,
    Head,
    Status,
    System,
    Value,
    person_of,
)

STATUSES: Mapping[str, Literal["sent", "delivered", "read", "failed"]] = {
    "sent": "sent",
    "delivered": "delivered",
    "read": "read",
    "played": "read",
    "failed": "failed",
}
FIELDS: Mapping[str, str] = {
    "history": "what was written in the Business app before it was connected",
    "smb_app_state_sync": "the address book of the Business app",
}
"""Fields of a number that is also used in the Business app. Neither is taken: the first is no message to the desk, and
the second is about people who have not written to it."""
WINDOW_OVER = 131047  # WhatsApp first accepts such a message, and reports this in a status
MOVES = ("user_changed_number", "customer_changed_number", "user_changed_user_id")
_MOVED = re.compile(r".* changed from (\S+) to \S+", re.DOTALL)


def read(body: bytes, phone_number_id: str, silence: int = 0) -> list[Inbound]:
    """Every event of a webhook; `silence` is how many minutes the bot is silent after staff wrote in another app.
    Raises MalformedPayload."""
    try:
        envelope = _ENVELOPE.decode(body)
    except Unreadable:
        raise MalformedPayload("this is no webhook of WhatsApp's") from None
    return [inbound for raw in envelope.entry for inbound in _entry(raw, phone_number_id, silence)]


def _entry(raw: msgspec.Raw, phone_number_id: str, silence: int) -> Iterator[Inbound]:
    try:
        changes = _ENTRY.decode(raw).changes
    except Unreadable:
        yield _ignored(raw, "unreadable")
        return
    for whole in changes:
        try:
            change = _CHANGE.decode(whole)
        except Unreadable:
            yield _ignored(whole, "unreadable")
            continue
        if change.field in ("messages", FIELD):
            yield from _value(change, phone_number_id, silence)
        else:
            yield _ignored(whole, FIELDS.get(change.field, f"the field {change.field[:60]}"))


def _value(change: Change, phone_number_id: str, silence: int) -> Iterator[Inbound]:
    raw = change.value
    try:
        value = _VALUE.decode(raw)
    except Unreadable:
        yield _ignored(raw, "unreadable")
        return
    if value.metadata.phone_number_id != phone_number_id:
        yield _ignored(raw, "for another of the business's numbers")
        return
    if change.field == FIELD:
        for one in value.message_echoes:
            yield staff_line(one, value.contacts, silence)
        return
    for one in value.messages:
        yield _message(one, value.contacts)
    for one in value.statuses:
        yield _status(one)
    for one in value.errors:
        yield _ignored(one, "an error report")


def _message(raw: msgspec.Raw, contacts: Sequence[Contact]) -> Inbound:
    try:
        head, body = _HEAD.decode(raw), _BODY.decode(raw)
    except Unreadable:
        return _ignored(raw, "unreadable")
    number = head.id or digest(raw)
    person = person_of(head.from_user_id, head.phone, contacts)
    contact = head.from_user_id or person.user_id or head.phone or person.wa_id
    if head.type == "system":
        return _system(head, number, body.system or System())
    if head.group_id or not contact:
        return _ignored(raw, "a message in a group" if head.group_id else "nobody's message", number)
    if head.type == "reaction":
        return _ignored(raw, "a reaction", number)
    if head.type == "revoke":
        deleted = body.revoke.original_message_id if body.revoke else None
        if not deleted:
            return _ignored(raw, "a deletion of no message", number)
        return Inbound(number, contact, "deletion", deletes=deleted)
    return _said(head, body, number, contact, person)


def _said(head: Head, body: Body, number: str, contact: str, person: Contact) -> Inbound:
    choice = choice_of(body)
    edit = body.edit if head.type == "edit" else None
    file = next((one for one in (getattr(body, name) for name in FILES) if one), None)
    text, place = words_of(edit.message) if edit else text_of(body, file), location_of(body.location)
    if head.type == "request_welcome":
        text = greeting(None)  # they opened the chat for the first time; nobody typed this
    media = media_of(body)
    nothing = not (text or place or media or choice)
    return Inbound(
        external_id=number,
        contact=contact,
        kind="button" if choice else "message",
        text=text or None,
        edits=edit is not None,
        ref=edit.original_message_id if edit else None,
        quotes=head.context.id if head.context else None,
        button=choice.id if choice else None,
        location=place,
        media=media,
        name=clean_name(person.profile.name),
        sent_at=moment(head.timestamp),
        phone=phone_of(head.phone or person.wa_id),
        # The goods of an order are not shown, also where words come with them.
        unshown=unshown_of(head.type, file) if (nothing and not edit) or head.type == "order" else (),
        reason=f"a message of the type {head.type[:60]}" if nothing or head.type not in _KNOWN else None,
    )


def _system(head: Head, number: str, system: System) -> Inbound:
    """A new number, or a new id for our business (both follow a change of number): the contact moves to it."""
    moved = _MOVED.fullmatch(system.body)
    old_id = system.previous_user_id or head.from_user_id or (moved[1] if moved else None)
    if system.type == "user_changed_user_id":
        old, new = old_id, system.user_id
    else:
        old, new = head.from_user_id or head.phone, system.user_id or system.wa_id
    if system.type not in MOVES or not old or not new or old == new:
        return Inbound(number, "", "ignored", reason=f"the system event {system.type[:60]}")
    phone = f"+{system.wa_id}" if system.wa_id and system.wa_id.isdigit() else None
    return Inbound(
        number, old, "contact", change="moved", moved_to=new, phone=phone, sent_at=moment(head.timestamp)
    )


def _status(raw: msgspec.Raw) -> Inbound:
    try:
        status = _STATUS.decode(raw)
    except Unreadable:
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
        sent_at=moment(status.timestamp),
        shut=known == "failed" and any(one.code == WINDOW_OVER for one in status.errors),
        reason=f"code {codes}" if codes else None,
    )


def _ignored(raw: msgspec.Raw, reason: str, external_id: str | None = None) -> Inbound:
    return Inbound(external_id or digest(raw), "", "ignored", reason=reason)


_KNOWN = frozenset(
    {"text", "location", "interactive", "button", "edit", "contacts", "request_welcome", *FILES}
)
_ENVELOPE = Lenient(Envelope)
_ENTRY = Lenient(Entry)
_CHANGE = Lenient(Change)
_VALUE = Lenient(Value)
_HEAD = Lenient(Head)
_BODY = Lenient(Body)
_STATUS = Lenient(Status)
