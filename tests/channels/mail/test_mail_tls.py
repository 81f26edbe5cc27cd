"""Mail over TLS: with a trusted certificate everything works, with any other nothing is sent."""

import shutil
import ssl
import subprocess
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

from channels.errors import InboxBroken
from channels.mail import imap as mail_imap
from channels.mail import smtp as mail_smtp
from channels.mail.imap import Account, MailboxRefused
from channels.mail.smtp import Server
from tests.support.imap_peer import imap_server
from tests.support.mail_side import ADDRESS, CITIZEN, PASSWORD, mail, smtp_server

EXTENSIONS = """
[ca]
basicConstraints=critical,CA:true
keyUsage=critical,keyCertSign
[server]
basicConstraints=critical,CA:false
subjectAltName=DNS:localhost
extendedKeyUsage=serverAuth
"""

both = pytest.mark.parametrize("implicit", [False, True], ids=["STARTTLS", "from the first byte"])


@dataclass(frozen=True)
class Authority:
    """A certificate authority made for the test, and a certificate for the name localhost that it signed."""

    root: Path
    server: Path  # key and certificate

    @property
    def context(self) -> ssl.SSLContext:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(self.server)
        return context


@pytest.fixture(scope="module")
def authority(tmp_path_factory: pytest.TempPathFactory) -> Authority:
    assert shutil.which("openssl"), "There is no openssl on PATH: run `make proxy`, then `make test`"
    folder = tmp_path_factory.mktemp("authority")
    (folder / "extensions").write_text(EXTENSIONS)

    def openssl(*arguments: str) -> None:
        subprocess.run(["openssl", *arguments], cwd=folder, check=True, capture_output=True)

    key = ("-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes")
    openssl("req", *key, "-subj", "/CN=A city's own authority", "-keyout", "ca.key", "-out", "ca.csr")
    openssl("x509", "-req", "-in", "ca.csr", "-signkey", "ca.key", "-days", "2", "-extfile", "extensions", "-extensions", "ca", "-out", "ca.pem")  # fmt: skip
    openssl("req", *key, "-subj", "/CN=mail", "-keyout", "server.key", "-out", "server.csr")
    openssl("x509", "-req", "-in", "server.csr", "-CA", "ca.pem", "-CAkey", "ca.key", "-CAcreateserial", "-days", "2", "-extfile", "extensions", "-extensions", "server", "-out", "server.crt")  # fmt: skip
    whole = folder / "server.pem"
    whole.write_text((folder / "server.key").read_text() + (folder / "server.crt").read_text())
    return Authority(folder / "ca.pem", whole)


@pytest.fixture
def believed(authority: Authority, monkeypatch: pytest.MonkeyPatch) -> Authority:
    """As an operator makes an authority of the city's own known to the processes."""
    monkeypatch.setenv("SSL_CERT_FILE", str(authority.root))
    return authority


@pytest.fixture
def at_port(monkeypatch: pytest.MonkeyPatch) -> Callable[[int], None]:
    """Makes this port the one at which TLS begins with the first byte: 993 and 465 are not ours to open."""

    def set_port(port: int) -> None:
        monkeypatch.setattr(mail_imap, "IMPLICIT_TLS_PORT", port)
        monkeypatch.setattr(mail_smtp, "IMPLICIT_TLS_PORT", port)

    return set_port


@contextmanager
def mailbox(authority: Authority, *, implicit: bool) -> Iterator[int]:
    with imap_server(PASSWORD, certificate=authority.server, implicit=implicit) as server:
        yield server.port


@both
async def test_a_mail_is_handed_over_encrypted(
    believed: Authority, at_port: Callable[[int], None], implicit: bool
) -> None:
    async with smtp_server(believed.context, implicit=implicit) as server:
        if implicit:
            at_port(server.port)
        there = Server("localhost", server.port, "help", PASSWORD, tls=True)
        await there.look()
        await there.deliver(ADDRESS, CITIZEN, mail("over TLS"))
    (taken,) = server.mails
    assert isinstance(taken.content, bytes) and b"over TLS" in taken.content
    assert server.signed_in == [b"help", b"help"], "the password went through TLS alone"


@both
async def test_a_mailbox_is_read_encrypted(
    believed: Authority, at_port: Callable[[int], None], implicit: bool
) -> None:
    with mailbox(believed, implicit=implicit) as port:
        if implicit:
            at_port(port)
        async with Account("localhost", port, "help", PASSWORD, tls=True).open() as box:
            assert await box.unseen() == []
            assert type(box._client.socket()) is ssl.SSLSocket
            await box.call(lambda: box._client.append("INBOX", mail("over TLS")))
            (uid,) = await box.unseen()
            assert b"over TLS" in (await box.piece(uid, "", 0, 10_000) or b"")
            await box.seen(uid)
            await box.wait(0.05)
            assert await box.unseen() == []


@pytest.mark.parametrize("host", ["localhost", "127.0.0.1"], ids=["unknown authority", "another name"])
@both
async def test_an_untrusted_certificate_gets_no_password(
    authority: Authority,
    at_port: Callable[[int], None],
    monkeypatch: pytest.MonkeyPatch,
    implicit: bool,
    host: str,
) -> None:
    if host == "127.0.0.1":
        # The authority is known; the certificate is for somebody else.
        monkeypatch.setenv("SSL_CERT_FILE", str(authority.root))
    async with smtp_server(authority.context, implicit=implicit) as server:
        if implicit:
            at_port(server.port)
        with pytest.raises(InboxBroken, match="certificate"):
            await Server(host, server.port, "help", PASSWORD, tls=True).deliver(ADDRESS, CITIZEN, b"x")
    assert server.signed_in == [] and server.mails == []
    with mailbox(authority, implicit=implicit) as port:
        if implicit:
            at_port(port)
        with pytest.raises(MailboxRefused, match="certificate"):
            async with Account(host, port, "help", PASSWORD, tls=True).open():
                raise AssertionError("it was believed")
