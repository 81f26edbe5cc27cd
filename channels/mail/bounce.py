"""Reads bounces of our mails (RFC 3464). Trusted only if the bounce names a mail that we did send to that
contact.
"""

import re
from dataclasses import dataclass
from typing import Literal

from channels.mail.reading.mail import Mail
from channels.mail.thread import Threads

GONE = re.compile(r"5\.(1\.(1|2|3|6|10)|2\.1)")
"""No such mailbox, no such domain, moved, disabled. Others (full, too large, spam) may be temporary."""


@dataclass(frozen=True, slots=True)
class Bounce:
    """`token` names our mail. `gone`: the address will not recover by itself."""

    contact: str
    token: str
    outcome: Literal["failed", "delivered", "delayed"]
    status: str

    @property
    def gone(self) -> bool:
        return self.outcome == "failed" and GONE.fullmatch(self.status) is not None


def read_bounce(mail: Mail, threads: Threads) -> Bounce | None:
    """The mail of ours that bounced; None if it is not about one of ours, or claims to be and cannot prove
    it."""
    if mail.report is None:
        return None
    names = [mail.recipients, *mail.references, *mail.report.message_ids]
    for fate in mail.report.fates:
        for contact in fate.recipients:
            token = threads.proven(names, contact) if contact else None
            if token:
                return Bounce(contact, token, _outcome(fate.action), fate.status)
    return None


def _outcome(action: str) -> Literal["failed", "delivered", "delayed"]:
    if action == "failed":
        return "failed"
    return "delivered" if action == "delivered" else "delayed"
