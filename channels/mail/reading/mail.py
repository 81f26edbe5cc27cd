"""A parsed mail: plain data of bounded size, which the child process passes to its parent as JSON."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from channels.mail.reading.limits import Unread, Unreadable


@dataclass(frozen=True, slots=True)
class Image:
    """An attached picture, not yet verified. `read_image` gives the bytes of the picture `number`."""

    content_type: str
    name: str | None
    number: int = 0


@dataclass(frozen=True, slots=True)
class File:
    """An attachment that cannot be shown; both as the sender declared them."""

    content_type: str
    name: str | None


@dataclass(frozen=True, slots=True)
class Fate:
    """What a report says about the delivery of a mail to one recipient, verbatim. `status` is like 5.1.1."""

    recipients: tuple[str, ...]
    action: str
    status: str


@dataclass(frozen=True, slots=True)
class Report:
    """A delivery status notification. `message_ids` are those of the mails returned with it."""

    fates: tuple[Fate, ...]
    message_ids: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Mail:
    """`sender` is "" if there is not exactly one. `headers` are those of KEPT_HEADERS, the first of each name, in
    lower case.

    `text` is what is new in it, without quotes; `signature` is what stood below it. `answers_us`: it is a reply to a
    mail of this inbox. `files` are the attachments that cannot be shown. `machine` is set for a part that
    only machines send, like a calendar's reply. `odd_sender`: other programs may read another sender in it. `unread`
    says what was left out; `unreadable` is set if only the headers were read, and `raw` is then the beginning
    of the mail as text. `digest` identifies the content."""

    headers: Mapping[str, str]
    sender: str
    name: str | None
    recipients: str
    subject: str
    message_id: str | None
    references: tuple[str, ...]
    sent_at: datetime | None
    text: str
    images: tuple[Image, ...]
    digest: str
    report: Report | None = None
    unread: tuple[Unread, ...] = ()
    unreadable: Unreadable | None = None
    signature: str = ""
    answers_us: bool = False
    files: tuple[File, ...] = ()
    machine: str = ""
    odd_sender: bool = False
    raw: str = ""

    @property
    def external_id(self) -> str:
        """The Message-ID and a hash of sender and content: scanners and some programs use one id several times."""
        return f"{self.message_id} {self.digest[:16]}" if self.message_id else self.digest
