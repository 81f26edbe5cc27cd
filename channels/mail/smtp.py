"""Sends one mail to the SMTP server and interprets its answers.

Codes: RFC 5321 section 4.2, RFC 3463. A 4xx is temporary, a 5xx permanent; the stage at which it occurred
tells what it is about.
"""

import contextlib
import re
import ssl
from dataclasses import dataclass, field

import aiosmtplib

from channels.errors import ChannelError, InboxBroken, RetryLater, Undeliverable, Unreachable
from channels.kit import calls

IMPLICIT_TLS_PORT = 465
FULL = re.compile(r"\b[45]\.2\.2\b")  # mailbox full: possibly temporary
POLICY = re.compile(r"\b5\.7\.\d+\b")  # refused for its content, not for its recipient
GOODBYE_SECONDS = 5.0
BUSY_SECONDS = 60.0
FULL_SECONDS = 3_600.0


@dataclass(frozen=True, slots=True)
class Server:
    """The server that sends our mails. TLS is required unless the server is this machine itself."""

    host: str
    port: int
    user: str
    password: str = field(repr=False)
    tls: bool = True

    async def deliver(self, sender: str, recipient: str, data: bytes) -> None:
        """Send one mail. Raises RetryLater, Unreachable, Undeliverable or InboxBroken."""
        client = self._client()
        written = False
        try:
            await self._enter(client)
            international = not (sender + recipient).isascii()
            if international:
                await _need_international(client)
            coding = "utf-8" if international else "ascii"
            await client.mail(
                sender, options=["SMTPUTF8", "BODY=8BITMIME"] if international else [], encoding=coding
            )
            await client.rcpt(recipient, encoding=coding)
            written = True
            await client.data(data)
            with contextlib.suppress(aiosmtplib.SMTPException, TimeoutError, OSError):
                await client.quit(timeout=GOODBYE_SECONDS)  # the mail is already accepted
        except aiosmtplib.SMTPResponseException as error:
            raise _meaning(error) from None
        except (aiosmtplib.SMTPException, TimeoutError, OSError) as error:
            # The server accepts a mail by answering its last line: without that answer the outcome is
            # unknown.
            raise RetryLater(
                f"the mail server did not answer ({type(error).__name__})", accepted_unknown=written
            ) from None
        except UnicodeEncodeError:
            raise Undeliverable("this address cannot be written", "address") from None
        finally:
            client.close()

    async def look(self) -> None:
        """Connect and sign in, nothing more. Raises as `deliver` does."""
        client = self._client()
        try:
            await self._enter(client)
        except aiosmtplib.SMTPResponseException as error:
            raise _meaning(error) from None
        except (aiosmtplib.SMTPException, TimeoutError, OSError) as error:
            raise RetryLater(f"the mail server did not answer ({type(error).__name__})") from None
        finally:
            client.close()

    def _client(self) -> aiosmtplib.SMTP:
        implicit = self.port == IMPLICIT_TLS_PORT
        return aiosmtplib.SMTP(
            hostname=self.host,
            port=self.port,
            use_tls=implicit,
            start_tls=False,
            timeout=calls.TOTAL_SECONDS,
        )

    async def _enter(self, client: aiosmtplib.SMTP) -> None:
        try:
            await client.connect()
            if self.tls and self.port != IMPLICIT_TLS_PORT:
                await client.ehlo()
                if not client.supports_extension("starttls"):
                    raise InboxBroken("the mail server offers no encryption (STARTTLS)", "tls")
                await client.starttls()
        except (ssl.SSLCertVerificationError, aiosmtplib.SMTPConnectError) as error:
            if isinstance(error, ssl.SSLCertVerificationError) or isinstance(
                error.__cause__, ssl.SSLCertVerificationError
            ):
                raise InboxBroken("the mail server's certificate is not to be trusted", "tls") from None
            raise
        if self.user:
            await client.login(self.user, self.password)


async def _need_international(client: aiosmtplib.SMTP) -> None:
    """Raises Undeliverable if the server cannot send to an address with letters outside ASCII (RFC 6531)."""
    if client.is_ehlo_or_helo_needed:
        await client.ehlo()
    if not client.supports_extension("smtputf8"):
        raise Undeliverable(
            "our mail server cannot send to addresses with letters like å (SMTPUTF8)", "address"
        )


def _meaning(error: aiosmtplib.SMTPResponseException) -> ChannelError:
    """What a refusal means. The server's text is not kept: it may quote the mail."""
    code = str(error.code)
    if isinstance(error, aiosmtplib.SMTPAuthenticationError):
        if error.code >= 500:
            return InboxBroken("the mail server refuses user or password", code)
        return RetryLater("the mail server cannot check the password now", BUSY_SECONDS, scope="inbox")
    if isinstance(error, aiosmtplib.SMTPRecipientRefused):
        if FULL.search(error.message) or error.code == 552:
            return RetryLater(f"the mailbox is full ({code})", FULL_SECONDS, most=24)
        if error.code < 500:
            return RetryLater(f"the mail server wants to be asked later ({code})", BUSY_SECONDS)
        if error.code in (550, 551, 553) and not POLICY.search(error.message):
            return Unreachable("there is no such mailbox", code)
        return Undeliverable("the mail server refuses the recipient", code)
    if error.code < 500:
        return RetryLater(f"the mail server is busy ({code})", BUSY_SECONDS, scope="inbox")
    if isinstance(error, aiosmtplib.SMTPSenderRefused):
        return InboxBroken("the mail server refuses our own address as sender", code)
    if isinstance(error, aiosmtplib.SMTPDataError):
        return Undeliverable("the mail server refuses the mail", code)
    if error.code == 530:
        return InboxBroken("the mail server wants a user and a password", code)
    return InboxBroken("the mail server refuses us", code)
