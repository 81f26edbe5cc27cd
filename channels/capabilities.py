"""What a channel can show: the desk and `render` degrade to it."""

from dataclasses import dataclass
from typing import Literal

TextUnit = Literal["characters", "utf16", "bytes", "sms"]
"""The unit in which a provider counts: code points, UTF-16 units, UTF-8 bytes, or septets of concatenated
SMS.
"""


@dataclass(frozen=True, slots=True)
class Capabilities:
    """What a channel can show. The desk and `render` degrade to it.

    `text_length` is counted in `text_unit`. `buttons` and `list_rows` are the maximum per message, with
    titles of at most `button_title` and `row_title` characters; 0 buttons and 0 rows means numbered text.
    `location_request` requests a pin with the channel's own control. `idempotent`: a key makes a re-send
    safe.
    """

    text_length: int
    buttons: int = 0
    list_rows: int = 0
    images: bool = False
    location: bool = False
    receipts: bool = False
    reply_window_hours: int | None = None
    text_unit: TextUnit = "characters"
    button_title: int = 20
    row_title: int = 24
    button_text_length: int | None = None  # the text above buttons, if it is shorter than text_length
    images_out: bool = False
    location_request: bool = False
    typing: bool = False
    read_marks: bool = False
    templates: bool = False
    human_window_hours: int | None = None  # how long a human (never the bot) may still write
    idempotent: bool = False
    thread_control: bool = False  # another app may own the thread, and we may take it over
    # Token buckets: calls per second for an inbox, and for one of its contacts. Below what the provider
    # allows.
    per_second: float = 20.0
    burst: float = 20.0
    contact_per_second: float = 1.0
    contact_burst: float = 20.0
    button_keeps: bool = True  # an old button still works; false: it disappears with the next message
    changes: bool = False  # the text of a sent message can be replaced
    withdraws: bool = False  # a sent message can be taken back
    joins: bool = False  # what one turn says goes as one message (a mail), not as several
