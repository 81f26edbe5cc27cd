"""The content of a WhatsApp message: its words, its place and its files, as we pass them on. Pure."""

import json
import re
from collections.abc import Mapping

from channels.kit.text import clean_name, clean_text
from channels.messages import Location, MediaRef, Unshown, UnshownKind
from channels.whatsapp.shapes import Body, Card, Choice, Edited, File, FormAnswer, Point

FILES: Mapping[str, str] = {
    "image": "image/jpeg",
    "document": "application/octet-stream",
    "video": "video/mp4",
    "audio": "audio/ogg",
}
"""The content type that is assumed where Meta gives none, until the file is fetched."""
_PHONE = re.compile(r"[0-9]{6,15}")
LONGEST_FORM = 20_000  # characters of a form's answers
UNSHOWN: Mapping[str, UnshownKind] = {
    "sticker": "sticker",
    "contacts": "contact",
    "order": "order",
    "poll": "poll",
    "event": "calendar",
    "image": "photo",
    "document": "document",
    "video": "video",
    "audio": "audio",
}
"""By Meta's type of message."""


def choice_of(body: Body) -> Choice | None:
    """The button or row that was tapped, if any."""
    found = (body.interactive.button_reply or body.interactive.list_reply) if body.interactive else None
    if found is None and body.button and body.button.payload:
        found = Choice(body.button.payload, body.button.text)
    return found if found and found.id else None


def text_of(body: Body, file: File | None) -> str:
    """The words of a message, or of its content: a caption, a card, a title."""
    choice = choice_of(body)
    tapped = body.interactive and (body.interactive.button_reply or body.interactive.list_reply)
    found = [
        body.text.body if body.text else "",
        choice.title if choice else "",
        tapped.title if tapped else "",  # without an id it is still what they chose
        _filled_in(body.interactive.nfm_reply) if body.interactive and body.interactive.nfm_reply else "",
        file.caption if file else "",
        body.button.text if body.button else "",
        "\n".join(filter(None, map(_card, body.contacts))),
        body.order.text if body.order else "",
        # A place that is nowhere on Earth may still have a name.
        _label(body.location) if body.location and not location_of(body.location) else "",
    ]
    return next(filter(None, map(clean_text, found)), "")


def _filled_in(form: FormAnswer) -> str:
    """The answers of a form, one a line."""
    try:
        answers = json.loads(form.response_json) if len(form.response_json) <= LONGEST_FORM else {}
    except (ValueError, RecursionError):
        answers = {}
    # An address message has its fields one level deeper.
    inner = answers.get("values") if isinstance(answers, dict) else None
    fields = inner if isinstance(inner, dict) else answers if isinstance(answers, dict) else {}
    lines = [
        f"{name}: {value}"
        for name, value in fields.items()
        if isinstance(value, str | int | float) and name != "flow_token"
    ]
    return "\n".join(lines) or form.body


def _card(card: Card) -> str:
    name = (
        card.name.formatted_name
        or f"{card.name.first_name} {card.name.last_name}".strip()
        or card.org.company
    )
    numbers = [one.phone or one.wa_id for one in card.phones]
    return clean_text(", ".join(filter(str.strip, [name, *numbers, *(one.email for one in card.emails)])))


def words_of(edited: Edited) -> str:
    """The words that an edit put in place of the earlier ones."""
    if edited.text:
        return clean_text(edited.text.body)
    captioned = edited.image or edited.document or edited.video
    return clean_text(captioned.caption) if captioned else ""


def location_of(point: Point | None) -> Location | None:
    """The place; None if there is none, or if it is nowhere on Earth."""
    if point is None or point.latitude is None or point.longitude is None:
        return None
    return Location(point.latitude, point.longitude, _label(point) or None)


def _label(point: Point) -> str:
    return clean_text(", ".join(part for part in (point.name, point.address) if part))


def unshown_of(kind: str, file: File | None) -> tuple[Unshown, ...]:
    """Content of this type that we cannot show."""
    return (Unshown(UNSHOWN.get(kind, "message"), clean_name(file.filename) if file else None),)


def phone_of(digits: str | None) -> str | None:
    """The telephone number that Meta gives, as we store numbers."""
    return f"+{digits}" if digits and _PHONE.fullmatch(digits) else None


def media_of(body: Body) -> tuple[MediaRef, ...]:
    """The file, as identified at Meta."""
    for field, assumed in FILES.items():
        file: File | None = getattr(body, field)
        if file and file.id:
            return (MediaRef(file.id, file.mime_type.partition(";")[0].strip() or assumed, file.filename),)
    return ()
