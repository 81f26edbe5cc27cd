"""Locates the parts of a mail in its bytes without copying them. Source: RFC 2046.

The standard library's parser makes a text object of every line (25 MB of short lines take a gigabyte) and
compares each line with the boundary of every enclosing part. Here each level is one search in C over the
bytes of that level.
"""

import binascii
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from channels.mail.reading.headers import Headers, from_base64, header_text, parameters, read_headers
from channels.mail.reading.limits import DEPTH, HEADER_BYTES, PART_HEADER_BYTES, PARTS, Unread

LONGEST_BOUNDARY = 200  # characters; RFC 2046 allows 70
OTHER_TEXTS = frozenset(
    {"text/calendar", "text/vcard", "text/x-vcard", "text/directory", "text/rtf"}
    | {"text/rfc822-headers", "text/rfc822-header"}
)
"""Texts that no person reads as they are written."""
ENRICHED = frozenset({"text/enriched", "text/richtext"})
WRITTEN = ENRICHED | {"text/plain", "text/markdown", "text/x-markdown", "text/x-web-markdown"}
_BEFORE = re.compile(rb"(?:\xef\xbb\xbf)?[\r\n]*")
"""What scripts write before the first header."""
_TYPE = re.compile(r"[a-z0-9][a-z0-9!#$&^_.+-]{0,60}/[a-z0-9][a-z0-9!#$&^_.+-]{0,100}")


@dataclass(frozen=True, slots=True)
class Part:
    """A leaf part (`kind` like text/plain), between two offsets in the mail's bytes. `alternative` is the
    number of the innermost multipart/alternative that contains it, whose parts are versions of the same text.
    `enriched`: its text has commands for its look."""

    kind: str
    parameters: Mapping[str, str]
    headers: Headers
    start: int
    end: int
    alternative: int | None = None
    enriched: bool = False

    @property
    def attached(self) -> bool:
        """Whether it is an attachment, not part of the text."""
        return self.headers.first("content-disposition").lower().startswith(b"attachment")

    @property
    def file_name(self) -> str | None:
        """As the sender wrote it: for display, never for a path."""
        _, disposition = parameters(self.headers.first("content-disposition"))
        name = disposition.get("filename") or self.parameters.get("name") or ""
        return name.replace("/", "_").replace("\\", "_")[:100] or None

    @property
    def encoding(self) -> str:
        """The transfer encoding of its bytes."""
        return header_text(self.headers.first("content-transfer-encoding")).lower()


@dataclass(frozen=True, slots=True)
class Structure:
    """The headers of the mail, its parts in their order, and what was not read."""

    headers: Headers
    parts: Sequence[Part]
    unread: frozenset[Unread]


def read_structure(raw: bytes | bytearray) -> Structure:
    """Never raises. The parts of an attached mail belong to that mail, not to this one."""
    finder = _Finder(_with_line_ends(raw))
    before = _BEFORE.match(raw[:100])
    finder.find(before.end() if before else 0, len(raw), 0)
    return Structure(finder.headers, finder.parts, frozenset(finder.unread))


def _with_line_ends(raw: bytes | bytearray) -> bytes | bytearray:
    """The same mail at the same offsets, if its lines end with CR alone."""
    return raw if b"\n" in raw[:HEADER_BYTES] else raw.replace(b"\r", b"\n")


def content(raw: bytes | bytearray, part: Part, most: int) -> tuple[bytes, bool]:
    """The decoded bytes of a part, at most `most`; and whether there are more."""
    # Four base64 characters encode three bytes, with a line end after 60 characters or more; "=3D" encodes
    # one byte.
    encoding = part.encoding
    left = {"base64": most * 3 // 2 + 100, "quoted-printable": most * 4 + 100}.get(encoding, most)
    found = bytes(raw[part.start : min(part.end, part.start + left)])
    if encoding == "base64":
        found = from_base64(found)
    elif encoding == "quoted-printable":
        found = binascii.a2b_qp(found)
    return found[:most], len(found) > most or part.end - part.start > left


def about_size(raw: bytes | bytearray, part: Part) -> int:
    """The approximate size of the content, without decoding it."""
    size = part.end - part.start
    return size * 72 // 100 if part.encoding == "base64" else size


def _is_written(part: Part) -> bool:
    """Whether a person wrote this text, whatever a program calls it (text/markdown, text/enriched)."""
    if part.attached or part.file_name or part.kind in OTHER_TEXTS:
        return False
    # In several versions of one text, others are for programs (text/x-amp-html).
    return part.alternative is None or part.kind in WRITTEN


class _Finder:
    def __init__(self, raw: bytes | bytearray) -> None:
        self._raw = raw
        self.headers = Headers((), 0, False)
        self.parts: list[Part] = []
        self.unread: set[Unread] = set()
        self._seen = 0

    def find(self, start: int, end: int, depth: int, alternative: int | None = None) -> None:
        self._seen += 1
        headers = read_headers(self._raw, start, end, PART_HEADER_BYTES if depth else HEADER_BYTES)
        if headers.cut:
            self.unread.add("header")
        if not depth:
            self.headers = headers
        kind, given = parameters(headers.first("content-type"))
        boundary = given.get("boundary", "")
        if kind.startswith("multipart/") and 0 < len(boundary) <= LONGEST_BOUNDARY:
            if depth >= DEPTH:
                self.unread.add("depth")
                return
            group = self._seen if kind == "multipart/alternative" else alternative
            before = self._seen
            for inner_start, inner_end in self._between(boundary, headers.body, end):
                if self._seen >= PARTS:
                    self.unread.add("parts")
                    return
                self.find(inner_start, inner_end, depth + 1, group)
            if depth or self._seen > before:
                return
            # No part begins with the declared boundary: treat the mail as a single text.
        # Without a boundary it is a single text.
        if not _TYPE.fullmatch(kind) or kind.startswith("multipart/"):
            kind = "text/plain"
        part = Part(kind, given, headers, headers.body, end, alternative)
        if kind.startswith("text/") and kind != "text/html" and _is_written(part):
            part = replace(part, kind="text/plain", enriched=kind in ENRICHED)
        self.parts.append(part)

    def _between(self, boundary: str, start: int, end: int) -> Iterator[tuple[int, int]]:
        """The offsets of the parts of a multipart. The last may lack its end."""
        name = re.escape(boundary.encode("utf-8", "replace"))
        delimiter = re.compile(rb"\n--" + name + rb"(--)?[ \t]*\r?(?=\n|\Z)")
        opened: int | None = None
        for found in delimiter.finditer(self._raw, max(start - 1, 0), end):
            if opened is not None:
                before = found.start()
                yield opened, before - 1 if before > opened and self._raw[before - 1] == 0x0D else before
            if found[1]:
                return
            opened = min(found.end() + 1, end)
        if opened is not None and opened < end:
            yield opened, end
