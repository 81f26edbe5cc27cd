"""Parses a mail: sender, subject, new text, pictures. Whatever is wrong with it, something is read.

The result is plain data of bounded size: it is passed from the child process that read the mail to its
parent. Sources: RFC 5322, RFC 3464 (delivery reports).
"""

import hashlib
import re
from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

from channels.kit.text import clean_name, clean_text
from channels.mail.reading.charsets import decode
from channels.mail.reading.headers import Headers, header_text, read_headers
from channels.mail.reading.html import html_text
from channels.mail.reading.limits import (
    IMAGE_BYTES,
    IMAGES,
    PART_HEADER_BYTES,
    QUOTE_LINES,
    REPORT_BYTES,
    REPORT_RECIPIENTS,
    TEXT_BYTES,
    TEXT_CHARACTERS,
    TEXT_LINES,
    Unread,
)
from channels.mail.reading.mail import Fate, Image, Mail, Report
from channels.mail.reading.quotes import new_text
from channels.mail.reading.structure import Part, about_size, content, read_structure

SMALLEST_INLINE = 20 * 1024  # bytes; a smaller picture within the text is a logo
LONGEST_SUBJECT = 1_000
LONGEST_FROM = 2_000
LONGEST_DATE = 200
IMAGE_TYPES = frozenset({"image/jpeg", "image/png", "image/webp", "image/gif", "image/heic", "image/heif"})
IMAGE_NAMES = (".jpg", ".jpeg", ".png", ".webp", ".heic")
A_MAIL_HAS = frozenset({"from", "to", "date", "subject", "message-id", "received"})
KEPT_HEADERS = frozenset(
    {"auto-submitted", "precedence", "x-auto-response-suppress", "return-path", "content-type"}
    | {"list-id", "list-unsubscribe", "list-post", "x-autoreply", "x-autorespond", "x-failed-recipients"}
    | {"content-language", "authentication-results"}
)
"""The headers that the channel checks (robots.py), in addition to those with a field of their own."""

_ADDRESS = re.compile(r"[^\s@<>(),:;\"\\\[\]]{1,64}@[^\s@<>(),:;\"\\\[\]]{1,253}")
_MESSAGE_ID = re.compile(r"<[^\s<>]{1,250}>")


def read_mail(raw: bytes | bytearray, *, cut: bool = False) -> Mail:
    """The mail. `cut`: it is longer than these bytes. Raises ValueError only if the bytes contain no usual
    mail header."""
    structure = read_structure(raw)
    headers = _first_of_each(structure.headers)
    if not headers.keys() & A_MAIL_HAS:
        raise ValueError("no header of a mail")
    sender, known_as = _sender([value for name, value in structure.headers.fields if name == "from"])
    text, left = _text(raw, structure.parts)
    images, more = _images(raw, structure.parts)
    if cut:
        images = [part for part in images if part.end < len(raw)]  # the last one is incomplete
        left.add("bytes")
    subject = clean_text(header_text(headers.get("subject", b"")))[:LONGEST_SUBJECT]
    date = header_text(headers.get("date", b"")[:LONGEST_DATE])
    digest = hashlib.sha256("\0".join([date, sender, subject, text]).encode("utf-8", "replace")).hexdigest()
    earlier = [header_text(headers.get(name, b"")) for name in ("references", "in-reply-to")]
    ids = _MESSAGE_ID.findall(" ".join(earlier))
    own = _MESSAGE_ID.search(header_text(headers.get("message-id", b"")))
    addressed = ("to", "cc", "delivered-to", "x-original-to")
    return Mail(
        headers={name: header_text(value) for name, value in headers.items() if name in KEPT_HEADERS},
        sender=sender,
        name=known_as,
        recipients=" ".join(header_text(headers.get(name, b"")) for name in addressed),
        subject=subject,
        message_id=own[0] if own and len(own[0]) <= 250 else None,
        references=tuple(dict.fromkeys(ids))[-20:],
        sent_at=_date(date),
        text=text,
        images=tuple(Image(part.kind, part.file_name) for part in images),
        digest=digest,
        report=_report(raw, structure.parts),
        unread=tuple(sorted(structure.unread | left | more)),
    )


def read_image(raw: bytes | bytearray, number: int) -> bytes | None:
    """The bytes of one of `Mail.images`; None if there is no such picture."""
    images, _ = _images(raw, read_structure(raw).parts)
    return content(raw, images[number], IMAGE_BYTES)[0] if number < len(images) else None


def _first_of_each(headers: Headers) -> dict[str, bytes]:
    found: dict[str, bytes] = {}
    for name, value in headers.fields:
        found.setdefault(name, value)
    return found


