"""Passes a mail from the listener to the desk: read in the child process, signed, and delivered as JSON.

The signature prevents anyone else from posting a mail to the inbox's webhook.
"""

from collections.abc import Awaitable, Callable
from dataclasses import replace

import msgspec

from channels.base import Webhook
from channels.kit.signatures import Signature
from channels.mail.imap import Mailbox
from channels.mail.reader import MailReader
from channels.mail.reading.limits import HEADER_BYTES, Unreadable
from channels.mail.reading.mail import Mail

ARRIVAL = "x-civicdesk-mail"  # <UIDVALIDITY>.<UID>; the gateway strips it from outside requests
ARRIVAL_SIGNATURE = "x-civicdesk-mail-signature"


class Arrivals:
    """Processes each mail of a mailbox (listen.Handling)."""

    def __init__(
        self, reader: MailReader, signature: Signature, take: Callable[[Webhook], Awaitable[None]]
    ) -> None:
        self._reader = reader
        self._signature = signature
        self._take = take

    async def take(self, mailbox: Mailbox, uid: int) -> bool:
        """Read the mail and deliver it. False if it is gone. Raises what reader, mailbox and desk raise."""
        fetched = await mailbox.fetch(uid)
        if fetched is None:
            return False
        await self._hand_over(mailbox, uid, await self._reader.read(fetched))
        return True

    async def tell(self, mailbox: Mailbox, uid: int, reason: Unreadable) -> bool:
        """Deliver only its headers, so that an agent knows about it."""
        fetched = await mailbox.fetch(uid, "HEADER", HEADER_BYTES)
        if fetched is None:
            return False
        mail = replace(await self._reader.read(fetched), text="", unread=(), unreadable=reason)
        await self._hand_over(mailbox, uid, mail)
        return True

    async def _hand_over(self, mailbox: Mailbox, uid: int, mail: Mail) -> None:
        await self._take(arrival(f"{mailbox.validity}.{uid}", mail, self._signature))


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
