"""A mail as it came: from whom, about what, its words, its pictures. Whatever is wrong with it, something is read.

The header classes of the standard library raise on some malformed headers, so the old policy is used and the few
headers we need are read here. Sources: RFC 5322, RFC 2047, RFC 8601 (Authentication-Results).
"""

import email
import email.message
import email.policy
import hashlib
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.header import decode_header
from email.utils import parsedate_to_datetime

from channels.kit.text import clean_name, clean_text
from channels.mail.html import html_text

MOST_PARTS = 100
MOST_IMAGES = 5
SMALLEST_INLINE = 20 * 1024  # bytes; below, a picture within the text is a logo
LONGEST_PART = 256 * 1024  # bytes of a text part that are read
LONGEST_TEXT = 20_000
LONGEST_HEADER = 1_000
IMAGES = frozenset({"image/jpeg", "image/png", "image/webp", "image/gif", "image/heic", "image/heif"})
IMAGE_NAMES = (".jpg", ".jpeg", ".png", ".webp", ".heic")
A_MAIL_HAS = frozenset({"from", "to", "date", "subject", "message-id", "received"})

_ADDRESS = re.compile(r"[^\s@<>(),:;\"\\\[\]]{1,64}@[^\s@<>(),:;\"\\\[\]]{1,253}")
_MESSAGE_ID = re.compile(r"<[^\s<>]{1,250}>")


@dataclass(frozen=True, slots=True)
class Mail:
    """`sender` is "" where there is no single one. `headers` are the first of each name, lower case, decoded."""

    headers: Mapping[str, str]
    sender: str
    name: str | None
    recipients: str
    subject: str
    message_id: str | None
    references: tuple[str, ...]
    sent_at: datetime | None
    text: str
    images: tuple["Image", ...]
    parts: tuple[email.message.Message, ...] = field(repr=False)
    digest: str = ""

    @property
    def external_id(self) -> str:
        """The Message-ID, or a hash of what makes a mail this mail."""
        return self.message_id or self.digest


@dataclass(frozen=True, slots=True)
class Image:
    """An attached picture. `content` is as it was sent: nothing of it is believed yet."""

    content: bytes = field(repr=False)
    content_type: str
    name: str | None


def read_mail(raw: bytes) -> Mail:
    """The mail. Raises ValueError only for bytes without any header that mails have."""
    try:
        message = email.message_from_bytes(raw, policy=email.policy.compat32)
    except RecursionError:
        # Parts within parts a thousand deep: the header is all a person would read of it.
        message = email.message_from_bytes(raw.partition(b"\r\n\r\n")[0], policy=email.policy.compat32)
    headers: dict[str, str] = {}
    for name, value in message.raw_items():
        headers.setdefault(str(name).lower(), header_text(str(value)))
    if not headers.keys() & A_MAIL_HAS:
        raise ValueError("no header of a mail")
    senders = [str(value) for name, value in message.raw_items() if str(name).lower() == "from"]
    sender, known_as = _sender(senders)
    parts = tuple(_parts(message))
    text = _text(parts)
    digest = hashlib.sha256(
        "\0".join([headers.get("date", ""), sender, headers.get("subject", ""), text]).encode(
            "utf-8", "replace"
        )
    ).hexdigest()
    ids = _MESSAGE_ID.findall(headers.get("references", "")[-10_000:] + " " + headers.get("in-reply-to", ""))
    own = _MESSAGE_ID.search(headers.get("message-id", ""))
    return Mail(
        headers=headers,
        sender=sender,
        name=known_as,
        recipients=" ".join(headers.get(one, "") for one in ("to", "cc", "delivered-to", "x-original-to")),
        subject=clean_text(headers.get("subject", "").replace("\n", " "))[:LONGEST_HEADER],
        message_id=own[0] if own and len(own[0]) <= 250 else None,
        references=tuple(dict.fromkeys(ids))[-20:],
        sent_at=_date(headers.get("date", "")),
        text=text,
        images=tuple(_images(parts)),
        parts=parts,
        digest=digest,
    )


def authenticated(raw: bytes, authority: str) -> bool:
    """Does our own mail server say dmarc=pass? Only the topmost result is its own; further down anyone may write."""
    if not authority:
        return False
    message = email.message_from_bytes(raw.partition(b"\r\n\r\n")[0], policy=email.policy.compat32)
    for name, value in message.raw_items():
        if str(name).lower() == "authentication-results":
            result = re.sub(r"\([^()]*\)", " ", " ".join(str(value).lower().split()))
            server, _, findings = result.partition(";")
            words = [finding.split() for finding in findings.split(";")]
            return server.split()[:1] == [authority.lower()] and any(w[:1] == ["dmarc=pass"] for w in words)
    return False