def _sender(headers: Sequence[bytes]) -> tuple[str, str | None]:
    """The single address, in lower case, and its name. Two addresses, or a malformed one, give none: no
    guessing."""
    if len(headers) != 1:
        return "", None
    written = decode(headers[0][:LONGEST_FROM], None)
    bare = re.sub(r'"(?:[^"\\]|\\.)*+"', " ", written)
    bare = re.sub(r"\([^()]*\)", " ", bare).strip()
    angled = re.findall(r"<([^<>]*)>", bare)
    address = angled[0].strip() if len(angled) == 1 else bare
    if len(angled) > 1 or bare.count("@") != 1 or "," in bare or not _ADDRESS.fullmatch(address):
        return "", None
    name = header_text(headers[0].partition(b"<")[0]).strip(" \"'") if angled else ""
    return address.lower(), (clean_name(name) or "")[:100] or None


def _date(written: str) -> datetime | None:
    try:
        date = parsedate_to_datetime(written)
        return (date if date.tzinfo else date.replace(tzinfo=UTC)).astimezone(UTC)
    except (ValueError, TypeError, OverflowError, IndexError):
        return None


def _text(raw: bytes | bytearray, parts: Sequence[Part]) -> tuple[str, set[Unread]]:
    unread: set[Unread] = set()
    plain, cut = _words(raw, parts, "text/plain")
    found = clean_text(plain)
    if not found:
        html, more = _words(raw, parts, "text/html")
        found, cut = clean_text(html_text(html)), cut or more
    if cut:
        unread.add("text_bytes")
    # Quotes are looked for line by line, so the lines are limited before; what is new stands above the quotes.
    found, more = _lines(found, QUOTE_LINES)
    found = new_text(found) if found else ""
    found, many = _lines(found, TEXT_LINES)
    if more or many:
        unread.add("lines")
    if len(found) > TEXT_CHARACTERS:
        unread.add("characters")
    return found[:TEXT_CHARACTERS], unread


def _lines(text: str, most: int) -> tuple[str, bool]:
    lines = text.split("\n", most)
    return ("\n".join(lines[:most]), True) if len(lines) > most else (text, False)


def _words(raw: bytes | bytearray, parts: Sequence[Part], kind: str) -> tuple[str, bool]:
    """The text of all parts of this kind that are no files; and whether it was too long."""
    found: list[str] = []
    left = TEXT_BYTES
    for part in parts:
        if part.kind != kind or part.attached:
            continue
        if left <= 0:
            return "\n".join(found), True
        words, more = content(raw, part, left)
        found.append(decode(words, part.parameters.get("charset"), cut=more))
        left -= len(words)
        if more:
            return "\n".join(found), True
    return "\n".join(found), False


def _images(raw: bytes | bytearray, parts: Sequence[Part]) -> tuple[list[Part], set[Unread]]:
    found: list[Part] = []
    unread: set[Unread] = set()
    for part in parts:
        named = part.kind == "application/octet-stream" and (part.file_name or "").lower().endswith(
            IMAGE_NAMES
        )
        if (part.kind not in IMAGE_TYPES and not named) or not _holds_photo(raw, part):
            continue
        if about_size(raw, part) > IMAGE_BYTES:
            unread.add("image_bytes")
        elif len(found) >= IMAGES:
            unread.add("images")
            break
        else:
            found.append(part)
    return found, unread


def _holds_photo(raw: bytes | bytearray, part: Part) -> bool:
    begin, more = content(raw, part, SMALLEST_INLINE)
    if not begin:
        return False
    return more or len(begin) >= SMALLEST_INLINE or part.attached or not part.headers.first("content-id")


def _report(raw: bytes | bytearray, parts: Sequence[Part]) -> Report | None:
    reports = [part for part in parts if part.kind == "message/delivery-status"]
    if not reports:
        return None
    fates = [fate for part in reports[:1] for fate in _fates(content(raw, part, REPORT_BYTES)[0])]
    return Report(tuple(fates), tuple(_returned(raw, parts)))


def _fates(written: bytes) -> Iterator[Fate]:
    """One block of headers for each recipient; the first is about the report itself."""
    place = 0
    for _ in range(REPORT_RECIPIENTS + 1):
        if place >= len(written):
            return
        block = read_headers(written, place, len(written), REPORT_BYTES)
        place = block.body if block.body > place else len(written)
        named = [block.first("original-recipient"), block.first("final-recipient")]
        recipients = [header_text(one).rpartition(";")[2].strip(" <>").lower()[:320] for one in named if one]
        if recipients:
            yield Fate(
                recipients=tuple(recipients),
                action=header_text(block.first("action")).lower()[:32],
                status=header_text(block.first("status")).partition(" ")[0][:16],
            )


def _returned(raw: bytes | bytearray, parts: Iterable[Part]) -> Iterator[str]:
    """The Message-ID of the mail that came back, which is attached whole or as its headers."""
    for part in parts:
        if part.kind in ("message/rfc822", "text/rfc822-headers"):
            inner, _ = content(raw, part, PART_HEADER_BYTES)
            found = read_headers(inner, 0, len(inner), PART_HEADER_BYTES).first("message-id")
            if own := _MESSAGE_ID.search(header_text(found)):
                yield own[0]
