"""Parses form bytes into a Form in linear time and bounded memory. UTF-8, and Latin-1 only where a caller allows it.

Sanic's own parser decodes each part with the charset that the part names. Some of Python's codecs take
quadratic time (400 kB of `charset=punycode` blocked a gateway for 81 s), so a label never chooses a codec here.
"""

from collections.abc import Callable
from dataclasses import dataclass
from urllib.parse import parse_qsl

from multipart import (
    MultipartError,
    MultipartSegment,
    ParserLimitReached,
    PushMultipartParser,
    parse_options_header,
)

from forms.charsets import is_latin, is_utf8, read_latin
from forms.contents import Contents, InMemory
from forms.errors import BodyRefused, no_space, too_large, unreadable
from forms.form import EMPTY, Form, FormFile

URLENCODED = "application/x-www-form-urlencoded"
MULTIPART = "multipart/form-data"
LONGEST_BOUNDARY = 70  # RFC 2046, 5.1.1
HEADER_BYTES = 1_024  # per line: four times what a file name of 255 bytes and a field name need
HEADERS = 4  # per part; RFC 7578 defines three


@dataclass(frozen=True, slots=True)
class FormLimits:
    """`text` limits all fields together, in bytes; if `file` is 0, a form may have no file. `body` is the
    overall limit in bytes."""

    text: int = 65_536
    parts: int = 200
    name: int = 200
    file: int = 0
    files: int = 1

    @property
    def body(self) -> int:
        """The maximum length of a form within these limits, including multipart overhead."""
        return self.text + self.file * self.files


PLAIN = FormLimits()
"""Every form without a file, and every form before sign-in."""


def parse_form(content_type: str, body: bytes, limits: FormLimits = PLAIN) -> Form:
    """Parse the form in `body`. A body of any other type yields an empty form. Raises BodyRefused 400 or 413."""
    reader = FormReader(content_type, limits)
    reader.feed(body)
    return reader.close()


