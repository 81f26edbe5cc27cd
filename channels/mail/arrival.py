"""Passes a mail from the listener to the desk: read in the child process, signed, and delivered as JSON.

The signature prevents anyone else from posting a mail to the inbox's webhook.
"""

import hashlib
from collections.abc import Awaitable, Callable
from dataclasses import replace

import msgspec
import structlog
from imapclient.exceptions import IMAPClientError

from channels.base import Webhook
from channels.errors import MalformedPayload, RetryLater
from channels.kit.signatures import Signature
from channels.kit.text import clean_text
from channels.mail.imap import LOST, Mailbox
from channels.mail.reader import MailReader, ReaderDied, TooCostly
from channels.mail.reading.limits import HEADER_BYTES, RAW_BYTES, Unreadable
from channels.mail.reading.mail import Mail

log = structlog.get_logger("email")

ARRIVAL = "x-civicdesk-mail"  # <UIDVALIDITY>.<UID>; the gateway strips it from outside requests
ARRIVAL_SIGNATURE = "x-civicdesk-mail-signature"


class Arrivals:
    """Processes each mail of a mailbox (listen.Handling)."""

    def __init__(
        self,
        reader: MailReader,
        signature: Signature,
        take: Callable[[Webhook], Awaitable[None]],
        own: str = "",
    ) -> None:
        self._reader = reader
        self._own = own
        self._signature = signature
        self._take = take

    async def take(self, mailbox: Mailbox, uid: int) -> bool:
        """Read the mail and deliver it. False if it is gone. Raises what reader, mailbox and desk raise."""
        fetched = await mailbox.fetch(uid)
        if fetched is None:
            return False
        await self._hand_over(mailbox, uid, await self._reader.read(fetched, self._own))
        return True

    async def tell(self, mailbox: Mailbox, uid: int, reason: Unreadable) -> bool:
        """Deliver its headers and its beginning, so that an agent knows about it. If the server does not give
        even those, or a header cannot be read, deliver only the mail's place in the mailbox."""
        known = await self._header(mailbox, uid)
        raw = await self._begin(mailbox, uid)
        mail = known or _unknown(f"{mailbox.validity}.{uid}")
        await self._hand_over(
            mailbox,
            uid,
            replace(
                mail, text="", unread=(), unreadable=reason, raw=raw or "", files=(), signature="", images=()
            ),
        )
        return True

    async def _header(self, mailbox: Mailbox, uid: int) -> Mail | None:
        try:
            fetched = await mailbox.fetch(uid, "HEADER", HEADER_BYTES)
            return None if fetched is None else await self._reader.read(fetched, self._own)
        except (*LOST, RetryLater):
            raise
        except (IMAPClientError, TooCostly, ReaderDied, MalformedPayload) as error:
            log.warning("mail_header_unreadable", uid=uid, error=type(error).__name__)
            return _unknown(f"{mailbox.validity}.{uid}")

    async def _begin(self, mailbox: Mailbox, uid: int) -> str | None:
        """The first bytes of the mail as text, unparsed."""
        try:
            piece = await mailbox.piece(uid, "", 0, RAW_BYTES)
        except LOST:
            raise
        except IMAPClientError:
            return ""
        return None if piece is None else clean_text(piece.decode("utf-8", "replace"))

    async def _hand_over(self, mailbox: Mailbox, uid: int, mail: Mail) -> None:
        await self._take(arrival(f"{mailbox.validity}.{uid}", mail, self._signature))


def _unknown(place: str) -> Mail:
    """A mail of which only the place in the mailbox is known."""
    digest = hashlib.sha256(f"unread {place}".encode()).hexdigest()
    return Mail({}, "", None, "", "", None, (), None, "", (), digest)


def arrival(place: str, mail: Mail, signature: Signature) -> Webhook:
    """The request to deliver. `place` is where the mail is: <UIDVALIDITY>.<UID>."""
    body = msgspec.json.encode(mail)
    return Webhook({ARRIVAL: place, ARRIVAL_SIGNATURE: signature.of(_signed(place, body))}, body)


def check(request: Webhook, signature: Signature) -> None:
    """Raises NotAuthentic for a request that `arrival` did not make."""
    place = request.headers.get(ARRIVAL, "")
    signature.check(_signed(place, request.body), request.headers.get(ARRIVAL_SIGNATURE))


def _signed(place: str, body: bytes) -> bytes:
    return b"arrival " + place.encode("utf-8", "surrogatepass") + b"\n" + body
