"""Composes our mails: plain text and the same as HTML, in the right thread, declared as automatic or not.

Sources: RFC 5322, RFC 3834 (Auto-Submitted), RFC 2045; accessibility: a language, a title, real paragraphs
and lists.
"""

import re
from collections.abc import Mapping, Sequence
from datetime import datetime
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP, SMTPUTF8
from email.utils import format_datetime

from jinja2 import Environment

from channels.languages import WORDS

LONGEST_SUBJECT = 200
ENCODED = "=?"  # how an encoded word begins (RFC 2047)
MOST_REFERENCES = 20
RIGHT_TO_LEFT = frozenset({"ar", "dv", "fa", "he", "ps", "ur", "yi"})
SUBJECTS = {code: words.subject for code, words in WORDS.items() if words.subject}
"""Only for a mail that is not a reply and has no subject of its own."""

_PAGE = Environment(autoescape=True, trim_blocks=True).from_string(
    """<!doctype html>
<html lang="{{ language }}" dir="{{ direction }}">
<head>
<meta charset="utf-8">
<meta name="format-detection" content="telephone=no, address=no, email=no, date=no">
<title>{{ title }}</title>
</head>
<body>
{% for pieces in paragraphs %}
<p>
{%- for kind, words in pieces %}
{%- if kind == "link" %}<a href="{{ words }}">{{ words }}</a>
{%- elif kind == "end" %}<br>
{%- else %}{{ words }}
{%- endif %}
{%- endfor -%}
</p>
{% endfor %}
{% if choices %}
<ol>
{% for choice in choices %}
<li>{{ choice }}</li>
{% endfor %}
</ol>
{% endif %}
</body>
</html>
"""
)
_REPLY = re.compile(
    r"\s{0,9}((re|aw|sv|antw|rif|res|r|fw|fwd|wg|tr|rv)\s{0,9}(\[\d{1,9}\])?\s{0,9}:\s{0,9})+", re.IGNORECASE
)
# The signs of other scripts that end a sentence or enclose it are in no address.
_LINK_OR_END = re.compile(r"\n|https?://[^\s<>\"'«»“”‘’（）「」『』【】。、，；！？…]{1,2000}", re.IGNORECASE)
_BRACKETS = {")": "(", "]": "[", "}": "{"}


def subject_line(answered: str | None, own: str | None, language: str) -> str:
    """ "Re: " and the citizen's subject, once; otherwise our own."""
    if answered is not None and (kept := one_line(_without_reply(answered[:1_000]))):
        return f"Re: {kept}"[:LONGEST_SUBJECT]
    fallback = SUBJECTS.get(language.partition("-")[0].lower(), SUBJECTS["en"])
    return (one_line(own or "") or ("Re: " if answered is not None else "") + fallback)[:LONGEST_SUBJECT]


def _without_reply(subject: str) -> str:
    begin = _REPLY.match(subject)
    return subject[begin.end() :] if begin else subject


def references(earlier: str, answered: str) -> list[str]:
    """The References of the thread: its first mail and the newest ones."""
    ids = list(dict.fromkeys([*re.findall(r"<[^\s<>]{1,250}>", earlier), *([answered] if answered else [])]))
    return ids if len(ids) <= MOST_REFERENCES else [ids[0], *ids[1 - MOST_REFERENCES :]]


def html_page(text: str, choices: Sequence[str], language: str, title: str) -> str:
    """The text as a small page: paragraphs, links, and the choices as a numbered list. No image, script or
    style sheet."""
    paragraphs = [_pieces(one) for one in re.split(r"\n{2,}", text.strip()) if one]
    direction = "rtl" if language.partition("-")[0].lower() in RIGHT_TO_LEFT else "ltr"
    return _PAGE.render(
        paragraphs=paragraphs, choices=choices, language=language, direction=direction, title=title
    )


def compose(
    mail: Mapping[str, object],
    sender: str,
    name: str,
    sent_at: datetime,
    images: Sequence[tuple[bytes, str, str]],
) -> bytes:
    """The bytes for the server, lines of at most 998 bytes. `mail` is what `render` made; `images` content,
    type, name.

    No value can inject a header. The library refuses line ends in a value and none is left in them here, but it also
    decodes what looks like an encoded word in a value, and writes the line ends that are in it. So none is left that looks
    so (`one_line`), and the result is checked. Raises ValueError.
    """
    # An address with letters outside ASCII is written as it is (RFC 6532): an encoded word in it is another address.
    message = EmailMessage(policy=SMTP if str(mail["to"]).isascii() else SMTPUTF8)
    message["From"] = _address(sender, name)
    message["To"] = one_line(str(mail["to"]))
    if mail["reply_to"] != sender:
        message["Reply-To"] = _address(str(mail["reply_to"]), name)
    message["Subject"] = one_line(str(mail["subject"]))
    message["Date"] = format_datetime(sent_at)
    message["Message-ID"] = one_line(str(mail["message_id"]))
    chain = mail["references"]
    chain = [str(one) for one in chain if ENCODED not in str(one)] if isinstance(chain, list) else []
    if chain:
        message["In-Reply-To"] = one_line(chain[-1])
        message["References"] = " ".join(one_line(one) for one in chain)
    if mail["automatic"]:
        # "replied" answers one mail; "generated" is unsolicited news (RFC 3834, section 5).
        message["Auto-Submitted"] = "auto-replied" if chain else "auto-generated"
        message["X-Auto-Response-Suppress"] = "All"
    message["Content-Language"] = re.sub(r"[^A-Za-z0-9-]", "", str(mail["language"]))[:35] or "en"
    message.set_content(_sendable(str(mail["text"])), cte="quoted-printable")
    message.add_alternative(_sendable(str(mail["html"])), subtype="html", cte="quoted-printable")
    for content, kind, file_name in images:
        main, _, sub = kind.partition("/")
        message.add_attachment(content, maintype=main, subtype=sub, filename=one_line(file_name))
    data = message.as_bytes()
    head = data.partition(b"\r\n\r\n")[0].split(b"\r\n")
    if [line.partition(b":")[0].decode() for line in head if line[:1] not in (b" ", b"\t")] != message.keys():
        raise ValueError("a value became a header of its own")
    return data


def one_line(text: str) -> str:
    """Without line ends, other control characters, lone surrogates and encoded words: safe in a header."""
    kept = "".join(c if c.isprintable() else " " for c in _sendable(text))
    return " ".join(kept.split()).replace(ENCODED, "= ?")


def _address(address: str, name: str) -> Address:
    return Address(display_name=one_line(name), addr_spec=one_line(address))


def _sendable(text: str) -> str:
    return text.encode("utf-8", "replace").decode("utf-8")


def _pieces(text: str) -> list[tuple[str, str]]:
    """The text as words, links and line ends."""
    pieces, place = [], 0
    for found in _LINK_OR_END.finditer(text):
        link = found[0] if found[0] == "\n" else _address_of(found[0])
        pieces += [("words", text[place : found.start()]), ("end" if link == "\n" else "link", link)]
        place = found.start() + len(link)
    return [*pieces, ("words", text[place:])]


def _address_of(written: str) -> str:
    """The address without what the sentence puts after it. A closing bracket belongs to it if it has its opening one
    in the address, as in .../Lamp_(street)."""
    end = len(written)
    surplus = {close: written.count(close) - written.count(opening) for close, opening in _BRACKETS.items()}
    while end > len("https://"):
        last = written[end - 1]
        if last in _BRACKETS and surplus[last] > 0:
            surplus[last] -= 1
        elif last not in ".,;:!?*_\u2026\u201d\u2019":
            break
        end -= 1
    return written[:end]
