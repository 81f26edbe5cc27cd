"""The other side of the e-mail tests: aiosmtpd takes our mails over a real socket, in each way a server can."""

import asyncio
import email
import email.policy
import ssl
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from email.message import EmailMessage
from pathlib import Path
from typing import Any

import aiohttp
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, Session

from channels.base import Inbound, MalformedPayload, Outbound, Webhook
from channels.kit.setup import ChannelSetup
from channels.kit.signatures import Signature
from channels.mail import arrival as mail_arrival
from channels.mail.channel import EmailChannel
from channels.mail.listen import Patience
from channels.mail.reader import MailReader
from channels.mail.reading.parse import read_mail
from channels.mail.thread import Threads
from tests.support.waiting import forever

SECRET = "a-thread-secret-of-the-tests"
PASSWORD = "a-password-of-the-tests"
ADDRESS = "help@lindenport.example"
CITIZEN = "ana.diaz@mail.example"
PUBLIC = "https://desk.lindenport.example"
AUTHORITY = "mx.lindenport.example"
FIXTURES = Path(__file__).parents[1] / "fixtures" / "email"
SETTINGS = {
    "address": ADDRESS,
    "name": "City of Lindenport",
    "imap_host": "127.0.0.1",
    "imap_port": "9",
    "imap_folder": "INBOX",
    "smtp_host": "127.0.0.1",
    "smtp_port": "9",
    "user": "help",
    "password": PASSWORD,
    "thread_secret": SECRET,
    "subaddress": "+",
    "authority": AUTHORITY,
    "lists": "",
}


async def nobody(_: str) -> None: ...


def channel(
    http: aiohttp.ClientSession | None = None,
    *,
    public_url: str = PUBLIC,
    patience: Patience | None = None,
    reader: MailReader | None = None,
    **settings: str,
) -> EmailChannel:
    """An e-mail inbox."""
    setup = ChannelSetup(nobody, {**SETTINGS, **settings}, "email", public_url, http, mail_reader=reader)
    return EmailChannel(setup, patience=patience or Patience())


def fixture(name: str) -> bytes:
    return (FIXTURES / f"{name}.eml").read_bytes()


def arrival(raw: bytes, place: str = "7.42", secret: str = SECRET) -> Webhook:
    """A mail as our listener hands it over; it is read in this process."""
    try:
        read = read_mail(raw, own=ADDRESS)
    except ValueError:
        raise MalformedPayload("this is no mail") from None
    return mail_arrival.arrival(place, read, Signature(secret))


def mail(body: str = "Hello", **headers: str) -> bytes:
    """A plain mail; a header's name has underscores for hyphens, an empty value leaves it out."""
    given = {
        "From": f"Ana <{CITIZEN}>",
        "To": ADDRESS,
        "Message-ID": "<m1@mail.example>",
        "Content-Type": "text/plain; charset=utf-8",
        **{name.replace("_", "-"): value for name, value in headers.items()},
    }
    lines = [f"{name}: {value}" for name, value in given.items() if value]
    return "\r\n".join([*lines, "", *body.split("\n")]).encode("utf-8", "surrogateescape")


@dataclass
class Taken:
    """What the server took, and what it answers: a line instead of its own, by command."""

    port: int = 0
    mails: list[Envelope] = field(default_factory=list)
    answers: dict[str, str] = field(default_factory=dict)
    silent: bool = False
    signed_in: list[bytes] = field(default_factory=list)
    heard: Callable[[bytes], None] = lambda raw: None

    async def handle_MAIL(
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        if "MAIL" in self.answers:
            return self.answers["MAIL"]
        if not session.authenticated:
            return "530 5.7.0 Authentication required"
        envelope.mail_from = address
        return "250 OK"

    async def handle_RCPT(
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        if "RCPT" in self.answers:
            return self.answers["RCPT"]
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        if self.silent:
            await forever()
        if "DATA" in self.answers:
            return self.answers["DATA"]
        self.mails.append(envelope)
        assert isinstance(envelope.content, bytes)
        self.heard(envelope.content)
        return "250 OK"

    def authenticate(
        self, server: SMTP, session: Session, envelope: Envelope, mechanism: str, data: Any
    ) -> AuthResult:
        fine = (data.login, data.password) == (b"help", PASSWORD.encode())
        self.signed_in.append(data.login)
        if "AUTH" in self.answers:
            return AuthResult(success=False, handled=False, message=self.answers["AUTH"])
        return AuthResult(success=fine, handled=fine)


@asynccontextmanager
async def smtp_server(
    tls: ssl.SSLContext | None = None, *, implicit: bool = False, international: bool = True
) -> AsyncIterator[Taken]:
    """A submission server on this machine; with `tls` after STARTTLS, or from the first byte (`implicit`).
    `international`: it sends to addresses with letters outside ASCII (SMTPUTF8)."""
    taken = Taken()
    loop = asyncio.get_running_loop()
    sessions: list[SMTP] = []

    def session() -> SMTP:
        sessions.append(
            SMTP(
                taken,
                authenticator=taken.authenticate,
                auth_require_tls=tls is not None and not implicit,
                tls_context=None if implicit else tls,
                hostname="mail.test",
                enable_SMTPUTF8=international,
                loop=loop,
            )
        )
        return sessions[-1]

    server = await loop.create_server(session, "127.0.0.1", 0, ssl=tls if implicit else None)
    taken.port = server.sockets[0].getsockname()[1]
    try:
        yield taken
    finally:
        server.close()
        for one in sessions:  # clients that still wait are disconnected
            if one.transport is not None:
                one.transport.close()
        for _ in range(5):
            await asyncio.sleep(0)
        await server.wait_closed()


MAIL = channel()
OURS = "4b6f3d0e-0000-4000-8000-000000000001"
THREADS = Threads(ADDRESS, SECRET)
TOKEN = THREADS.token(OURS, CITIZEN)


def parse(raw: bytes, by: EmailChannel = MAIL) -> list[Inbound]:
    request = arrival(raw)
    by.verify(request)
    return by.parse(request)


def one(raw: bytes, by: EmailChannel = MAIL) -> Inbound:
    (found,) = parse(raw, by)
    return found


def outbound(text: str = "Hello", **more: Any) -> Outbound:
    return Outbound(OURS, CITIZEN, text, "en", **more)


async def sent(
    server: Taken, message: Outbound, by: EmailChannel | None = None, key: str = f"{OURS}:0"
) -> EmailMessage:
    by = by or channel(smtp_port=str(server.port))
    (request,) = by.render(message)
    await by.send(request, key)
    content = server.mails[-1].content
    assert isinstance(content, bytes)
    got = email.message_from_bytes(content, policy=email.policy.default)
    assert isinstance(got, EmailMessage)
    return got


def part(message: EmailMessage, kind: str) -> str:
    found = message.get_body((kind,))
    assert found is not None
    return str(found.get_content()).replace("\r\n", "\n")
