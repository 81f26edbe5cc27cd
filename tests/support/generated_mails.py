"""Mails of every charset that we decode, in every structure that programs write, as each program would write a reply
or a first mail. The same number always makes the same mail."""

import base64
import codecs
import html
import quopri
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Literal

from channels.mail.reading.charsets import CHARSETS
from tests.support.mail_side import ADDRESS

Fate = Literal["message", "ignored", "unreadable"]
LABELS = sorted(CHARSETS)
SAMPLES = (
    *(
        "Straße é",
        "Łódź ą",
        "Ħamrun ħ",
        "Ādaži ņ",
        "Привет мир",
        "Київ її",
        "مرحبا",
        "Ελλάδα",
        "שלום",
        "Gökçe ş",
    ),
    *("สวัสดี", "Å Ä Ö š", "Ŵyn ŵ", "œuvre €", "Ș ț", "你好世界", "日本語", "안녕하세요", "Việt"),
)
JPEG = base64.b64decode("/9j/4AAQSkZJRgABAQEAYABgAAD/2Q==")


@dataclass(frozen=True, slots=True)
class Generated:
    """`raw` as it arrives; `says` is in the text of the message that it becomes, `pictures` how many it has."""

    number: int
    raw: bytes
    fate: Fate
    says: str
    pictures: int = 0
    place: str = ""


def sample(python: str) -> str:
    """Words that this charset can write."""
    for words in SAMPLES:
        try:
            if codecs.decode(codecs.encode(words, python), python) == words:
                return words
        except UnicodeError:
            continue
    return "plain words"


Encoding = tuple[str, Callable[[bytes], bytes]]
ENCODINGS: tuple[Encoding, ...] = (
    ("8bit", lambda raw: raw),
    ("base64", base64.encodebytes),
    ("quoted-printable", lambda raw: quopri.encodestring(raw)),
)


def _part(kind: str, label: str, words: str, encoding: Encoding, more: str = "") -> bytes:
    python = CHARSETS[label]
    raw = words.encode("utf-16-le" if python == "utf-16-le" else python, "replace")
    name, encode = encoding
    if python.startswith("utf-16"):
        name, encode = ENCODINGS[1]  # its line ends are no line ends of a mail
    head = f"Content-Type: {kind}; charset={label}\r\nContent-Transfer-Encoding: {name}\r\n{more}\r\n"
    return head.encode("ascii") + encode(raw)


def _joined(kind: str, boundary: str, *parts: bytes) -> bytes:
    head = f'Content-Type: multipart/{kind}; boundary="{boundary}"\r\n\r\nThis is a mail in parts.\r\n'
    body = b"".join(b"\r\n--" + boundary.encode() + b"\r\n" + part for part in parts)
    return head.encode() + body + b"\r\n--" + boundary.encode() + b"--\r\n"


def _picture(
    more: str = "Content-Disposition: attachment; filename=hole.jpg\r\n", kind: str = "image/jpeg"
) -> bytes:
    head = f"Content-Type: {kind}\r\nContent-Transfer-Encoding: base64\r\n{more}\r\n"
    return head.encode() + base64.encodebytes(JPEG)


def _html(words: str) -> str:
    lines = html.escape(words).replace("\n", "<br>")
    return f"<html><body><div style='font-size:0.9em'>{lines}</div></body></html>"


