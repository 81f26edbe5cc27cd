"""Parses Messenger and Instagram webhooks: events of pages and accounts, for us or for another app to answer.

A body that is not a webhook of theirs is malformed. A single unreadable event is not an error: Meta would
send the batch again, and removes the webhook after an hour of refusals.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

import msgspec

from channels.errors import MalformedPayload
from channels.kit.lenient import Lenient, Unreadable, digest
from channels.kit.moment import moment
from channels.kit.phrases import greeting
from channels.kit.started import is_start_title, is_started, started_in
from channels.kit.text import clean_text
from channels.messages import Inbound, Unshown
from channels.meta.content import location_of, media_of, text_of, unshown_of
from channels.meta.shapes import Control, Edit, Entry, Envelope, Event, Message, Postback

# Instagram creates these itself when somebody mentions or shares us; nobody expects an answer.
NOT_TO_US = frozenset({"story_mention"})
AS_CHANGES = frozenset({"messages", "messaging_postbacks"})
OUR_KEY = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}:\d{1,4}")


@dataclass(frozen=True, slots=True)
class Ours:
    """What is ours. `account` is the page or account, "" for any. `keyed`: all that we send comes back with our key.
    `silence` is how many minutes the bot stays silent after staff answered elsewhere."""

    kind: str
    account: str
    app_id: str
    keyed: bool = False
    silence: int = 0


def read(body: bytes, ours: Ours) -> list[Inbound]:
    """Every event of a webhook. Raises MalformedPayload."""
    try:
        envelope = _ENVELOPE.decode(body)
    except Unreadable:
        raise MalformedPayload("this is no webhook of Meta's") from None
    if envelope.object != ours.kind:
        raise MalformedPayload(f"this webhook is not of the kind {ours.kind}")
    return [inbound for raw in envelope.entry for inbound in _entry(raw, ours)]


def _entry(whole: msgspec.Raw, ours: Ours) -> Iterator[Inbound]:
    try:
        entry = _ENTRY.decode(whole)
    except Unreadable:
        yield _ignored(whole, "unreadable")
        return
    if ours.account and entry.id != ours.account:
        for raw in (*entry.messaging, *entry.standby, *(one.value for one in entry.changes)):
            yield _ignored(raw, "for another page or account")
        return
    for raw in entry.messaging:
        yield from _event(raw, entry.id, ours, standby=False)
    for raw in entry.standby:
        yield from _event(raw, entry.id, ours, standby=True)
    for change in entry.changes:
        if change.field in AS_CHANGES:
            yield from _event(change.value, entry.id, ours, standby=False)
        else:
            yield _ignored(change.value, f"the field {change.field[:60]}")


def _event(raw: msgspec.Raw, account: str, ours: Ours, *, standby: bool) -> Iterator[Inbound]:
    try:
        event = _EVENT.decode(raw)
    except Unreadable:
        yield _ignored(raw, "unreadable")
        return
    if event.message:
        mid = event.message.mid or digest(raw)
        if event.message.is_deleted and (event.message.is_echo or event.sender.id == account):
            yield _ignored(raw, "what the page itself deleted", f"{mid}:deleted")
        elif event.message.is_echo or event.sender.id == account:
            yield _echo(event, event.message, mid, ours)
        elif event.message.is_deleted:
            yield Inbound(f"{mid}:deleted", event.sender.id, "deletion", deletes=mid)
        elif any(one.type in NOT_TO_US for one in event.message.attachments):
            yield _ignored(raw, "a mention in a story", mid)
        else:
            yield from _to_us(_message(event, event.message, mid), standby=standby)
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
        yield _routed(raw, event, control, account, ours.app_id)
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


def _message(event: Event, message: Message, mid: str) -> Inbound:
    button = message.quick_reply.payload if message.quick_reply else ""
    text, place, media = text_of(message), location_of(message), media_of(message)
    nothing = not (text or media or place or button)
    return Inbound(
        external_id=mid,
        contact=event.sender.id,
        kind="button" if button else "message",
        text=text or None,
        button=button or None,
        location=place,
        media=media,
        sent_at=moment(event.timestamp),
        quotes=message.reply_to.mid if message.reply_to else None,
        note="It answers a story." if message.reply_to and bytes(message.reply_to.story) else None,
        unshown=unshown_of(message) or ((Unshown("message"),) if nothing else ()),
        reason="a message without anything we can read" if nothing else None,
    )


def _edited(event: Event, edit: Edit) -> Inbound:
    return Inbound(
        external_id=f"{edit.mid}:edit:{edit.num_edit}",
        contact=event.sender.id,
        kind="message",
        text=clean_text(edit.text) or None,
        edits=True,
        ref=edit.mid,
        sent_at=moment(event.timestamp),
    )


def _postback(raw: msgspec.Raw, event: Event, postback: Postback) -> Inbound:
    language = started_in(postback.title) or started_in(postback.payload)
    # A title alone may be a button of ours, which has an opaque payload; a name of another builder's is plain.
    started = is_started(postback.payload) or (
        is_start_title(postback.title) and not _OPAQUE.fullmatch(postback.payload)
    )
    return Inbound(
        external_id=postback.mid or digest(raw),
        contact=event.sender.id,
        # In standby Meta leaves the payload out.
        kind="button" if postback.payload and not started else "message",
        text=greeting(language) if started else clean_text(postback.title) or None,
        button=None if started else postback.payload or None,
        language=language if started else None,
        sent_at=moment(event.timestamp),
    )


def _echo(event: Event, message: Message, mid: str, ours: Ours) -> Inbound:
    """A message written by the page itself, never by a citizen: ours, or what staff wrote in another app."""
    known = str(message.app_id) == ours.app_id
    if known and OUR_KEY.fullmatch(message.metadata):
        # Meta has accepted our message.
        return Inbound(f"{mid}:echo", "", "receipt", receipt=(message.metadata, "sent"))
    # Without an app it may be one of ours, where Meta gives our key back with none.
    elsewhere = not known if message.app_id is not None else ours.keyed and not message.metadata
    if not (elsewhere and message.is_echo and message.mid) or event.recipient is None:
        return Inbound(f"{mid}:echo", "", "ignored", reason="what the page wrote itself")
    return Inbound(
        external_id=f"{mid}:echo",
        contact=event.recipient.id,
        kind="staff",
        text=text_of(message) or None,
        location=location_of(message),
        ref=mid,
        quotes=message.reply_to.mid if message.reply_to else None,
        unshown=(
            *unshown_of(message),
            *(
                Unshown("photo" if one.content_type == "image/jpeg" else "document", one.name)
                for one in media_of(message)
            ),
        ),
        silence=ours.silence,
        sent_at=moment(event.timestamp),
    )


def _receipt(event: Event, mid: str, status: str) -> Inbound:
    return Inbound(
        external_id=f"{mid}:{status}",
        contact=event.sender.id,
        kind="receipt",
        receipt=(mid, "read" if status == "read" else "delivered"),
        sent_at=moment(event.timestamp),
    )


def _routed(raw: msgspec.Raw, event: Event, control: Control, account: str, app_id: str) -> Inbound:
    # Which of the two is the citizen has varied between kinds of event and over the years.
    people = [one.id for one in (event.sender, event.recipient) if one and one.id != account]
    owner = str(control.new_owner_app_id) if control.new_owner_app_id is not None else None
    lost = owner is None and str(control.previous_owner_app_id) == app_id
    if not people or (owner is None and not lost):
        return _ignored(raw, "a change of routing that does not say whose the thread is")
    return Inbound(
        digest(raw),
        people[0],
        "contact",
        change="routed_here" if owner == app_id else "routed_away",
        sent_at=moment(event.timestamp),
    )


def _ignored(raw: msgspec.Raw, reason: str, external_id: str | None = None) -> Inbound:
    return Inbound(external_id or digest(raw), "", "ignored", reason=reason)


_OPAQUE = re.compile(r"[A-Za-z0-9_-]{16}")  # as the desk makes them
_ENVELOPE = Lenient(Envelope)
_ENTRY = Lenient(Entry)
_EVENT = Lenient(Event)
