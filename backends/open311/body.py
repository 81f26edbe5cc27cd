"""Decodes the bytes of a response into a document, whatever its labels claim."""

import codecs
import json
import re

from backends.open311.xml import parse_xml

_BOMS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_DECLARATION = re.compile(r"\s*<\?xml[^>]{0,200}\?>")
_NAMED_ENCODING = re.compile(rb"""^\s*<\?xml[^>]{0,200}?encoding=["']([A-Za-z0-9._-]{1,40})["']""")
_CHARSET = re.compile(r"""charset=["']?([A-Za-z0-9._-]{1,40})""", re.IGNORECASE)
# The server names the codec, so only single-byte tables and UTF-16 are allowed, none of Python's exotic
# codecs.
_PLAIN_ENCODING = re.compile(r"(iso-?8859|latin|windows-|cp125|utf-?16|us-ascii|ascii)", re.IGNORECASE)
# XML forbids these, PostgreSQL rejects NUL, and no field of the protocol needs them.
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")
_HTML = re.compile(r"(<!--.{0,2000}?-->\s*)?<(!doctype\s+html|html|head|body)\b", re.IGNORECASE | re.DOTALL)


class NotTheProtocol(ValueError):
    """The body is neither GeoReport JSON nor GeoReport XML; the text says what it looks like."""


def read_document(body: bytes, content_type: str = "") -> dict[str, object] | list[object]:
    """Parse JSON or XML, detected from the body itself, into a dictionary or a list.

    Real servers label XML as JSON, Latin-1 as UTF-8, and error pages as anything, so the content type is used
    only where the bytes are ambiguous. Raises NotTheProtocol.
    """
    text = _CONTROL.sub("", decode_text(body, content_type)).strip()
    if not text:
        raise NotTheProtocol("an empty answer")
    if _HTML.match(text):
        raise NotTheProtocol("an HTML page")
    try:
        if text.startswith("<"):
            declared = _DECLARATION.match(text)
            return parse_xml(text[declared.end() :] if declared else text)
        document = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise NotTheProtocol(f"neither JSON nor XML ({type(error).__name__})") from None
    if not isinstance(document, dict | list):
        raise NotTheProtocol("a bare value")
    return document


def decode_text(body: bytes, content_type: str = "") -> str:
    """Decode to text; never fails. Tries the byte order mark, UTF-8, the declared charset, then Windows-1252."""
    for mark, encoding in _BOMS:
        if body.startswith(mark):
            return body[len(mark) :].decode(encoding, "replace")
    try:
        return body.decode("utf-8")
    except UnicodeDecodeError:
        pass
    in_type, in_xml = _CHARSET.search(content_type), _NAMED_ENCODING.match(body)
    declared = [in_type.group(1)] if in_type else []
    declared += [in_xml.group(1).decode("ascii")] if in_xml else []
    for encoding in (*declared, "cp1252"):
        try:
            if _PLAIN_ENCODING.match(encoding):
                return body.decode(encoding)
        except (LookupError, ValueError):
            continue
    return body.decode("latin-1")
