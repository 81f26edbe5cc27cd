"""How much of a mail is read, and how an agent is told that something was left out.

The limits are far above what people send. Anything beyond them stays in the mailbox for a person to look at.
"""

from typing import Literal

MEBIBYTE = 1024 * 1024

MAIL_BYTES = 36 * MEBIBYTE  # mail servers refuse more than 25 to 35 MB
HEADER_BYTES = 256 * 1024  # of the mail itself; about 10 kB are usual
HEADERS = 400  # of one header block
HEADER_VALUE = 10_000  # bytes of one header, unfolded
PART_HEADER_BYTES = 16 * 1024
PARTS = 100
DEPTH = 12  # multiparts within multiparts; mail programs nest four or five
TEXT_BYTES = 256 * 1024  # of all plain parts together, and of all HTML parts together
TEXT_CHARACTERS = 20_000  # of what is new in the mail
TEXT_LINES = 2_000
QUOTE_LINES = 10_000  # in which quotes are looked for
IMAGES = 5
IMAGE_BYTES = 10 * MEBIBYTE  # decoded; the desk keeps no larger photo
REPORT_BYTES = 64 * 1024  # of a delivery report
REPORT_RECIPIENTS = 20
RAW_BYTES = 32 * 1024  # of a mail that could not be read, shown to agents as text

Unread = Literal[
    "bytes",
    "header",
    "parts",
    "depth",
    "text_bytes",
    "characters",
    "lines",
    "images",
    "image_bytes",
    "elements",
]
"""Parts of a mail that were not read."""

SENTENCES: dict[Unread, str] = {
    "bytes": f"The end of this mail was not read: it has more than {MAIL_BYTES // MEBIBYTE} MB.",
    "header": "Not all headers of this mail were read: it has too many, or they are too long.",
    "parts": f"The end of this mail was not read: it has more than {PARTS} parts.",
    "depth": f"Some parts of this mail were not read: they are nested more than {DEPTH} levels deep.",
    "text_bytes": f"The end of this mail's text was not read: it has more than {TEXT_BYTES // 1024} kB.",
    "characters": f"The end of this mail's text was not read: it has more than {TEXT_CHARACTERS:,} characters.",
    "lines": f"The end of this mail's text was not read: it has more than {TEXT_LINES:,} lines.",
    "elements": "The end of this mail's text was not read: its HTML has too many elements, or they are nested too deep.",
    "images": f"Some pictures of this mail were not kept: it has more than {IMAGES}.",
    "image_bytes": f"A picture of this mail was not kept: it has more than {IMAGE_BYTES // MEBIBYTE} MB.",
}
"""For an agent."""

Unreadable = Literal["time", "memory", "tries", "refused", "no_mail"]
"""Why a mail was not read at all."""

REASONS: dict[Unreadable, str] = {
    "time": "reading it took too much time",
    "memory": "reading it took too much memory",
    "tries": "reading it failed several times",
    "refused": "the mail server would not give it to us",
    "no_mail": "it has no header of a mail",
}
