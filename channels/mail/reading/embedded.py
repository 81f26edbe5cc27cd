"""Pictures that a webmail program embedded in the HTML itself (`<img src="data:image/jpeg;base64,…">`). They are
reported but not shown; without them the text around stays within the limit.

Linear, and in chunks: such a page may be as large as a mail.
"""

import binascii
import re
from collections.abc import Iterator

from channels.mail.reading.images import SMALLEST_INLINE
from channels.mail.reading.mail import File
from channels.mail.reading.structure import Part, content

PIECE = 48 * 1024
LONGEST_BEGIN = 64
_BEGINS = re.compile(rb"data:(image/[a-z0-9.+-]{1,30});base64,", re.IGNORECASE)
_PICTURE = re.compile(rb"[A-Za-z0-9+/=\s%]*")
_NOT_BASE64 = re.compile(rb"[^A-Za-z0-9+/]+")


def html_without_pictures(raw: bytes | bytearray, part: Part, most: int) -> tuple[bytes, bool, list[File]]:
    """At most so many bytes of an HTML part, whether there are more, and the pictures in it that are no logos."""
    begin, more = content(raw, part, most)
    if not more and b"data:image" not in begin:
        return begin, False, []
    reader = _Reader()
    for piece in _decoded(raw, part):
        reader.feed(piece)
        if len(reader.kept) > most:
            break
    reader.close()
    return bytes(reader.kept[:most]), len(reader.kept) > most, reader.files


class _Reader:
    """`kept` is the page so far, without pictures."""

    def __init__(self) -> None:
        self.kept = bytearray()
        self.files: list[File] = []
        self._kind: str | None = None  # of the picture that has begun
        self._size = 0
        self._left = b""

    def feed(self, piece: bytes) -> None:
        page, place = self._left + piece, 0
        while place < len(page):
            if self._kind is not None:
                end = self._rest_of(page, place)
                self._size += end - place
                place = end
                if place < len(page):
                    self._ends()
            elif begins := _BEGINS.search(page, place):
                self.kept += page[place : begins.start()]
                self._kind, self._size, place = begins[1].decode().lower(), 0, begins.end()
            else:
                # The words before a picture may be in two pieces.
                sure = max(place, len(page) - LONGEST_BEGIN)
                self.kept += page[place:sure]
                self._left = page[sure:]
                return
        self._left = b""

    def close(self) -> None:
        if self._kind is not None:
            self._ends()
        self.kept += self._left

    def _rest_of(self, page: bytes, place: int) -> int:
        found = _PICTURE.match(page, place)
        return found.end() if found else place

    def _ends(self) -> None:
        if self._size * 3 // 4 >= SMALLEST_INLINE:
            self.files.append(File(self._kind or "", None))
        self._kind = None


def _decoded(raw: bytes | bytearray, part: Part) -> Iterator[bytes]:
    place, end, left = part.start, part.end, b""
    encoding = part.encoding
    while place < end:
        piece = bytes(raw[place : min(place + PIECE, end)])
        place += len(piece)
        if encoding == "base64":
            piece = left + _NOT_BASE64.sub(b"", piece)
            whole = len(piece) // 4 * 4
            left = piece[whole:]
            yield binascii.a2b_base64(piece[:whole])
        elif encoding == "quoted-printable":
            # A broken line is continued by the next one.
            whole = piece.rfind(b"\n") + 1 if place < end else len(piece)
            yield binascii.a2b_qp(left + piece[:whole])
            left = piece[whole:]
        else:
            yield piece
    if encoding == "base64" and len(left) > 1:
        yield binascii.a2b_base64(left + b"=" * (-len(left) % 4))
    elif left and encoding == "quoted-printable":
        yield binascii.a2b_qp(left)
