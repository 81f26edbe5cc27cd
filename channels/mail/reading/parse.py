"""Parses a mail: sender, subject, new text, pictures. However damaged it is, something is returned.

The result is plain data of bounded size: it is passed from the child process that read the mail to its
parent. Sources: RFC 5322, RFC 3464 (delivery reports).
"""

import hashlib
import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

from channels.kit.text import clean_text
from channels.mail.reading.correspondents import Correspondents, correspondents
from channels.mail.reading.headers import KEPT_HEADERS, Headers, header_text, read_headers
from channels.mail.reading.images import (
    MOST_FILES,
    Picture,
    all_pictures,
    attached_bytes,
    other_files,
    shown_pictures,
)
from channels.mail.reading.limits import (
    IMAGE_BYTES,
    PART_HEADER_BYTES,
    QUOTE_LINES,
    REPORT_BYTES,
    REPORT_RECIPIENTS,
    TEXT_BYTES,
    TEXT_CHARACTERS,
    TEXT_LINES,
    Unread,
)
from channels.mail.reading.mail import Fate, File, Image, Mail, Report
from channels.mail.reading.quoting.lines import Line, joined
from channels.mail.reading.quoting.quotes import new_words
from channels.mail.reading.sender import read_sender
from channels.mail.reading.structure import Part, content, read_structure
from channels.mail.reading.words import Words

LONGEST_SUBJECT = 1_000
LONGEST_DATE = 200
LONGEST_SIGNATURE = 500
MOST_REFERENCES = 20
ADDRESSED = ("to", "cc", "delivered-to", "x-original-to")
MACHINES = frozenset({"message/feedback-report", "message/disposition-notification"})
CALENDAR_ANSWERS = frozenset({"reply", "counter", "declinecounter", "refresh"})
A_MAIL_HAS = frozenset({"from", "to", "date", "subject", "message-id", "received"})


_JOINS = frozenset("\u200d\ufe0f\ufe0e\U0001f3fb\U0001f3fc\U0001f3fd\U0001f3fe\U0001f3ff")
_MESSAGE_ID = re.compile(r"<[^\s<>]{1,250}>")


def read_mail(raw: bytes | bytearray, *, cut: bool = False, own: str = "") -> Mail:
    """The mail. `cut`: it is longer than these bytes. `own` is the inbox's address, by which our own text is
    recognised. Raises ValueError only if the bytes contain no usual mail header."""
    structure = read_structure(raw)
    headers = _first_of_each(structure.headers)
    if not headers.keys() & A_MAIL_HAS:
        raise ValueError("no header of a mail")
    author = read_sender([value for name, value in structure.headers.fields if name == "from"])
    subject = clean_text(header_text(headers.get("subject", b"")))[:LONGEST_SUBJECT]
    date = header_text(headers.get("date", b"")[:LONGEST_DATE])
    earlier = [header_text(headers.get(name, b"")) for name in ("references", "in-reply-to")]
    ids = tuple(dict.fromkeys(_MESSAGE_ID.findall(" ".join(earlier))))[-MOST_REFERENCES:]
    message_id = _MESSAGE_ID.search(header_text(headers.get("message-id", b"")))
    recipients = " ".join(header_text(headers.get(name, b"")) for name in ADDRESSED)
    about = correspondents(own, author.address, author.name, subject, recipients, ids)
    text = _text(raw, structure.parts, about)
    left = set(text.unread)
    pictures = all_pictures(raw, structure.parts)
    shown, more = shown_pictures(raw, pictures, wordless=text.wordless)
    if cut:
        shown = [one for one in shown if one.part.end < len(raw)]  # the last one is incomplete
        left.add("bytes")
    own_id = message_id[0] if message_id else None
    said = [date if own_id is None else "", author.address, subject, text.whole]
    files = attached_bytes(raw, structure.parts, pictures)
    return Mail(
        headers={name: header_text(value) for name, value in headers.items() if name in KEPT_HEADERS},
        sender=author.address,
        odd_sender=author.odd,
        name=author.name,
        recipients=recipients,
        subject=subject,
        message_id=own_id,
        references=ids,
        sent_at=_date(date),
        text=text.words,
        images=tuple(Image(one.content_type, one.part.file_name, one.number) for one in shown),
        digest=hashlib.sha256("\0".join([*said, *files]).encode("utf-8", "replace")).hexdigest(),
        report=_report(raw, structure.parts),
        unread=tuple(sorted(structure.unread | left | more)),
        signature=text.signature,
        answers_us=about.answers_us,
        files=(*_not_shown(structure.parts, pictures, text.passed_on), *text.files)[:MOST_FILES],
        machine=_machine(structure.parts),
    )


