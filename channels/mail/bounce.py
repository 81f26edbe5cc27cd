"""A mail of ours that did not arrive (RFC 3464). Believed only if it names a mail that we did send to that contact."""

import email.message
import re
from dataclasses import dataclass
from typing import Literal

from channels.mail.parse import Mail, header_text
from channels.mail.thread import Threads

GONE = re.compile(r"5\.(1\.(1|2|3|6|10)|2\.1)")
"""No such mailbox, no such domain, moved, disabled. Others (full, too large, spam) say nothing about tomorrow."""


@dataclass(frozen=True, slots=True)
class Bounce:
    """`token` names our mail. `gone`: the address will not come back by itself."""

    contact: str
    token: str
    outcome: Literal["failed", "delivered", "delayed"]
    status: str

    @property
    def gone(self) -> bool:
        return self.outcome == "failed" and GONE.fullmatch(self.status) is not None


def is_report(mail: Mail) -> bool:
    """Is this a delivery status notification?"""
    return any(part.get_content_type() == "message/delivery-status" for part in mail.parts)


def read_bounce(mail: Mail, threads: Threads) -> Bounce | None:
    """What became of which mail of ours; None if it is about none of ours, or says it is and cannot prove it."""
    names = [mail.recipients, *mail.references, *_original_ids(mail)]
    for part in mail.parts:
        if part.get_content_type() != "message/delivery-status":
            continue
        blocks = part.get_payload()
        for block in blocks if isinstance(blocks, list) else []:
            if not isinstance(block, email.message.Message):
                continue
            outcome = str(block.get("action", "")).strip().lower()
            status = str(block.get("status", "")).strip().partition(" ")[0][:16]
            for recipient in ("original-recipient", "final-recipient"):
                contact = header_text(str(block.get(recipient, ""))).rpartition(";")[2].strip(" <>").lower()
                token = threads.proven(names, contact) if contact else None
                if token:
                    return Bounce(contact, token, _outcome(outcome), status)
    return None


def _outcome(action: str) -> Literal["failed", "delivered", "delayed"]:
    if action == "failed":
        return "failed"
    return "delivered" if action == "delivered" else "delayed"


def _original_ids(mail: Mail) -> list[str]:
    """The Message-ID of the mail that came back, which is attached whole or as its header."""
    found = []
    for part in mail.parts:
        inner = part.get_payload()
        if part.get_content_type() == "message/rfc822" and isinstance(inner, list) and inner:
            whole = inner[0]
            found.append(str(whole.get("message-id", "")) if isinstance(whole, email.message.Message) else "")
        elif part.get_content_type() == "text/rfc822-headers" and isinstance(inner, str):
            found += re.findall(r"(?im)^message-id:\s*(<[^<>\s]{1,250}>)", inner[:50_000])
    return found
