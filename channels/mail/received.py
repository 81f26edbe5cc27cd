"""What a parsed mail means for the desk: whether its sender is proven, its new text, and what could not be read."""

import re
from collections.abc import Mapping

from channels.kit.text import clean_name
from channels.mail.reading.limits import REASONS, SENTENCES
from channels.mail.reading.mail import Mail
from channels.mail.reading.sender import other_address
from channels.messages import Unshown, UnshownKind

SHOWN = frozenset(
    {
        "from",
        "auto-submitted",
        "precedence",
        "list-id",
        "return-path",
        "content-type",
        "x-auto-response-suppress",
    }
)
"""Headers that say who sent a mail, and whether a machine did."""

_KINDS: Mapping[str, UnshownKind] = {"video": "video", "audio": "audio", "image": "photo"}


def authenticated(mail: Mail, authority: str) -> bool:
    """Whether our own mail server reports dmarc=pass. Only the topmost result is its own; anyone may have written the others."""
    if not authority or mail.odd_sender:
        return False
    written = " ".join(mail.headers.get("authentication-results", "").lower().split())
    server, _, findings = re.sub(r"\([^()]*\)", " ", written).partition(";")
    words = [finding.split() for finding in findings.split(";")]
    return server.split()[:1] == [authority.lower()] and any(one[:1] == ["dmarc=pass"] for one in words)


def deciding(mail: Mail) -> dict[str, str]:
    """The headers that help a person to judge a mail that was not taken."""
    known = {name.title(): value[:500] for name, value in mail.headers.items() if name in SHOWN}
    return known | ({"Subject": mail.subject[:500]} if mail.subject else {})


def note_on(mail: Mail, *, quiet: bool = False) -> str | None:
    """For an agent: what could not be read or shown, and what is not in the text."""
    if mail.unreadable:
        return (
            f"A mail with the subject “{mail.subject[:200]}” could not be read: {REASONS[mail.unreadable]}. "
            "It is kept in the mailbox, with a flag; its beginning is in Inboxes, under Not taken. Ask the citizen to write again."
        )
    notes = [SENTENCES[one] for one in mail.unread]
    if quiet:
        notes.append("It came through a mailing list: no automatic answer is sent to it.")
    if mail.files and (mail.text or mail.images):
        notes.append("The files are in the mailbox.")
    if other := other_address(mail.name, mail.sender):
        notes.append(
            f"The sender's name looks like an address ({other}), but the mail is from {mail.sender}."
        )
    if mail.signature:
        below = " · ".join(line for line in mail.signature.split("\n") if line)
        notes.append(f"Below the text: {below}")
    return " ".join(notes) or None


def new_words(mail: Mail, *, proven: bool = False) -> str:
    """Its new text, preceded by the subject if the mail starts a thread and the text does not contain it."""
    if mail.unreadable:
        return ""
    text = mail.text
    if mail.answers_us or proven or not mail.subject or mail.subject.casefold() in text.casefold():
        return text
    return f"{mail.subject}\n\n{text}".strip()


def unshown(mail: Mail) -> tuple[Unshown, ...]:
    """The attachments that cannot be shown: their author is told, and an agent sees their names."""
    named = [Unshown(_kind(one.content_type, one.name or ""), clean_name(one.name)) for one in mail.files]
    more = [Unshown("more_photos")] if "images" in mail.unread else []
    more += [Unshown("photo")] if "image_bytes" in mail.unread else []
    return (*named, *more)


def _kind(content_type: str, name: str) -> UnshownKind:
    if name.lower().endswith((".asc", ".pgp", ".gpg")):
        return "signed"
    if content_type in KINDS:
        return KINDS[content_type]
    main = content_type.partition("/")[0]
    return _KINDS.get(main, "document")


KINDS: Mapping[str, UnshownKind] = {
    "text/calendar": "calendar",
    "application/ics": "calendar",
    "text/vcard": "contact",
    "text/x-vcard": "contact",
    "text/directory": "contact",
    "application/pkcs7-mime": "signed",
    "application/x-pkcs7-mime": "signed",
    "application/pgp-encrypted": "signed",
    "message/rfc822": "message",
}
"""What people attach besides documents."""
