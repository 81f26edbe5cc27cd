"""A mailbox over IMAP (RFC 3501, IDLE RFC 2177), by UID: finds new mails and marks the stored ones.

IMAPClient blocks, so each command runs in a thread; during IDLE the event loop watches the socket and no
thread waits.
"""

import asyncio
import contextlib
import socket
import ssl
from collections.abc import AsyncIterator, Callable, Container
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import TypeVar

from imapclient import IMAPClient, SocketTimeout
from imapclient.exceptions import IMAPClientAbortError, IMAPClientError, LoginError

from channels.mail.reading.limits import MAIL_BYTES

CONNECT_SECONDS, COMMAND_SECONDS = 10.0, 60.0
IMPLICIT_TLS_PORT = 993
PIECE = 4 * 1024 * 1024
"""Bytes fetched at a time: the worker never holds more of a mail than this."""
MOST_UNSEEN = 500
"""Mails processed in one round, so that a flooded mailbox does not fill the memory."""
UNTRUSTED = "the mail server's certificate is not to be trusted"
AWAY = (IMAPClientError, OSError)
LOST = (IMAPClientAbortError, OSError)
"""The connection is gone. Any other IMAPClientError is an answer (NO, BAD) to one command, and the next one may work."""
T = TypeVar("T")


class MailboxRefused(Exception):
    """User, password or folder is refused, or there is no encryption: waiting will not fix it."""


@dataclass(frozen=True, slots=True)
class Account:
    """Where the mails are. TLS is required unless the server is this machine itself."""

    host: str
    port: int
    user: str
    password: str = field(repr=False)
    folder: str = "INBOX"
    tls: bool = True

    @asynccontextmanager
    async def open(self) -> AsyncIterator["Mailbox"]:
        """Sign in and select the folder. Raises MailboxRefused, or one of AWAY."""
        try:
            client = await asyncio.to_thread(self._connect)
        except ssl.SSLCertVerificationError:
            raise MailboxRefused(UNTRUSTED) from None
        mailbox = Mailbox(client, 0)
        try:
            mailbox = Mailbox(client, await mailbox.call(lambda: self._enter(client)))
            yield mailbox
        finally:
            await asyncio.shield(asyncio.to_thread(_leave, client))

    def _connect(self) -> IMAPClient:
        implicit = self.port == IMPLICIT_TLS_PORT
        return IMAPClient(
            self.host, self.port, ssl=implicit, timeout=SocketTimeout(CONNECT_SECONDS, COMMAND_SECONDS)
        )

    def _enter(self, client: IMAPClient) -> int:
        if self.tls and self.port != IMPLICIT_TLS_PORT:
            if not client.has_capability("STARTTLS"):
                raise MailboxRefused("the mail server offers no encryption (STARTTLS)")
            try:
                client.starttls()
            except ssl.SSLCertVerificationError:
                raise MailboxRefused(UNTRUSTED) from None
        try:
            client.login(self.user, self.password)
        except LoginError:
            raise MailboxRefused("the mail server refuses user or password") from None
        try:
            selected = client.select_folder(self.folder)
        except IMAPClientError:
            raise MailboxRefused(f"there is no folder {self.folder}") from None
        return int(selected[b"UIDVALIDITY"])


class Fetched:
    """A mail, fetched piece by piece on demand. `cut`: the mail is longer than `most` bytes.

    RFC822.SIZE is not used: some servers only estimate it.
    """

    def __init__(self, mailbox: "Mailbox", uid: int, section: str, most: int, first: bytes) -> None:
        self._mailbox, self._uid, self._section, self._most = mailbox, uid, section, most
        self._first = first
        self.cut = False

    async def __aiter__(self) -> AsyncIterator[bytes]:
        piece, done = self._first, len(self._first)
        self._first = b""
        yield piece
        while len(piece) >= PIECE or (done >= self._most and piece):
            wanted = min(PIECE, self._most - done)
            # One byte beyond the limit tells whether there is more.
            found = await self._mailbox.piece(self._uid, self._section, done, max(wanted, 1))
            piece = found or b""
            if wanted < 1:
                self.cut = bool(piece)
                return
            done += len(piece)
            yield piece


class Mailbox:
    """An open folder. `validity` is its UIDVALIDITY: with another one, a UID names another mail."""

    def __init__(self, client: IMAPClient, validity: int) -> None:
        self._client = client
        self.validity = validity

    async def idles(self) -> bool:
        """Whether the server supports IDLE."""
        return bool(await self.call(lambda: self._client.has_capability("IDLE")))

    async def unseen(self, without: Container[int] = ()) -> list[int]:
        """The UIDs of unseen mails, oldest first, without those that were given up."""
        found = await self.call(lambda: self._client.search(["UNSEEN", "UNDELETED", "UNFLAGGED"]))
        return sorted(int(uid) for uid in found if int(uid) not in without)[:MOST_UNSEEN]

    async def fetch(self, uid: int, section: str = "", most: int = MAIL_BYTES) -> "Fetched | None":
        """The mail, or a section of it such as HEADER, without marking it as seen; None if it is gone."""
        first = await self.piece(uid, section, 0, min(PIECE, most))
        return None if first is None else Fetched(self, uid, section, most, first)

    async def piece(self, uid: int, section: str, start: int, length: int) -> bytes | None:
        """`length` bytes from `start`, fewer at the end; None if the mail is gone."""
        wanted = f"BODY.PEEK[{section}]<{start}.{length}>"
        got = await self.call(lambda: self._client.fetch([uid], [wanted]))
        for name, value in got.get(uid, {}).items():
            if name.startswith(f"BODY[{section}]".encode()):
                return value[:length] if isinstance(value, bytes) else b""  # past the end: NIL
        return None

    async def seen(self, uid: int) -> None:
        """Mark it as stored: it is never returned again."""
        await self.call(lambda: self._client.add_flags([uid], [b"\\Seen"]))

    async def set_aside(self, uid: int) -> None:
        """It cannot be processed: flag it for a person, and do not read it again."""
        await self.call(lambda: self._client.add_flags([uid], [b"\\Flagged"]))

    async def wait(self, seconds: float) -> None:
        """Wait until the server has news, or for `seconds`. Just sleeps if the server has no IDLE."""
        if not await self.idles():
            await asyncio.sleep(seconds)
            return
        news = asyncio.Event()
        await self.call(self._client.idle)
        loop, handle = asyncio.get_running_loop(), self._client.socket().fileno()
        loop.add_reader(handle, news.set)
        try:
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(seconds):
                    await news.wait()
        finally:
            loop.remove_reader(handle)
        await self.call(self._client.idle_done)

    async def call(self, command: Callable[[], T]) -> T:
        """Run one command in a thread. When cancelled, shuts the socket to end the command, and waits for the
        thread."""
        task = asyncio.ensure_future(asyncio.to_thread(command))
        try:
            return await asyncio.shield(task)
        except asyncio.CancelledError:
            with contextlib.suppress(OSError):
                self._client.socket().shutdown(socket.SHUT_RDWR)
            await asyncio.wait({task})
            if not task.cancelled():
                task.exception()
            raise


def _leave(client: IMAPClient) -> None:
    with contextlib.suppress(*AWAY, AttributeError):
        client.shutdown()
