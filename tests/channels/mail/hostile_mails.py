"""Mails that were once too expensive to read, by kind, and the cost of reading them relative to an ordinary mail."""

import itertools
import time
from collections.abc import Callable

from channels.mail.reading.html import html_text
from channels.mail.reading.parse import read_mail
from channels.mail.reading.quoting.quotes import new_text
from tests.support.mail_side import mail

MEGABYTE = 1_000_000


def _deep(levels: int, last: bytes) -> bytes:
    return (
        b"".join(
            b'Content-Type: multipart/mixed; boundary="b%d"\r\n\r\n--b%d\r\n' % (level, level)
            for level in range(levels)
        )
        + last
    )


def _of(content_type: str, body: bytes, **headers: str) -> bytes:
    return mail("", Content_Type=content_type, **headers) + body


def _headers(more: bytes) -> bytes:
    head, _, body = mail("x").partition(b"\r\n\r\n")
    return head + b"\r\n" + more + b"\r\n" + body


def _parts(part: bytes, count: int) -> bytes:
    return _of("multipart/mixed; boundary=b", (b"--b\r\n" + part + b"\r\n") * count)


MAILS: dict[str, Callable[[], bytes]] = {
    "25 MB of short lines": lambda: mail("") + b"a\n" * 12_500_000,
    "25 MB of empty lines": lambda: mail("") + b"\n" * 25_000_000,
    "25 MB of signs that turn the text": lambda: mail("") + "\u202e\u0301".encode() * 5_000_000,
    "a page with a picture of 20 MB in it": lambda: _of(
        "text/html", b'<p>a</p><img src="data:image/png;base64,' + b"A" * 20_000_000 + b'"><p>b</p>'
    ),
    "250 nested multiparts": lambda: mail("", Content_Type="")[:-2] + _deep(250, b"a\r\n" * 2_600_000),
    "one boundary for all levels": lambda: _of(
        "multipart/mixed; boundary=b",
        b"--b\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n" * 200_000,
    ),
    "lines that are nearly a boundary": lambda: _of("multipart/mixed; boundary=b", b"--bb\n" * 4_000_000),
    "blanks after a boundary": lambda: _of(
        "multipart/mixed; boundary=b", (b"--b" + b" " * 100_000 + b"x\n") * 100
    ),
    "100,000 parts": lambda: _parts(b"\r\nx", 100_000),
    "99 parts of headers alone": lambda: _parts(b"X-A: b\r\n" * 40_000, 99),
    "99 long texts": lambda: _parts(b"\r\n" + b"word " * 50_000, 99),
    "99 pictures with odd names": lambda: _parts(
        b"Content-Type: image/png; " + b'n="' * 10_000 + b"\r\n\r\nx", 99
    ),
    "100,000 headers": lambda: _headers(b"X-A: b\r\n" * 100_000),
    "a header of 10 MB": lambda: _headers(b"X-A: " + b"b" * 10 * MEGABYTE + b"\r\n"),
    "a header of 3 million lines": lambda: _headers(b"X-A: b\r\n" + b" \r\n" * 3_000_000),
    "a subject of encoded words": lambda: mail("x", Subject="=?utf-8?q?a?=" * 50_000),
    "a subject of beginnings of encoded words": lambda: mail("x", Subject="=?utf-8?q?" * 50_000),
    "a sender of quotes": lambda: mail("x", From='"\\' * 50_000 + "a@b.example"),
    "a sender of brackets": lambda: mail("x", From="(" * 50_000 + "<" * 50_000),
    "references without end": lambda: mail("x", References="<" * 500_000 + "<a@b>" * 100_000),
    "a date of digits": lambda: mail("x", Date="Mon, " + "9" * 100_000 + ":" * 100_000),
    "parameters of quotes": lambda: _of("text/plain" + ';a="' * 20_000, b"x"),
    "100,000 pieces of a file name": lambda: _of(
        "image/png" + "".join(f"; name*{n}=x" for n in range(100_000)), b"x"
    ),
    "a report of a million lines": lambda: _of(
        "message/delivery-status", b"Final-Recipient: x\n\n" * 500_000
    ),
    "base64 of blanks": lambda: _of(
        "text/plain", b"\r\n \t=" * 4 * MEGABYTE, Content_Transfer_Encoding="base64"
    ),
    "quoted-printable of nothing": lambda: _of(
        "text/plain", b"=\r\n" * 5 * MEGABYTE, Content_Transfer_Encoding="quoted-printable"
    ),
    "uuencoded": lambda: _of(
        "text/plain", b"begin 644 a\n" + b"M" * 8 * MEGABYTE, Content_Transfer_Encoding="x-uuencode"
    ),
}

