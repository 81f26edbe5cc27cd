"""Finds in a text what can be compared with the list of official accounts: links, e-mail addresses, telephone numbers, accounts and
codes. Pure, and in linear time: strangers wrote the text. What looks like one of these and cannot be read is found as it stands, so
that nobody is told that it is official."""

import re
import unicodedata
from dataclasses import dataclass
from typing import Literal

LONGEST = 4_000
"""Characters of a text that are read."""
MOST = 20
"""Things that are compared."""
ALPHABET = "BCDFGHJKMNPQRTVWXZ"
"""Letters of a code: no vowels, so that it is no word, and none that looks like a digit."""
CODE_LETTERS = 6
Kind = Literal["link", "mail", "phone", "account"]

_ENDS = ".,;:!?…'’\"”»)]}>"
_STARTS = "'‘\"“«([{<"
_SCHEME = re.compile(r"[A-Za-z][A-Za-z0-9+.-]{0,20}:")
_DOTS = str.maketrans("。．｡․", "....")
_HOSTLIKE = re.compile(r"[\w-]+(?:\.[\w-]+)*\.([^\W\d_]{2,}|xn--[\w-]+)(?::\d+)?(?:[/?#\\].*)?", re.DOTALL)
_NUMBER = re.compile(r"(?<![\w./-])\+?\(?\d(?:[ ().\-‐-–/]{0,3}\d){4,18}(?![\w])")
_DAY = re.compile(r"\d{4}-\d{1,2}-\d{1,2}|\d{1,2}[./]\d{1,2}[./]\d{2,4}")
_HANDLE = re.compile(r"@[A-Za-z0-9._-]{2,60}")
_CODE = re.compile(rf"(?<![A-Za-z0-9])[{ALPHABET}]{{{CODE_LETTERS}}}(?![A-Za-z0-9])")


@dataclass(frozen=True, slots=True)
class Named:
    """Something that a text names, as it is written there."""

    kind: Kind
    text: str


def read_named(text: str) -> list[Named]:
    """Everything in the text that can be compared, at most MOST, without repetitions."""
    text = text[:LONGEST]
    found: dict[tuple[str, str], Named] = {}
    rest: list[str] = []
    for raw in re.split(r"[\s<>]+", text):
        token = raw.lstrip(_STARTS).rstrip(_ENDS)
        kind = _kind_of(token)
        if kind is None:
            rest.append(raw)
            continue
        found.setdefault((kind, token.casefold()), Named(kind, token))
    for match in _NUMBER.finditer(unicodedata.normalize("NFKC", " ".join(rest))):
        number = match[0].strip()
        if not _DAY.fullmatch(number):
            found.setdefault(("phone", number), Named("phone", number))
    return list(found.values())[:MOST]


def codes_in(text: str) -> list[str]:
    """The codes that the text has in capital letters, or alone in any letters."""
    alone = "".join(one for one in text if one.isalnum()).upper()
    if len(text) <= 24 and _CODE.fullmatch(alone):
        return [alone]
    return list(dict.fromkeys(_CODE.findall(text[:LONGEST])))[:3]


def _kind_of(token: str) -> Kind | None:
    if not token or len(token) < 4:
        return None
    if _SCHEME.match(token) and "://" in token:
        return "link"
    scheme = token.partition(":")[0].casefold()
    if scheme in ("tel", "sms", "mailto", "javascript", "data"):
        return "link"
    if _HANDLE.fullmatch(token):
        return "account"
    dotted = token.translate(_DOTS)
    local, at, host = dotted.rpartition("@")
    if at and local and "." in host:
        return "mail"
    # "tomorrow.We" is two sentences; "desk.example" and "desk.example/pay" are links.
    match = _HOSTLIKE.fullmatch("".join(one for one in dotted if unicodedata.category(one) != "Cf"))
    if match and (match[1] == match[1].casefold() or "/" in dotted):
        return "link"
    return None