def header_text(raw: str) -> str:
    """A header's value in plain characters, unfolded. Odd encodings lose characters, never the header."""
    unfolded = re.sub(r"[\r\n]+[ \t]*", " ", raw)[: LONGEST_HEADER * 10]
    try:
        pieces = decode_header(unfolded)
    except (ValueError, LookupError, IndexError):
        return _clean(unfolded)
    return _clean("".join(decoded(p, c) if isinstance(p, bytes) else p for p, c in pieces))


def decoded(raw: bytes, charset: str | None) -> str:
    """Bytes as text: by the charset that is claimed, else as UTF-8, else as Windows does."""
    for name in (charset, "utf-8"):
        try:
            if name:
                return raw.decode(name)
        except (LookupError, ValueError):
            continue
    return raw.decode("windows-1252", "replace")


def _clean(text: str) -> str:
    # Undeclared bytes arrive as lone surrogates.
    if any("\udc80" <= c <= "\udcff" for c in text):
        text = decoded(text.encode("utf-8", "surrogateescape"), None)
    return "".join(c if c >= " " and c != "\x7f" else " " for c in text).strip()


def _sender(headers: list[str]) -> tuple[str, str | None]:
    """The one address, lower case, and its name. Two addresses, or an odd one, are nobody's: it would be a guess."""
    if len(headers) != 1:
        return "", None
    raw = re.sub(r"[\r\n]+[ \t]*", " ", headers[0])[: LONGEST_HEADER * 2]
    bare = re.sub(r'"(?:[^"\\]|\\.)*"', " ", raw)
    bare = re.sub(r"\([^()]*\)", " ", bare).strip()
    angled = re.findall(r"<([^<>]*)>", bare)
    address = angled[0].strip() if len(angled) == 1 else bare
    if len(angled) > 1 or bare.count("@") != 1 or "," in bare or not _ADDRESS.fullmatch(address):
        return "", None
    name = header_text(raw.partition("<")[0]).strip(" \"'") if angled else ""
    return address.lower(), (clean_name(name) or "")[:100] or None


def _date(written: str) -> datetime | None:
    try:
        date = parsedate_to_datetime(written)
        return (date if date.tzinfo else date.replace(tzinfo=UTC)).astimezone(UTC)
    except (ValueError, TypeError, OverflowError, IndexError):
        return None


def _parts(message: email.message.Message) -> Iterator[email.message.Message]:
    """The parts in their order; what is inside an attached mail is that mail's."""
    stack, seen = [message], 0
    while stack and seen < MOST_PARTS:
        part = stack.pop()
        seen += 1
        yield part
        if part.is_multipart() and part.get_content_maintype() == "multipart":
            inner = part.get_payload()
            stack.extend(reversed([one for one in inner if isinstance(one, email.message.Message)]))


def _text(parts: tuple[email.message.Message, ...]) -> str:
    plain, html = [], []
    for part in parts:
        if part.is_multipart() or _attached(part):
            continue
        if part.get_content_type() == "text/plain":
            plain.append(_words(part))
        elif part.get_content_type() == "text/html":
            html.append(_words(part))
    found = clean_text("\n".join(plain))
    if not found and html:
        found = clean_text(html_text("\n".join(html)))
    return found[:LONGEST_TEXT]


def _words(part: email.message.Message) -> str:
    try:
        charset = part.get_content_charset()
    except (LookupError, ValueError):
        charset = None
    return decoded(_bytes(part)[:LONGEST_PART], charset)


def _bytes(part: email.message.Message) -> bytes:
    try:
        payload = part.get_payload(decode=True)
    except (ValueError, LookupError):
        payload = None
    return payload if isinstance(payload, bytes) else b""


def _attached(part: email.message.Message) -> bool:
    return str(part.get("content-disposition", "")).strip().lower().startswith("attachment")


def _images(parts: tuple[email.message.Message, ...]) -> Iterator[Image]:
    count = 0
    for part in parts:
        kind, name = part.get_content_type(), _name(part)
        if kind not in IMAGES and not (
            kind == "application/octet-stream" and (name or "").lower().endswith(IMAGE_NAMES)
        ):
            continue
        content = _bytes(part)
        if not content or (not _attached(part) and part.get("content-id") and len(content) < SMALLEST_INLINE):
            continue
        count += 1
        if count > MOST_IMAGES:
            return
        yield Image(content, kind, name)


def _name(part: email.message.Message) -> str | None:
    try:
        name = part.get_filename()
    except (ValueError, LookupError, TypeError, IndexError):
        return None
    return header_text(name).replace("/", "_").replace("\\", "_")[:100] or None if name else None