SIGNS = (
    *(
        "> ",
        ">",
        "-",
        "--\n",
        "_",
        "*",
        "On ",
        "On a\n",
        "wrote:\n",
        "From: a\n",
        "De : a\n",
        ":\n",
        "\n",
        " \n",
    ),
    *(
        "\u00a0",
        "\t",
        "Sent from my a\n",
        "-----Original Message-----",
        "--- ",
        "a\n> b\n",
        "El a escribió:\n> b\n",
    ),
    *("\u0301", "\u202e", "漢", "ก", "Ж", "🏳️\u200d🌈", "\x0b", "\u2028", "İ"),
)
TEXTS = {
    **{f"{sign!r} without end": sign * (250_000 // len(sign)) for sign in SIGNS},
    **{
        f"{one!r} and {other!r} in turn": (one + other) * (250_000 // len(one + other))
        for one, other in itertools.pairwise(SIGNS)
    },
}
"""Plain texts of 250,000 characters: each sign that the readers of quotes look for, alone and beside another."""

TAGS = (
    *(
        "a",
        "b",
        "p",
        "div",
        "table",
        "tr",
        "td",
        "li",
        "ul",
        "form",
        "select",
        "option",
        "button",
        "svg",
        "math",
    ),
    *("template", "frameset", "nobr", "font", "blockquote", "script", "title", "h1", "pre", "marquee"),
)
PAGES = {
    **{f"open <{tag}>": f"<{tag}>" * 40_000 for tag in TAGS},
    **{f"open <{tag}><p>": f"<{tag}><p>" * 30_000 for tag in TAGS},
    **{f"closed </{tag}>": f"</{tag}>" * 40_000 for tag in TAGS},
    **{f"<{tag}></{tag}>": f"<{tag}></{tag}>" * 20_000 for tag in TAGS},
    "formatting that is opened again": "".join(f"<b id={n}>" for n in range(1_900)) + "<p></p>" * 30_000,
    "wrong order": "<b><i><a></b></i></a>" * 12_000,
    "a cell outside": "<table>x" * 1_900 + "x<tr>" * 40_000,
    "attributes": "<p " + " ".join(f"a{n}" for n in range(40_000)) + ">x",
    "the same attribute": "<p " + "a " * 120_000 + ">x",
    "a style of blanks": '<p style="display' + " " * 200_000 + '">x',
    "styles of blanks": '<p style="display          :">x' * 8_000,
    "signs": "&" * 250_000,
    "entities": "&amp" * 60_000,
    "odd entities": "&#x110000;" * 25_000,
    "comments": "<!--" * 60_000,
    "half comments": "<!-" * 80_000,
    "left": "<" * 250_000,
    "quotes": "<a b='" * 40_000,
    "declarations": "<!doctype a " * 20_000,
    "sections": "<svg><![CDATA[" * 15_000,
    "siblings after the answered mail": "<p id=divRplyFwdMsg>" + "<p>x" * 50_000,
    "many answered mails": "<div class=gmail_quote>x</div>" * 8_000,
    "breaks": "<br>" * 60_000,
    "slashes": "<a/" * 80_000,
    "NUL": "\0" * 250_000,
}
"""HTML of up to 256 kB that makes a browser's parser work hard."""


def cost(read: Callable[[], object], tries: int = 3) -> float:
    """Seconds of the processor, at best."""
    found = []
    for _ in range(tries):
        began = time.process_time()
        read()
        found.append(time.process_time() - began)
    return min(found)


def ordinary_mail() -> float:
    """What reading the largest ordinary mail costs: as much text as is read at all, in lines of ten words."""
    raw = mail("The lamp at 12 Elm Street is dark, since last Monday.\n" * 4_800)
    return cost(lambda: read_mail(raw))


def ordinary_text() -> float:
    text = "The lamp at 12 Elm Street is dark, since last Monday.\n" * 4_700
    return cost(lambda: new_text(text))


def ordinary_page() -> float:
    page = "<p>The lamp at <b>12 Elm Street</b> is dark.</p>" * 5_200
    return cost(lambda: html_text(page))