Structure = Callable[[str, str, Encoding], tuple[bytes, int]]
STRUCTURES: dict[str, Structure] = {
    "plain": lambda label, words, how: (_part("text/plain", label, words, how), 0),
    "flowed": lambda label, words, how: (_part("text/plain; format=flowed; delsp=yes", label, words, how), 0),
    "html": lambda label, words, how: (_part("text/html", label, _html(words), how), 0),
    "alternative": lambda label, words, how: (
        _joined(
            "alternative",
            "a",
            _part("text/plain", label, words, how),
            _part("text/html", label, _html(words), how),
        ),
        0,
    ),
    "stub": lambda label, words, how: (
        _joined(
            "alternative",
            "s",
            _part("text/plain", "us-ascii", "Your program cannot show this kind of mail.", how),
            _part("text/html", label, _html(words), how),
        ),
        0,
    ),
    "attachment": lambda label, words, how: (
        _joined("mixed", "m", _part("text/plain", label, words, how), _picture()),
        1,
    ),
    "attachment with a wrong label": lambda label, words, how: (
        _joined(
            "mixed", "m", _part("text/plain", label, words, how), _picture(kind="application/octet-stream")
        ),
        1,
    ),
    "inline logo": lambda label, words, how: (
        _joined(
            "related",
            "r",
            _part("text/html", label, _html(words), how),
            _picture("Content-ID: <1@x>\r\nContent-Disposition: inline\r\n"),
        ),
        0,
    ),
    "nested": lambda label, words, how: (
        _joined(
            "mixed",
            "m",
            _joined(
                "alternative",
                "a",
                _part("text/plain", label, words, how),
                _joined("related", "r", _part("text/html", label, _html(words), how)),
            ),
            _picture(),
        ),
        1,
    ),
    "signed": lambda label, words, how: (
        _joined(
            'signed; protocol="application/pgp-signature"',
            "g",
            _part("text/plain", label, words, how),
            b"Content-Type: application/pgp-signature; name=signature.asc\r\n\r\n-----BEGIN PGP SIGNATURE-----\r\n",
        ),
        0,
    ),
    "end is missing": lambda label, words, how: (
        _joined("mixed", "m", _part("text/plain", label, words, how))[: -len("\r\n--m--\r\n")],
        0,
    ),
    "boundary is wrong": lambda label, words, how: (
        _part("text/plain", label, words, how).replace(
            b"text/plain", b"multipart/mixed; boundary=none; x=", 1
        )
        if how[0] == "8bit" and CHARSETS[label] == "utf-8"
        else _part("text/plain", label, words, how),
        0,
    ),
}
PROGRAMS: dict[str, str] = {
    "first mail": "",
    "Gmail": "\n\nOn Mon, Nov 2, 2026 at 12:34 PM City <{own}> wrote:\n\n> Where?\n",
    "Apple Mail": "\n\n> On 2 Nov 2026, at 12:34, City <{own}> wrote:\n> \n> Where?\n",
    "Outlook": "\n\nFrom: City <{own}>\nSent: Monday, November 2, 2026 9:00 AM\nTo: Ana\nSubject: Lamp\n\nWhere?\n",
    "Yahoo": "\n\nSent from Yahoo Mail on Android\n\nOn Mon, Nov 2, 2026 at 12:34 PM, City<{own}> wrote: \nWhere?\n",
    "Thunderbird": "\n\nOn 02.11.26 12:34, City wrote:\n> Where?\n",
}
SUBJECTS = (
    b"Lamp",
    b"=?utf-8?B?a?=",
    b"=?utf-8?Q?L=C3=A1mpara?=",
    b"L\xe1mpara",
    b"=?iso-8859-1?Q?L\xe1mpara?=",
    b"",
)
SENDERS = (
    "Ana Diaz <{address}>",
    "{address}",
    '"Diaz, Ana" <{address}>',
    "Diaz, Ana <{address}>",
    "{address} <{address}>",
    "=?utf-8?B?a?= <{address}>",
    "Ana (Roads) <{address}>,",
)
NOT_TAKEN: tuple[tuple[str, str], ...] = (
    ("Auto-Submitted: auto-replied", "ignored"),
    ("Precedence: bulk", "ignored"),
    ("List-Id: <news.shop.example>", "ignored"),
    ("Subject: Automatische Antwort: Lampe", "ignored"),
    ("X-Autoreply: yes", "ignored"),
)
"""Every twentieth mail has one of these headers, and is not taken."""


def generated(count: int) -> Iterator[Generated]:
    """The first so many. Charsets, structures, programs, encodings, subjects and senders cycle with different periods."""
    structures, programs = list(STRUCTURES.items()), list(PROGRAMS.items())
    for number in range(count):
        label = LABELS[number % len(LABELS)]
        structure, build = structures[number % len(structures)]
        program, quote = programs[(number // 7) % len(programs)]
        says = f"number {number} {sample(CHARSETS[label])}"
        address = f"citizen{number % 40}@mail.example"
        body, pictures = build(
            label, says + quote.format(own=ADDRESS), ENCODINGS[(number // 3) % len(ENCODINGS)]
        )
        head = [
            f"From: {SENDERS[number % len(SENDERS)].format(address=address)}".encode(),
            f"To: {ADDRESS}".encode(),
            f"Message-ID: <{number if number % 50 else 'scan'}@mail.example>".encode(),
        ]
        fate: Fate = "message"
        if number % 20 == 13:
            header, _ = NOT_TAKEN[(number // 20) % len(NOT_TAKEN)]
            head.append(header.encode())
            fate = "ignored"
        else:
            head.append(b"Subject: " + SUBJECTS[number % len(SUBJECTS)])
        if program != "first mail":
            head.append(b"References: <1@lindenport.example>")
        raw = b"\r\n".join(head) + b"\r\nMIME-Version: 1.0\r\n" + body
        yield Generated(number, raw, fate, says, pictures, f"{number}: {label}, {structure}, {program}")
