"""Parses Twilio's posts: a citizen's text, or the status of one of ours.

Source: twilio.com/docs/messaging/guides/webhook-request,
/docs/messaging/guides/outbound-message-status-in-status-callbacks.
"""

import hashlib
import re
import unicodedata
from collections.abc import Mapping
from typing import Literal

from channels.base import ContactChange, Inbound, Location, MalformedPayload, MediaRef
from channels.kit.text import clean_text
from channels.languages import WORDS
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

STOP_WORDS = frozenset(word for words in WORDS.values() for word in words.stop)
START_WORDS = frozenset(word for words in WORDS.values() for word in words.start)
"""Not "yes", which Twilio also accepts as START: in a conversation it is an answer. OptOutType tells when it
is not.
"""

LONGEST_WORD = 60
"""Characters of a message that may be one of these words, with the signs and spaces that people put around it."""

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
    change = _change(form.get("OptOutType", "").upper(), text)
    if form.get("OptOutType", "").upper() == "HELP":
        return [Inbound(sid, contact, "ignored", reason="Twilio has answered HELP itself")]
    if change == "opted_out":
        return [Inbound(sid, contact, "contact", change=change, phone=contact)]
    found = Inbound(
        external_id=sid,
        contact=contact,
        kind="message",
        text=text or None,
        location=_location(form),
        media=_media(form),
        phone=contact,
    )
    events = [found] if found.text or found.media or found.location else []
    if change == "opted_in":
        # START may also be a citizen's first message: it is recorded and answered.
        events.insert(0, Inbound(f"{sid}:opted_in", contact, "contact", change=change, phone=contact))
    return events or [Inbound(sid, contact, "ignored", reason="an empty message")]


def _change(stated: str, text: str) -> ContactChange | None:
    """Twilio's own value if it gives one; otherwise the whole message must be the keyword."""
    if stated in ("STOP", "START"):
        return "opted_out" if stated == "STOP" else "opted_in"
    if len(text) > LONGEST_WORD:
        return None
    word = " ".join(_unaccented(text).lower().strip(" .!¡\"'").split())
    if word in STOP_WORDS:
        return "opted_out"
    return "opted_in" if word in START_WORDS else None


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
    try:
        count = min(max(int(form.get("NumMedia") or "0"), 0), MOST_MEDIA)
    except ValueError:
        raise MalformedPayload("NumMedia is no number") from None
    return tuple(
        MediaRef(url, form.get(f"MediaContentType{place}", ""))
        for place in range(count)
        if (url := form.get(f"MediaUrl{place}", ""))
    )


def _location(form: Mapping[str, str]) -> Location | None:
    if not form.get("Latitude") or not form.get("Longitude"):
        return None
    latitude, longitude = read_latitude(form["Latitude"]), read_longitude(form["Longitude"])
    if latitude is None or longitude is None:
        raise MalformedPayload("the location is no pair of degrees")
    label = clean_text(form.get("Address", "") or form.get("Label", ""))
    return Location(latitude, longitude, label[:500] or None)


def _ignored(body: bytes, reason: str) -> Inbound:
    return Inbound(hashlib.sha256(body).hexdigest(), "", "ignored", reason=reason)


def _text(value: str) -> str:
    return value.encode("utf-8", "surrogateescape").decode("utf-8", "replace")


def _unaccented(text: str) -> str:
    return "".join(c for c in unicodedata.normalize("NFD", text) if not unicodedata.combining(c))