def _not_shown(parts: Sequence[Part], pictures: Sequence[Picture], passed_on: bool) -> Sequence[File]:
    found = list(other_files(parts, pictures))
    read = next((one for one in found if one.content_type == "message/rfc822"), None) if passed_on else None
    return [one for one in found if one is not read]


def read_image(raw: bytes | bytearray, number: int) -> bytes | None:
    """The bytes of the picture of this number; None if there is none."""
    pictures = all_pictures(raw, read_structure(raw).parts)
    return content(raw, pictures[number].part, IMAGE_BYTES)[0] if number < len(pictures) else None


def _machine(parts: Sequence[Part]) -> str:
    """The kind of a part that only machines send."""
    for part in parts:
        if part.kind in MACHINES:
            return part.kind
        if part.kind == "text/calendar" and part.parameters.get("method", "").lower() in CALENDAR_ANSWERS:
            return f"text/calendar; method={part.parameters['method'].upper()[:20]}"
    return ""


def _first_of_each(headers: Headers) -> dict[str, bytes]:
    found: dict[str, bytes] = {}
    for name, value in headers.fields:
        found.setdefault(name, value)
    return found


def _date(written: str) -> datetime | None:
    try:
        date = parsedate_to_datetime(written)
        return (date if date.tzinfo else date.replace(tzinfo=UTC)).astimezone(UTC)
    except (ValueError, TypeError, OverflowError, IndexError):
        return None


@dataclass(frozen=True, slots=True)
class _Text:
    """What is new (`words`), the signature, all text (`whole`), what was left out, the files that are written into the
    text, whether an attached mail is part of it, and whether the author wrote no words."""

    words: str
    signature: str
    whole: str
    unread: set[Unread]
    files: Sequence[File]
    passed_on: bool
    wordless: bool


def _text(raw: bytes | bytearray, parts: Sequence[Part], about: Correspondents) -> _Text:
    unread: set[Unread] = set()
    reader = Words(raw, parts)
    lines = reader.lines()
    passed_on = about.forwards or about.begins or all(line.blank for line in lines)
    if passed_on:
        lines += _attached_mail(raw, parts)
    if reader.cut:
        unread.add("text_bytes")
    elif reader.deep:
        unread.add("elements")
    whole = joined(lines[:QUOTE_LINES])
    # Quotes are looked for line by line, so the lines are limited before; new text is above the quotes.
    found = new_words(lines[:QUOTE_LINES], about)
    # Nothing but a signature, an advertisement or our own text: beside a picture that says nothing.
    bare = found.whole and bool(all_pictures(raw, parts))
    text = "" if bare else found.text
    below = found.text if bare and not found.ours else found.signature
    new, many = _first_lines(text, TEXT_LINES)
    if len(lines) > QUOTE_LINES or many:
        unread.add("lines")
    if len(new) > TEXT_CHARACTERS:
        unread.add("characters")
        new = _cut(new, TEXT_CHARACTERS)
    return _Text(new, below[:LONGEST_SIGNATURE], whole, unread, reader.files, passed_on, bare or not new)


def _attached_mail(raw: bytes | bytearray, parts: Sequence[Part]) -> list[Line]:
    """The text of a mail that is forwarded as an attachment, with its sender and subject."""
    for part in parts:
        if part.kind != "message/rfc822":
            continue
        inner, _ = content(raw, part, 2 * TEXT_BYTES)
        structure = read_structure(inner)
        header = [
            Line(
                f"{name.title()}: {clean_text(header_text(structure.headers.first(name)))[:LONGEST_SUBJECT]}"
            )
            for name in ("from", "date", "subject")
            if structure.headers.first(name)
        ]
        return [Line(""), *header, Line(""), *Words(inner, structure.parts).lines()]
    return []


def _first_lines(text: str, most: int) -> tuple[str, bool]:
    lines = text.split("\n", most)
    return ("\n".join(lines[:most]), True) if len(lines) > most else (text, False)


def _cut(text: str, most: int) -> str:
    """The beginning, not cut inside what a reader sees as one character."""
    end = most
    while end > most - 20 and (
        unicodedata.combining(text[end]) or text[end] in _JOINS or text[end - 1] == "\u200d"
    ):
        end -= 1
    return text[:end]


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