class FormReader:
    """An incremental parser. `feed` and `close` raise BodyRefused 400, 413 or 507; after that, discard the reader.

    `keep` makes the place for one file's content; where it raises OSError, the form is refused.
    `latin`: a form, or a part of one, that is labelled as Latin-1, or has no label and is no UTF-8, is read as such, and a form with any other label
    than that or UTF-8 is refused. Without it labels are ignored, and a form is UTF-8."""

    def __init__(
        self,
        content_type: str,
        limits: FormLimits = PLAIN,
        *,
        latin: bool = False,
        keep: Callable[[], Contents] = InMemory,
    ) -> None:
        kind, options = parse_options_header(content_type)
        self._limits = limits
        self._latin = latin
        self._all_latin = latin and is_latin(options.get("charset"))
        # A form that names no charset is UTF-8, unless its bytes are none.
        self._unnamed = latin and not options.get("charset")
        if latin and not (self._all_latin or is_utf8(options.get("charset"))):
            raise unreadable()
        self._text = 0
        self._plain: bytearray | None = bytearray() if kind == URLENCODED else None
        self._fields: dict[str, list[str]] = {}
        self._files: dict[str, FormFile] = {}
        self._parser: PushMultipartParser | None = None
        self._segment: MultipartSegment | None = None
        self._chunks: list[bytes] = []
        self._keep = keep
        self._content: Contents | None = None
        if kind == MULTIPART:
            boundary = options.get("boundary", "")
            if (
                not 1 <= len(boundary) <= LONGEST_BOUNDARY
                or not boundary.isascii()
                or not boundary.isprintable()
            ):
                raise unreadable()
            self._parser = PushMultipartParser(
                boundary,
                max_header_size=HEADER_BYTES,
                max_header_count=HEADERS,
                max_segment_count=limits.parts,
                max_segment_size=max(limits.text, limits.file),
                header_charset="latin-1" if latin else "utf-8",
            )

    def feed(self, chunk: bytes) -> None:
        """Process the next chunk of the body."""
        if self._plain is not None:
            self._count(len(chunk))
            self._plain += chunk
        elif self._parser is not None and chunk:
            try:
                for event in self._parser.parse(chunk):
                    self._take(event)
            except ParserLimitReached:
                raise too_large() from None
            except MultipartError:
                raise unreadable() from None

    def close(self) -> Form:
        """Finish parsing and return the form."""
        if self._plain is not None:
            return self._urlencoded(bytes(self._plain))
        if self._parser is None:
            return EMPTY
        try:
            self._parser.close()
        except MultipartError:
            raise unreadable() from None
        return Form({name: tuple(values) for name, values in self._fields.items()}, self._files)

    def _urlencoded(self, body: bytes) -> Form:
        fields: dict[str, list[str]] = {}
        for name, value in self._pairs(body):
            self._check_name(name)
            fields.setdefault(name, []).append(value)
        return Form({name: tuple(values) for name, values in fields.items()})

    def _pairs(self, body: bytes) -> list[tuple[str, str]]:
        try:
            if not self._all_latin:
                return self._split(body, "utf-8")
        except UnicodeDecodeError:
            if not self._unnamed:
                raise unreadable() from None
        except ValueError:
            raise unreadable() from None
        try:
            # Latin-1 has a character for every byte, so the bytes are found again.
            pairs = self._split(body, "latin-1")
        except ValueError:
            raise unreadable() from None
        return [
            (self._word(name.encode("latin-1")), self._word(value.encode("latin-1"))) for name, value in pairs
        ]

    def _word(self, data: bytes) -> str:
        """One value of a form that is Latin-1, or whose charset nobody named."""
        if not self._all_latin:
            try:
                return data.decode()
            except UnicodeDecodeError:
                pass
        return read_latin(data)

    def _split(self, body: bytes, charset: str) -> list[tuple[str, str]]:
        return parse_qsl(
            body.decode(charset),
            keep_blank_values=True,
            encoding=charset,
            errors="strict",
            max_num_fields=self._limits.parts,
        )

    def _take(self, event: MultipartSegment | bytes | bytearray | None) -> None:
        if isinstance(event, MultipartSegment):
            self._segment, self._chunks, self._content = event, [], None
            self._check_name(event.name or "")
            if event.filename is not None and not self._limits.file:
                raise unreadable()
        elif event is not None:
            if self._segment is None or self._segment.filename is None:
                self._count(len(event))
                self._chunks.append(bytes(event))
            else:
                self._check_file(self._segment)
                self._add(event)
        elif self._segment is not None:
            self._finish(self._segment)

    def _finish(self, segment: MultipartSegment) -> None:
        name, filename = self._head(segment.name or ""), segment.filename
        if filename is not None:
            # A browser sends an empty file without a name if the user chose none.
            if filename or self._content:
                self._check_file(segment)
                # Photos may share a name ("media", "media[]"): each later one gets a key of its own.
                key = name if name not in self._files else f"{name}#{len(self._files)}"
                self._files[key] = FormFile(self._head(filename), self._content or InMemory())
                self._content = None
            return
        data = b"".join(self._chunks)
        try:
            latin = self._all_latin or (self._latin and is_latin(segment.charset))
            value = read_latin(data) if latin else data.decode("utf-8")
        except UnicodeDecodeError:
            if not self._unnamed or segment.charset:
                raise unreadable() from None
            value = read_latin(data)
        self._fields.setdefault(name, []).append(value)

    def _add(self, data: bytes | bytearray) -> None:
        try:
            if self._content is None:
                self._content = self._keep()
            self._content.add(data)
        except OSError:
            raise no_space() from None

    def _head(self, words: str) -> str:
        """A name in a part's headers, which are read byte by byte where Latin-1 is allowed."""
        return read_latin(words.encode("latin-1", "replace")) if self._latin else words

    def _check_file(self, segment: MultipartSegment) -> None:
        if segment.bytes_received > self._limits.file:
            raise too_large()
        if len(self._files) >= self._limits.files:
            raise unreadable()

    def _check_name(self, name: str) -> None:
        if not 1 <= len(name) <= self._limits.name:
            raise unreadable()

    def _count(self, size: int) -> None:
        self._text += size
        if self._text > self._limits.text:
            raise too_large()


__all__ = ["PLAIN", "BodyRefused", "FormLimits", "FormReader", "parse_form"]
