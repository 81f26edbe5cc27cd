"""What a mail that was read says to the desk: whether its sender is proved, its new words, and what could not be read."""

import re

from channels.mail.reading.limits import REASONS, SENTENCES
from channels.mail.reading.mail import Mail


def authenticated(mail: Mail, authority: str) -> bool:
    """Does our own mail server say dmarc=pass? Only the topmost result is its own; further down anyone may write."""
    if not authority:
        return False
    written = " ".join(mail.headers.get("authentication-results", "").lower().split())
    server, _, findings = re.sub(r"\([^()]*\)", " ", written).partition(";")
    words = [finding.split() for finding in findings.split(";")]
    return server.split()[:1] == [authority.lower()] and any(one[:1] == ["dmarc=pass"] for one in words)


def note_on(mail: Mail) -> str | None:
    """For an agent: what could not be read."""
    if mail.unreadable:
        return (
            f"A mail with the subject “{mail.subject[:200]}” could not be read: {REASONS[mail.unreadable]}. "
            "It is kept in the mailbox, with a flag. Ask the citizen to write again, or read it there."
        )
    return " ".join(SENTENCES[one] for one in mail.unread) or None


def new_words(mail: Mail) -> str:
    """What is new in it; before it the subject, where the mail begins a thread and its words do not say it."""
    if mail.unreadable:
        return ""
    text = mail.text
    if mail.references or not mail.subject or mail.subject.casefold() in text.casefold():
        return text
    return f"{mail.subject}\n\n{text}".strip()
