"""Converts a parsed mail for the desk: to a message, a delivery report about one of ours, or an ignored event
with the headers that decided and the message that it would have been."""

from dataclasses import replace
from typing import Literal

from channels.base import Inbound, MediaRef
from channels.kit.phrases import primary
from channels.mail.bounce import read_bounce
from channels.mail.inbox import MailInbox
from channels.mail.reading.limits import REASONS
from channels.mail.reading.mail import Mail
from channels.mail.reading.sender import read_sender
from channels.mail.received import authenticated, deciding, new_words, note_on, unshown
from channels.mail.robots import Machine, from_list, robot


def inbounds(mail: Mail, place: str, inbox: MailInbox) -> list[Inbound]:
    """The inbound events of the mail. `place` is its place in the mailbox: <UIDVALIDITY>.<UID>."""
    if mail.report is not None and (bounced := _bounced(mail, place, inbox)):
        return bounced
    mail = _by_its_author(mail, inbox)
    machine = robot(mail, inbox.lists)
    if not mail.sender:
        machine = Machine("no single sender", "From", mail.headers.get("from", ""))
    elif inbox.threads.ours(mail.sender):
        machine = Machine("from ourselves", "From", mail.sender)
    message = _message(mail, place, inbox)
    if mail.unreadable:
        # A message if its author is known: the author is told, and a person sees it.
        kind: Literal["message", "ignored"] = "message" if machine is None else "ignored"
        evidence = {"Place in the mailbox": place} | deciding(mail)
        return [replace(message, kind=kind, reason=REASONS[mail.unreadable], raw=mail.raw, evidence=evidence)]
    if machine is None:
        return [message]
    evidence = {machine.header: machine.value[:500]} | deciding(mail)
    # Nobody can take it by hand, for there is nobody to answer: an agent can read it in the list.
    raw = None if mail.sender else message.text
    return [replace(message, kind="ignored", reason=machine.reason, evidence=evidence, raw=raw)]


def _by_its_author(mail: Mail, inbox: MailInbox) -> Mail:
    """A mail through one of the city's lists that writes its own address into From ("Ana via Help"): with the address of
    who wrote it, which nothing proves."""
    listed = {one.lower() for one in inbox.lists}
    rewritten = (
        inbox.threads.ours(mail.sender) or mail.sender in listed or mail.sender in mail.recipients.lower()
    )
    if not (mail.sender and rewritten and from_list(mail, inbox.lists)):
        return mail
    for name in ("x-original-from", "x-original-sender", "reply-to"):
        author = (
            read_sender([mail.headers[name].encode("utf-8", "replace")]) if name in mail.headers else None
        )
        if (
            author
            and author.address
            and author.address not in listed
            and not inbox.threads.ours(author.address)
        ):
            return replace(mail, sender=author.address, name=author.name or mail.name, odd_sender=True)
    return mail


def _message(mail: Mail, place: str, inbox: MailInbox) -> Inbound:
    sender = mail.sender
    token = inbox.threads.proven([mail.recipients, *mail.references], sender) if sender else None
    verified = "thread" if token else "dmarc" if sender and authenticated(mail, inbox.authority) else ""
    quiet = {"quiet": "list"} if from_list(mail, inbox.lists) else {}
    text = new_words(mail, proven=bool(token))
    media = tuple(
        MediaRef(f"{place}.{image.number}", image.content_type, image.name) for image in mail.images
    )
    return Inbound(
        # If it can be read later, once a person has removed its flag, it is a different message.
        external_id=f"{mail.external_id}:unreadable" if mail.unreadable else mail.external_id,
        contact=sender,
        kind="message",
        text=text or None,
        media=media,
        name=mail.name,
        language=primary(mail.headers.get("content-language")),
        sent_at=mail.sent_at,
        email=sender if verified else None,
        proven=bool(verified),
        thread={
            "message_id": mail.message_id or "",
            "references": " ".join(mail.references),
            "subject": mail.subject,
            "verified": verified,
            "answers": token or "",
            **quiet,
        },
        # Possibly nothing but a PDF attachment: the desk replies that it cannot be read.
        reason=None if text or media else "a mail without anything we can read",
        note=note_on(mail, quiet=bool(quiet)),
        unshown=unshown(mail),
    )


def _bounced(mail: Mail, place: str, inbox: MailInbox) -> list[Inbound]:
    """Nothing if a person sent the report along."""
    bounce = read_bounce(mail, inbox.threads)
    if bounce is None and mail.sender and robot(mail, inbox.lists) is None:
        return []
    if bounce is None or bounce.outcome == "delayed":
        reason = "delayed" if bounce else "a report about no mail of ours"
        evidence = {"From": mail.sender} | deciding(mail)
        message = _message(mail, place, inbox)
        return [
            replace(
                message,
                kind="ignored",
                reason=reason,
                evidence=evidence,
                raw=None if mail.sender else message.text,
            )
        ]
    sent = inbox.threads.message_id(bounce.token)
    status = f"DSN {bounce.status}"
    found = [
        Inbound(mail.external_id, bounce.contact, "receipt", receipt=(sent, bounce.outcome), reason=status)
    ]
    if bounce.gone:
        gone = f"{mail.external_id}:unreachable"
        found.append(Inbound(gone, bounce.contact, "contact", change="unreachable", reason=status))
    return found
