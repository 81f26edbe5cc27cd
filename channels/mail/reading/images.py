"""Finds the pictures of a mail by their content: the labels that programs write are often wrong.

A part's index among all pictures, including those not shown, identifies it later (`read_image`).
"""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass

from channels.mail.reading.limits import IMAGE_BYTES, IMAGES, Unread
from channels.mail.reading.mail import File
from channels.mail.reading.structure import OTHER_TEXTS, Part, about_size, content

SMALLEST_INLINE = 20 * 1024  # bytes; a smaller picture within a text is a logo
BEGIN = 32  # bytes that tell the type
MOST_FILES = 10
_HEIF = frozenset({b"heic", b"heix", b"hevc", b"hevx", b"heim", b"heis", b"mif1", b"msf1"})
_UNNAMED = frozenset(
    {"application/pgp-signature", "application/pkcs7-signature", "application/x-pkcs7-signature"}
    | {"application/pgp-encrypted", "application/applefile", "message/delivery-status"}
    | {"text/rfc822-headers"}
)
"""Parts that were not attached by a person."""


@dataclass(frozen=True, slots=True)
class Picture:
    """A part that is a picture, its true type and its number among all pictures of the mail."""

    part: Part
    content_type: str
    number: int


def picture_type(begin: bytes) -> str | None:
    """The type of the picture that begins with these bytes; None if it is none that we know."""
    if begin.startswith(b"\xff\xd8\xff"):
        return "image/jpeg"
    if begin.startswith(b"\x89PNG\r\n\x1a\n"):
        return "image/png"
    if begin.startswith((b"GIF87a", b"GIF89a")):
        return "image/gif"
    if begin[:4] == b"RIFF" and begin[8:12] == b"WEBP":
        return "image/webp"
    if begin[4:8] == b"ftyp" and (begin[8:12] in _HEIF or begin[16:20] in _HEIF):
        return "image/heic"
    return None


def _labelled(part: Part) -> str | None:
    """The declared type, for an unknown kind of picture: the desk says that it cannot be opened."""
    if part.kind.startswith("image/"):
        return part.kind if part.kind not in ("image/svg+xml", "image/vnd.dwg") else None
    return "image/heic" if (part.file_name or "").lower().endswith((".heic", ".heif")) else None


def is_picture(raw: bytes | bytearray, part: Part) -> bool:
    """Whether a part that is labelled as text is actually a picture."""
    kind = picture_type(content(raw, part, BEGIN)[0])
    return kind is not None and (kind in ("image/jpeg", "image/png") or part.file_name is not None)


def all_pictures(raw: bytes | bytearray, parts: Sequence[Part]) -> list[Picture]:
    """Every part that is a picture by its content, in order."""
    found: list[Picture] = []
    for part in parts:
        if part.kind.startswith("text/") and not part.attached and not is_picture(raw, part):
            continue
        if part.kind.startswith(("multipart/", "message/")) and not part.attached:
            continue
        begin = content(raw, part, BEGIN)[0]
        kind = picture_type(begin) or _labelled(part)
        if begin and kind is not None:
            found.append(Picture(part, kind, len(found)))
    return found


def shown_pictures(
    raw: bytes | bytearray, pictures: Sequence[Picture], *, wordless: bool
) -> tuple[list[Picture], set[Unread]]:
    """Those that are kept: not the logos inside a text, unless the mail says nothing else (`wordless`)."""
    found: list[Picture] = []
    unread: set[Unread] = set()
    for picture in pictures:
        if not wordless and _is_logo(raw, picture.part):
            continue
        if about_size(raw, picture.part) > IMAGE_BYTES:
            unread.add("image_bytes")
        elif len(found) >= IMAGES:
            unread.add("images")
            break
        else:
            found.append(picture)
    return found, unread


def other_files(parts: Sequence[Part], pictures: Sequence[Picture]) -> tuple[File, ...]:
    """The attachments that cannot be shown."""
    known = {picture.part.start for picture in pictures}
    found = []
    for part in parts:
        shown = part.kind in ("text/plain", "text/html") and not part.attached
        if shown or part.start in known or part.kind in _UNNAMED:
            continue
        if part.start >= part.end and not (part.attached and part.file_name):
            continue
        if part.kind.startswith("image/") and not part.attached and not part.file_name:
            continue
        if part.kind.startswith("text/") and part.alternative is not None and part.kind not in OTHER_TEXTS:
            continue  # another version of a text that is shown
        found.append(File(part.kind, part.file_name))
    return tuple(found[:MOST_FILES])


def attached_bytes(
    raw: bytes | bytearray, parts: Sequence[Part], pictures: Sequence[Picture]
) -> Sequence[str]:
    """What tells two mails with the same words apart: the size of each attachment, and a hash of all."""
    known = {picture.part.start for picture in pictures}
    files = [
        part
        for part in parts
        if part.start in known or part.attached or not part.kind.startswith(("text/", "multipart/"))
    ]
    found = hashlib.sha256()
    for part in files:
        found.update(memoryview(raw)[part.start : part.end])
    return [*(f"{part.end - part.start}" for part in files), found.hexdigest() if files else ""]


def _is_logo(raw: bytes | bytearray, part: Part) -> bool:
    """Whether it is inline and small."""
    if part.attached or not part.headers.first("content-id"):
        return False
    begin, more = content(raw, part, SMALLEST_INLINE)
    return not more and len(begin) < SMALLEST_INLINE
