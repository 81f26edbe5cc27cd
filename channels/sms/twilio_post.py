"""Parses Twilio's posts: a citizen's text, or the status of one of ours.

Source: twilio.com/docs/messaging/guides/webhook-request,
/docs/messaging/guides/outbound-message-status-in-status-callbacks.
"""

import hashlib
import re
from collections.abc import Mapping
from typing import Literal

from channels.base import ContactChange, Inbound, Location, MalformedPayload, MediaRef
from channels.kit.text import clean_text
from channels.sms.stopping import answered_by_twilio, asked_of, language_of
from channels.sms.twilio_signature import FORM, fields
from city.coordinates import read_latitude, read_longitude

STATUSES: Mapping[str, Literal["sent", "delivered", "read", "failed"]] = {
    "sent": "sent",
    "delivered": "delivered",
    "read": "read",
    "undelivered": "failed",
    "failed": "failed",
    "canceled": "failed",
}
OPTED_OUT_ERRORS = frozenset({"21610"})
GONE_ERRORS = frozenset(
    {"21211", "21614", "30005", "30006"}
)  # 30003 is a phone that is off: possibly temporary

TELEPHONE = re.compile(r"\+[1-9][0-9]{5,14}")
MESSAGE_ID = re.compile(r"(SM|MM|CH)[0-9a-fA-F]{32}")
MOST_MEDIA = 10


def parse(body: bytes, content_type: str, own_number: str) -> list[Inbound]:
    """Every event of an authentic post. Raises MalformedPayload and nothing else."""
    if content_type.partition(";")[0].strip().lower() != FORM:
        return [_ignored(body, "no form: not a message")]
    try:
        given = fields(body)
        # Repeated names are not documented; the first value is the one a person would read.
        form = {name: _text(value) for name, value in reversed(given)}
    except ValueError:
        raise MalformedPayload("this is no form") from None
    if not form.get("AccountSid"):
        raise MalformedPayload("nothing that Twilio posts is without AccountSid")
    sid = form.get("MessageSid") or form.get("SmsSid") or ""
    if not sid:
        return [_ignored(body, "not about a message")]
    if not MESSAGE_ID.fullmatch(sid):
        raise MalformedPayload("MessageSid is none of Twilio's")
    status = form.get("MessageStatus", "")
    if status and status not in ("received", "receiving"):
        return _receipt(sid, status, form)
    return _message(sid, form, own_number)


def _message(sid: str, form: Mapping[str, str], own_number: str) -> list[Inbound]:
    contact = form.get("From", "")
    if not TELEPHONE.fullmatch(contact) or contact == own_number:
        # A name or a short code is a machine that cannot be answered; another scheme is another channel.
        return [Inbound(sid, contact[:64], "ignored", reason="not from a telephone that can be answered")]
    text = clean_text(form.get("Body", ""))
    stated, number = form.get("OptOutType", "").upper(), own_number or form.get("To", "")
    if stated == "HELP":
        return [Inbound(sid, contact, "ignored", reason="Twilio has answered HELP itself")]
    asked = {"STOP": "stop", "START": "start"}.get(stated) or asked_of(text, number)
    if asked == "stop":
        if stated or answered_by_twilio(text, number):
            return [Inbound(sid, contact, "contact", change="opted_out", phone=contact)]
        # Nobody has confirmed it: the desk says one sentence. The id is the one that Twilio repeats.
        return [
            Inbound(sid, contact, "message", text, language=language_of(text), phone=contact, stops=True),
            Inbound(f"{sid}:opted_out", contact, "contact", change="opted_out", phone=contact),
        ]
    place = _location(form)
    found = Inbound(
        external_id=sid,
        contact=contact,
        kind="message",
        # A place that is nowhere on Earth may still have a name.
        text=text or (_label(form) if not place else "") or None,
        location=place,
        media=_media(form),
        phone=contact,
    )
    events = [found] if found.text or found.media or found.location else []
    if asked == "start":
        # START may also be a citizen's first message: it is recorded and answered.
        events.insert(0, Inbound(f"{sid}:opted_in", contact, "contact", change="opted_in", phone=contact))
    return events or [Inbound(sid, contact, "ignored", reason="an empty message")]


def _receipt(sid: str, status: str, form: Mapping[str, str]) -> list[Inbound]:
    contact = form.get("To", "")[:64]
    known = STATUSES.get(status)
    if known is None:
        return [Inbound(f"{sid}:{status[:32]}", contact, "ignored", reason="still on its way")]
    code = form.get("ErrorCode", "")[:16]
    events = [
        Inbound(
            f"{sid}:{status}",
            contact,
            "receipt",
            receipt=(sid, known),
            reason=f"Twilio {code}" if code else None,
        )
    ]
    change: ContactChange | None = None
    if code in OPTED_OUT_ERRORS:
        change = "opted_out"
    elif code in GONE_ERRORS:
        change = "unreachable"
    if change and contact:
        events.append(Inbound(f"{sid}:{status}:{change}", contact, "contact", change=change))
    return events


def _media(form: Mapping[str, str]) -> tuple[MediaRef, ...]:
    counted = form.get("NumMedia") or "0"
    # Only the addresses matter; an invalid count must not make the text fail.
    count = min(int(counted), MOST_MEDIA) if re.fullmatch("[0-9]{1,4}", counted) else MOST_MEDIA
    return tuple(
        MediaRef(url, form.get(f"MediaContentType{place}", ""))
        for place in range(count)
        if (url := form.get(f"MediaUrl{place}", ""))
    )


def _location(form: Mapping[str, str]) -> Location | None:
    if not form.get("Latitude") or not form.get("Longitude"):
        return None
    latitude, longitude = read_latitude(form["Latitude"]), read_longitude(form["Longitude"])
    return (
        Location(latitude, longitude, _label(form) or None)
        if latitude is not None and longitude is not None
        else None
    )


def _label(form: Mapping[str, str]) -> str:
    return clean_text(form.get("Address", "") or form.get("Label", ""))[:500]


def _ignored(body: bytes, reason: str) -> Inbound:
    return Inbound(hashlib.sha256(body).hexdigest(), "", "ignored", reason=reason)


def _text(value: str) -> str:
    return value.encode("utf-8", "surrogateescape").decode("utf-8", "replace")
