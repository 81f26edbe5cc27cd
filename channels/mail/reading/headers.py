"""The headers of a mail or of a part: bounded, decoded, and never an error. Sources: RFC 5322, RFC 2047, RFC 2231."""

import binascii
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from urllib.parse import unquote_to_bytes

from channels.mail.reading.charsets import decode, known
from channels.mail.reading.limits import HEADER_VALUE, HEADERS

PARAMETERS = 50  # of one header, RFC 2231's pieces included
PARAMETER_HEADER = 4_000  # characters of a header that are searched for parameters

_NAME = re.compile(rb"[!-9;-~]{1,100}[ \t]*:")
_BLANK_LINE = re.compile(rb"\n\r?\n")
_NOT_BASE64 = bytes(
    set(range(256)) - set(b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/")
)

# Some programs leave a question mark in it as it is; 2,000 characters are many times what RFC 2047 allows.
_ENCODED_WORD = re.compile(
    r"=\?(?P<charset>[^?\s*]{1,60})(?:\*[^?\s]{0,40})?\?(?P<how>[bBqQ])\?(?P<words>(?:[^?]|\?(?!=)){0,2000})\?="
)
# An unclosed quote extends to the end, so that the end is not searched for again from each of many quotes.
_PARAMETER = re.compile(
    r"""; [ \t]* (?P<name>[^\s;=*"]{1,60}) (?:\*(?P<piece>[0-9]{1,3}))? (?P<encoded>\*)? [ \t]* = [ \t]*
        (?: "(?P<quoted>(?:[^"\\]|\\.)*)"? | (?P<plain>[^;\s]*) )""",
    re.VERBOSE | re.DOTALL,
)


@dataclass(frozen=True, slots=True)
class Headers:
    """A header block. `fields` are names in lower case and unfolded values, in their order. The body begins at `body`.

    `cut`: there were more headers, or longer ones, than are read."""

    fields: Sequence[tuple[str, bytes]]
    body: int
    cut: bool

    def first(self, name: str) -> bytes:
        """The first header of this name; b"" if there is none."""
        return next((value for known_as, value in self.fields if known_as == name), b"")


def read_headers(raw: bytes | bytearray, start: int, end: int, most: int) -> Headers:
    """The header block at `start`, of which `most` bytes are read. It ends at an empty line, or before the first line that is no header."""
    fields: list[tuple[str, bytes]] = []
    name, value, cut = "", bytearray(), False
    place, limit = start, min(end, start + most)

    def add() -> None:
        if name:
            fields.append((name, bytes(value).strip()))

    while place < end:
        line_end = raw.find(b"\n", place, limit)
        if line_end < 0 and limit < end:
            cut = True
            break
        after = end if line_end < 0 else line_end + 1
        line = bytes(raw[place:after]).rstrip(b"\r\n")
        if not line:
            add()
            return Headers(fields, after, cut)
        if line[0] in b" \t":
            cut = cut or len(value) + len(line) > HEADER_VALUE
            value += b" " + line.lstrip()[: max(0, HEADER_VALUE - len(value))]
        elif found := _NAME.match(line):
            add()
            if len(fields) >= HEADERS:
                name, cut = "", True
                break
            name, rest = found[0][:-1].rstrip().lower().decode("ascii"), line[found.end() :]
            cut = cut or len(rest) > HEADER_VALUE
            value = bytearray(rest[:HEADER_VALUE])
        elif place > start or not line.startswith((b"From ", b">From ")):  # the first line of an mbox
            add()
            return Headers(fields, place, cut)
        place = after
    add()
    # Lines beyond the limit still belong to the headers: the body begins after the next empty line.
    blank = _BLANK_LINE.search(raw, max(place - 1, 0), end) if cut else None
    return Headers(fields, blank.end() if blank else end, cut)


def header_text(raw: bytes) -> str:
    """A header's value in plain characters. What cannot be decoded stays as it was written."""
    return plain_line(_decoded_words(decode(raw[:HEADER_VALUE], None)))


def plain_line(text: str) -> str:
    """Without control characters."""
    return "".join(c if c >= " " and c != "\x7f" else " " for c in text).strip()


def parameters(raw: bytes) -> tuple[str, Mapping[str, str]]:
    """What stands before the first semicolon, in lower case, and the parameters: those of RFC 2231 put together and decoded."""
    text = decode(raw[:PARAMETER_HEADER], None)
    main, semicolon, rest = text.partition(";")
    plain: dict[str, str] = {}
    pieces: dict[str, dict[int, tuple[str, bool]]] = {}
    for count, found in enumerate(_PARAMETER.finditer(semicolon + rest)):
        if count >= PARAMETERS:
            break
        name, quoted = found["name"].lower(), found["quoted"]
        value = found["plain"] or "" if quoted is None else re.sub(r"\\(.)", r"\1", quoted)
        if found["piece"] or found["encoded"]:
            pieces.setdefault(name, {}).setdefault(int(found["piece"] or 0), (value, bool(found["encoded"])))
        else:
            plain.setdefault(name, value)
    together = {name: _together(found) for name, found in pieces.items()}
    return main.strip().lower(), {
        **{name: _decoded_words(value) for name, value in plain.items()},
        **together,
    }


def _together(pieces: Mapping[int, tuple[str, bool]]) -> str:
    """RFC 2231: pieces in their order, the first of them with the charset, each percent-encoded or not."""
    charset: str | None = None
    raw = b""
    for number, (value, encoded) in sorted(pieces.items()):
        if encoded and number == 0 and value.count("'") >= 2:
            charset, _, value = value.split("'", 2)
        raw += unquote_to_bytes(value) if encoded else value.encode("utf-8", "replace")
    return plain_line(decode(raw, charset))


def _decoded_words(text: str) -> str:
    """RFC 2047. Blanks between two encoded words are dropped; a character may begin in one and end in the next."""
    out: list[str] = []
    raw, charset, place = b"", "", 0
    for found in _ENCODED_WORD.finditer(text):
        content = _from_word(found["words"], found["how"], found["charset"])
        if content is None:
            continue  # leave it as written
        between = text[place : found.start()]
        adjacent = place > 0 and not between.strip()
        if not adjacent or found["charset"] != charset:
            out.append(decode(raw, charset))
            raw = b""
        if not adjacent:
            out.append(between)
        raw += content
        charset, place = found["charset"], found.end()
    return "".join([*out, decode(raw, charset), text[place:]])


def _from_word(words: str, how: str, charset: str) -> bytes | None:
    # Characters that should have been encoded are accepted as they are.
    raw = words.encode(known(charset) or "utf-8", "replace") if not words.isascii() else words.encode()
    if how in "qQ":
        return binascii.a2b_qp(raw, header=True)
    return from_base64(raw) or None


def from_base64(raw: bytes) -> bytes:
    """The decoded bytes, ignoring other characters; a missing end costs at most two bytes."""
    letters = raw.rstrip(b"= \t\r\n").translate(None, _NOT_BASE64)
    rest = len(letters) % 4
    if rest == 1:
        letters, rest = letters[:-1], 0
    return binascii.a2b_base64(letters + b"=" * (-rest % 4))
