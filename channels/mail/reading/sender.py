"""Determines the sender of a mail: the address in angle brackets, whatever the name before it looks like.
Programs write names without quotes, with commas, with brackets, or an address as a name; some forget a bracket, or
encode all of it. Nothing is guessed: if two addresses are possible there is no sender. Source: RFC 5322, 3.4.
"""

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass, replace

from channels.kit.text import clean_name
from channels.mail.reading.charsets import decode
from channels.mail.reading.headers import header_text

LONGEST_FROM = 10_000
LONGEST_NAME = 100
MOST_HEADERS = 3  # of the same From

_ADDRESS = re.compile(r"[^\s@<>(),:;\"\\\[\]\ufffd]{1,64}@[^\s@<>(),:;\"\\\[\]\ufffd]{1,253}")
_ANYWHERE = re.compile(r"[^\s@<>(),:;\"\\\[\]\ufffd]{1,64}@[\w.-]{1,253}")
_BRACKETED = re.compile(r"<([^<>]{0,400}@[^<>]{0,400})>")
_ANGLED = re.compile(r"<([^<>]{1,400})>")
_QUOTED = re.compile(r'"(?:[^"\\]|\\.)*+"')
_QUOTED_LOCAL = re.compile(r"\"([^\s@<>(),:;\"\\\[\]]{1,64})\"@")  # as carriers write "ana..diaz"@carrier
_ROUTE = re.compile(r"^(smtp:|mailto:|(@[\w.-]{1,253},?){1,5}:)")  # Exchange's prefix, and a route of RFC 822
_AT = re.compile(r"\s{0,3}(?:@|[(\[]\s{0,3}at\s{0,3}[)\]])\s{0,3}", re.IGNORECASE)
_DOT = re.compile(r"\s{0,3}[(\[]\s{0,3}(?:dot|punkt|punto|point)\s{0,3}[)\]]\s{0,3}", re.IGNORECASE)
_COMMENT = re.compile(r"\([^()]*\)")


@dataclass(frozen=True, slots=True)
class Sender:
    """`address` is in lower case, "" if there is none or more than one. `odd`: other programs may read another
    address there, so what they say about the sender (DMARC) may be about somebody else."""

    address: str = ""
    name: str | None = None
    odd: bool = False


def read_sender(headers: Sequence[bytes]) -> Sender:
    """The one sender that the From headers name."""
    found = {one.address: one for one in map(_one, headers[:MOST_HEADERS])}
    if len(found) != 1 or len(headers) > MOST_HEADERS:
        return Sender()
    (sender,) = found.values()
    return replace(sender, odd=sender.odd or len(headers) > 1) if sender.address else Sender()


def _one(header: bytes) -> Sender:
    written = _QUOTED_LOCAL.sub(r"\1@", decode(header[:LONGEST_FROM], None))
    # A quoted name or a comment may hold anything, also an address in angle brackets.
    bare = _COMMENT.sub(" ", _QUOTED.sub(" ", written)).strip()
    angled = [found for found in _ANGLED.finditer(bare) if _address(found[1])]
    if angled:
        addresses = {_address(found[1]) for found in angled}
        if len(addresses) != 1:
            return Sender()
        before, _, _ = written.partition("<") if written.count("<") == 1 else written.rpartition("<")
        odd = len(angled) > 1 or bare.count("@") != 1 or bare.count("<") != 1 or "," in bare
        return Sender(addresses.pop(), _name(before), odd)
    address = _address(bare.strip(" \t,;<>"))
    if not address:
        return _somewhere(written, header_text(header[:LONGEST_FROM]))
    comment = _COMMENT.search(written)
    odd = bare.strip("<>") != bare or (bool(bare) and bare[-1] in ",;")
    return Sender(address, _name(comment[0].strip("()")) if comment and address else None, odd)


def _somewhere(written: str, text: str) -> Sender:
    """The only address of a header that is not written as one should be: without brackets, with one, or encoded.
    Nothing can be proved by it. Where brackets or quotes hold more than the address, or bytes that are no text, it
    may be a part of another one."""
    found = _ANYWHERE.search(text)
    whole = _BRACKETED.search(text)
    address = _address(found[0]) if found and text.count("@") == 1 else ""
    odd = text.count('"') % 2 or any(c == "\ufffd" or "\x7f" <= c <= "\x9f" for c in written)
    if found is None or not address or odd or (whole and _address(whole[1]) != address):
        return Sender()
    return Sender(address, _name(text[: found.start()].removesuffix("mailto:").rstrip(" [(<:;")), odd=True)


def _address(written: str) -> str:
    """The address in lower case, "" if it is none. Invalid bytes make no address, because two people could
    become one."""
    address = _ROUTE.sub("", written.strip(" \t,;").lower(), count=1).removesuffix(".")
    if address.startswith("'") and address.endswith("'"):
        address = address.strip("'")  # as Outlook shows them
    return address if _ADDRESS.fullmatch(address) else ""


def _name(written: str) -> str | None:
    name = header_text(written.encode("utf-8", "surrogatepass")).strip(" \t\"',;<>").replace('\\"', '"')
    return (clean_name(name) or "")[:LONGEST_NAME] or None


def other_address(name: str | None, sender: str) -> str:
    """An address in a sender's name that is not the sender's: perhaps meant to deceive. "" if there is none."""
    # As it looks: "＠" is "@", signs without width are not seen, and "(at)" is read like one.
    looks = unicodedata.normalize("NFKC", (name or "")[:LONGEST_NAME])
    looks = "".join(c for c in looks if unicodedata.category(c) != "Cf")
    looks = _DOT.sub(".", _AT.sub("@", looks))
    found = re.search(r"[^\s@<>(),:;\"]{1,64}@[^\s@<>(),:;\"]{1,253}\.[^\s@<>(),:;\"]{2,63}", looks)
    return found[0] if found and found[0].lower().strip(".'") != sender.lower() else ""
