"""The content of a message on Messenger or Instagram: its words, its place and its files, as we pass them on. Pure."""

import re
from urllib.parse import unquote, urlsplit

from channels.kit.text import clean_name, clean_text
from channels.messages import Location, MediaRef, Unshown, UnshownKind
from channels.meta.shapes import Attachment, Message, Payload

FILES = {
    "image": "image/jpeg",
    "video": "video/mp4",
    "audio": "audio/mp4",
    "file": "application/octet-stream",
}
"""Assumed content types until a file is fetched: Meta gives no type."""

UNSHOWN: dict[str, UnshownKind] = {
    **{"image": "photo", "video": "video", "audio": "audio", "file": "document"},
    **{"share": "post", "post": "post", "reel": "post", "ig_reel": "post", "ig_post": "post"},
    **{"fallback": "post", "template": "post", "story_mention": "story", "ig_story": "story"},
    **{"sticker": "sticker", "product": "order", "appointment_booking": "calendar"},
}
"""By Meta's type of attachment."""

THUMBS = frozenset({369239263222822, 369239343222814, 369239383222810})  # the Like, in three sizes
_NAMED = re.compile(r".{1,200}\.[A-Za-z0-9]{1,5}")
MEANT = {"like_heart": "❤️", "like": "👍", "thumbs_up": "👍"}
"""Attachments that stand for one sign."""


def text_of(message: Message) -> str:
    """The words; without any, what a sign or a shared link stands for."""
    if text := clean_text(message.text):
        return text
    for one in message.attachments:
        if sign := MEANT.get(one.type) or ("👍" if _payload(one).sticker_id in THUMBS else None):
            return sign
    if message.sticker_id in THUMBS:
        return "👍"
    for one in message.attachments:
        if one.type == "location" and not _payload(one).coordinates:
            return clean_text(_payload(one).title or one.title)  # nowhere on Earth, but it has a name
    # The address of a shared link is found only here.
    shared = [_shared(one) for one in message.attachments if one.type == "fallback"]
    return clean_text(" ".join(part for one in shared for part in one if part))


def location_of(message: Message) -> Location | None:
    """The place, if one was shared."""
    for one in message.attachments:
        payload = _payload(one)
        if payload.coordinates:
            return Location(
                payload.coordinates.lat, payload.coordinates.long, clean_text(payload.title) or None
            )
    return None


def media_of(message: Message) -> tuple[MediaRef, ...]:
    """The files; a sticker is none."""
    return tuple(
        MediaRef(
            one.payload.url, FILES[one.type], _file_name(one.payload.url) if one.type == "file" else None
        )
        for one in message.attachments
        if one.type in FILES and one.payload and one.payload.url and one.payload.sticker_id is None
    )


def _file_name(url: str) -> str | None:
    """As the address ends: Meta gives a file's name nowhere else."""
    try:
        last = unquote(urlsplit(url).path.rpartition("/")[2], errors="replace")
    except ValueError:
        return None
    return clean_name(last) if _NAMED.fullmatch(last) else None


def unshown_of(message: Message) -> tuple[Unshown, ...]:
    """Content that is neither words nor place nor file."""
    kinds: list[UnshownKind] = []
    for one in message.attachments:
        payload = _payload(one)
        if payload.sticker_id is not None:
            kinds += [] if payload.sticker_id in THUMBS else ["sticker"]
        elif one.type in FILES:
            kinds += [] if payload.url else [UNSHOWN[one.type]]
        elif one.type == "fallback" and any(_shared(one)):
            kinds += ["post"] if clean_text(message.text) else []
        elif one.type not in MEANT and not payload.coordinates:
            kinds.append(UNSHOWN.get(one.type, "message"))
    return tuple(Unshown(kind) for kind in dict.fromkeys(kinds))


def _shared(one: Attachment) -> tuple[str, str]:
    """Title and address of a shared link."""
    payload = _payload(one)
    return payload.title or one.title, payload.url or one.url or ""


def _payload(one: Attachment) -> Payload:
    return one.payload or Payload()
