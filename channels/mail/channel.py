"""E-mail: receives from a mailbox over IMAP and answers over SMTP, both encrypted unless the server is this
machine.

A mail is read in a child process (channels/mail/reader.py) before it is passed on: `parse` gets the result as
JSON.

A contact is an address, which anyone can write into a mail. `Inbound.email` is set only if our own mail
server reported a DMARC pass, or if the mail contains a signed token that we gave to this very address;
`thread["verified"]` says which. Replies always go to the address in From, which is the one that was checked,
never to Reply-To.
"""

import hashlib
import re
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from typing import ClassVar

import msgspec

from channels.base import (
    Capabilities,
    Finding,
    Inbound,
    MalformedPayload,
    MediaRef,
    MediaSource,
    Outbound,
    Request,
    RetryLater,
    Sent,
    Setting,
    Tries,
    Undeliverable,
    Webhook,
)
from channels.kit.allowance import OwnAllowance
from channels.kit.setup import ChannelSetup
from channels.kit.text import numbered
from channels.mail.arrival import ARRIVAL, Arrivals, check
from channels.mail.check import look
from channels.mail.imap import AWAY, MailboxRefused
from channels.mail.inbounds import inbounds
from channels.mail.inbox import SETTINGS, mail_inbox
from channels.mail.listen import Listener, Patience
from channels.mail.pictures import own_pictures
from channels.mail.reader import MailReader, ReaderDied, TooCostly
from channels.mail.reading.mail import Mail
from channels.mail.robots import ANSWERS_AN_HOUR
from channels.mail.write import compose, html_page, references, subject_line

TEXT_LENGTH = 100_000  # e-mail itself has no limit; our texts are far shorter


class EmailChannel:
    """One mailbox."""

    name: ClassVar[str] = "email"
    capabilities: ClassVar[Capabilities] = Capabilities(
        text_length=TEXT_LENGTH, images=True, images_out=True, joins=True
    )
    settings: ClassVar[tuple[Setting, ...]] = SETTINGS

    def __init__(
        self,
        setup: ChannelSetup,
        clock: Callable[[], datetime] = lambda: datetime.now(UTC),
        patience: Patience = Patience(),  # noqa: B008  (it is frozen)
    ) -> None:
        self._setup, self._clock, self._patience = setup, clock, patience
        self._mail = mail_inbox(setup)
        self._threads = self._mail.threads
        self._allowance = setup.allowance or OwnAllowance()

    async def listen(self, take: Callable[[Webhook], Awaitable[None]], tries: Tries) -> None:
        """Runs until cancelled. We sign each mail, so that nobody else can post one to the inbox's webhook."""
        async with self._reader() as reader:
            handling = Arrivals(reader, self._mail.arrivals, take, self._threads.address)
            await Listener(self._mail.account, handling, tries, self._setup.inbox, self._patience).run()

    def verify(self, request: Webhook) -> None:
        """Only our own listener delivers mails. What a mail claims about its sender is evaluated in `parse`."""
        check(request, self._mail.arrivals)

    def parse(self, request: Webhook) -> list[Inbound]:
        """One mail: a message, a delivery report about one of ours, or something that must not be answered."""
        try:
            mail = msgspec.json.decode(request.body, type=Mail)
        except msgspec.DecodeError:
            raise MalformedPayload("this is no mail that we have read") from None
        return inbounds(mail, request.headers.get(ARRIVAL, ""), self._mail)

    def withholds(self, message: Outbound) -> bool:
        """An automatic answer to a mail from a mailing list: everybody on the list might get it, and answer it."""
        return not message.human and bool(message.thread.get("quiet"))

    def render(self, message: Outbound) -> list[Request]:
        """One mail of any length. Choices are numbered in the text and a list in the HTML."""
        titles = [button.title for button in message.buttons]
        links = [ref for ref in message.media if ref.url]
        token = self._threads.token(message.message_id, message.contact)
        answered = message.thread.get("message_id", "")
        subject = subject_line(
            message.thread.get("subject") if message.thread else None, message.subject, message.language
        )
        payload: dict[str, object] = {
            "to": message.contact,
            "message_id": self._threads.message_id(token),
            "reply_to": self._threads.reply_address(token),
            "subject": subject,
            "references": references(message.thread.get("references", ""), answered),
            "text": numbered(message.text, titles) + "\n",
            "html": html_page(message.text, titles, message.language, subject),
            "language": message.language,
            "automatic": not message.human,
            "images": [
                {"url": ref.url, "type": ref.content_type, "name": ref.name or "photo"} for ref in links
            ],
        }
        return [Request("mail", payload)]

    async def send(self, request: Request, key: str) -> Sent:
        """Send it. The Message-ID is the same at every attempt, so a recipient with the first copy recognises
        a second."""
        mail = request.payload
        recipient = str(mail["to"])
        if mail["automatic"] and not await self._may_answer(recipient, key):
            raise Undeliverable(
                "too many automatic answers to one address within an hour: perhaps a robot", "loop"
            )
        try:
            data = compose(
                mail,
                self._threads.address,
                self._mail.name,
                self._clock(),
                await own_pictures(self._setup.http, self._setup.public_url, mail["images"]),
            )
        except (ValueError, IndexError, AttributeError):  # what the library raises for a bad address
            raise Undeliverable("this address cannot be written into a mail", "address") from None
        await self._mail.server.deliver(str(mail["reply_to"]), recipient, data)
        return Sent(str(mail["message_id"]))

    async def _may_answer(self, recipient: str, key: str) -> bool:
        """False if this looks like a loop with an undeclared robot. All workers share the count."""
        # The address itself must not appear outside the database.
        digest = hashlib.sha256(recipient.lower().encode("utf-8", "surrogatepass")).hexdigest()
        return await self._allowance.may(f"mail:{self._setup.inbox}:{digest}", key, ANSWERS_AN_HOUR, 3_600.0)

    async def media(self, ref: MediaRef) -> MediaSource:
        """A picture, read again from the mailbox, where every mail stays."""
        validity, uid, number = _place(ref.id)
        try:
            async with self._reader() as reader, self._mail.account.open() as mailbox:
                fetched = await mailbox.fetch(uid) if mailbox.validity == validity else None
                image = await reader.image(fetched, number) if fetched else None
        except (TooCostly, ReaderDied) as error:
            raise Undeliverable(f"the mail cannot be read ({error})") from None
        except (MailboxRefused, *AWAY) as error:
            raise RetryLater(f"the mailbox is away ({type(error).__name__})") from None
        if image is None:
            raise Undeliverable("the mail is no longer in its mailbox")
        return MediaSource("", (), content=image)

    async def check(self, webhook_url: str) -> list[Finding]:
        """Sign in to both servers. Changes nothing."""
        return await look(self._mail.account, self._mail.server, self._mail.authority, self._patience.poll)

    @asynccontextmanager
    async def _reader(self) -> AsyncIterator[MailReader]:
        if self._setup.mail_reader is not None:
            yield self._setup.mail_reader
            return
        own = MailReader()
        try:
            yield own
        finally:
            await own.close()


def _place(media_id: str) -> tuple[int, int, int]:
    found = re.fullmatch(r"([0-9]{1,10})\.([0-9]{1,10})\.([0-9]{1,3})", media_id)
    if not found:
        raise Undeliverable("this is no picture of a mail")
    return int(found[1]), int(found[2]), int(found[3])
